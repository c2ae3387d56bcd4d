import { WorkflowNotFoundError } from '@temporalio/client';
import { loadClientSettings } from '../config.js';
import { connect } from '../connection.js';
import { ClientError, Exit } from '../errors.js';
import { stdout } from './output.js';

/** `tenantry cancel ID`: asks a run to stop. It waits for the call in flight, then removes what it made. */
export async function cancel(id: string, { reason, json }: { reason: string; json?: boolean }): Promise<number> {
  const settings = loadClientSettings();
  const client = await connect(settings);
  try {
    const { namespace } = settings;
    const handle = client.workflow.getHandle(id);
    const { status } = await handle.describe();
    if (status.name !== 'RUNNING')
      throw new ClientError(
        `${id} has ended (${status.name.toLowerCase()}); there is nothing to cancel.`,
        Exit.refused,
      );
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
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    throw new ClientError(`There is no run ${id}. "tenantry list" shows those there are.`, Exit.refused);
  } finally {
    await client.connection.close();
  }
}
