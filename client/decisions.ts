import { WorkflowNotFoundError, WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { OFFBOARD_CUSTOMER } from '../workflows/offboard-customer/contract.js';
import {
  AMENDMENT_REFUSED,
  DECISION_REFUSED,
  graceChoices,
  type AmendRequest,
  type Choice,
  type Decision,
  type DecisionRequest,
  type ExtendRequest,
  type GraceChoice,
} from '../contract/decisions.js';
import { TenantryError } from '../contract/errors.js';
import { explainDecryptionError } from '../vault/encryption.js';
import { firstInput } from './first-input.js';
import { whySilent } from './stalled.js';
import { untilHeard } from './until-heard.js';

const ANSWER_MS = 30_000;

export interface DecisionOrder {
  id: string;
  choice: Choice | GraceChoice;
  request: DecisionRequest | AmendRequest | ExtendRequest;
  taskQueue: string;
}

/**
 * Decides for a blocked run, or for an offboarding in its grace. Resolves once the run has taken the decision; a decision that makes no sense now is refused with the run's own
 * sentence, and nothing changes. Repeating a decision that was taken is refused, naming who decided.
 */
export async function decide(client: Client, { id, choice, request, taskQueue }: DecisionOrder): Promise<Decision> {
  const handle = client.workflow.getHandle(id);
  try {
    // a decision that is encrypted with other keys than the run's would hold the run up
    const { runId, type } = await handle.describe();
    if (isOfGrace(choice) && type !== OFFBOARD_CUSTOMER)
      throw new TenantryError('refused', `${id} is a run of ${type}; only ${OFFBOARD_CUSTOMER} has a grace.`);
    await firstInput(client, id, runId);
    return await client.withDeadline(Date.now() + ANSWER_MS, () =>
      untilHeard(() => handle.executeUpdate<Decision, [DecisionOrder['request']]>(choice, { args: [request] })),
    );
  } catch (error) {
    if (error instanceof TenantryError) throw error;
    if (error instanceof WorkflowUpdateFailedError) throw refusal(error);
    if (error instanceof WorkflowNotFoundError) throw await notRunning(client, id);
    const foreign = explainDecryptionError(id, error);
    if (foreign !== undefined) throw foreign;
    const { status } = await handle.describe();
    if (status.name !== 'RUNNING') throw await notRunning(client, id);
    throw new TenantryError(
      'internal',
      `${id} has not answered: ${await whySilent(client, id, taskQueue)} "tenantry status ${id}" tells whether the decision was taken.`,
    );
  }
}

function isOfGrace(choice: string): boolean {
  return (graceChoices as readonly string[]).includes(choice);
}

function refusal(error: WorkflowUpdateFailedError): Error {
  const { cause } = error;
  const refused: readonly unknown[] = [DECISION_REFUSED, AMENDMENT_REFUSED];
  if (!(cause instanceof ApplicationFailure) || !refused.includes(cause.type)) return error;
  return new TenantryError('refused', cause.message);
}

async function notRunning(client: Client, id: string): Promise<TenantryError> {
  const described = await client.workflow
    .getHandle(id)
    .describe()
    .catch(() => undefined);
  return new TenantryError(
    'refused',
    described === undefined
      ? `There is no run ${id}. "tenantry list" shows those there are.`
      : `${id} has ended (${described.status.name.toLowerCase()}); there is nothing to decide.`,
  );
}
