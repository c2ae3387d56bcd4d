import { userInfo } from 'node:os';
import { WorkflowNotFoundError } from '@temporalio/client';
import { CANCELLING_SIGNAL, type DecisionRequest } from '../../contract/decisions.js';
import { loadClientSettings } from '../../settings/client.js';
import { connect } from '../connection.js';
import { TenantryError } from '../../contract/errors.js';
import { Exit } from './exit-codes.js';
import { explainDecryptionError } from '../../vault/encryption.js';
import { firstInput } from '../first-input.js';
import { stdout } from './output.js';

/** `tenantry cancel ID`: asks a run to stop. It waits for the call in flight, then removes what it made. */
export async function cancel(
  id: string,
  { reason, actor = userInfo().username, json }: { reason: string; actor?: string; json?: boolean },
): Promise<number> {
  const settings = loadClientSettings();
  const client = await connect(settings);
  try {
    const { namespace } = settings;
    const handle = client.workflow.getHandle(id);
    const { status, runId } = await handle.describe();
    if (status.name !== 'RUNNING')
      throw new TenantryError('refused', `${id} has ended (${status.name.toLowerCase()}); there is nothing to cancel.`);
    // a word that is encrypted with other keys than the run's would hold the run up
    await firstInput(client, id, runId);
    await handle.signal<[DecisionRequest]>(CANCELLING_SIGNAL, { actor, reason });
    await client.connection.workflowService.requestCancelWorkflowExecution({
      namespace,
      workflowExecution: { workflowId: id },
      reason,
      identity: client.options.identity,
    });
    stdout(
      json
        ? JSON.stringify({ id, cancelling: true, reason })
        : `${id} is being cancelled. Follow it with: tenantry status ${id}`,
    );
    return Exit.done;
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw explainDecryptionError(id, error) ?? error;
    throw new TenantryError('refused', `There is no run ${id}. "tenantry list" shows those there are.`);
  } finally {
    await client.connection.close();
  }
}
