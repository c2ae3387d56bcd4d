import { isGrpcServiceError, WorkflowNotFoundError, WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import {
  AMENDMENT_REFUSED,
  CANCELLING_SIGNAL,
  DECISION_REFUSED,
  graceChoices,
  type AmendRequest,
  type Choice,
  type Decision,
  type DecisionRequest,
  type ExtendRequest,
  type GraceChoice,
} from '../contract/decisions.js';
import { decisionText } from '../contract/decision-text.js';
import { blockName, type Proven, type SignDecision } from '../contract/actors.js';
import { checkIsRun, runNotFound, TenantryError } from '../contract/errors.js';
import { decryptionMessage, explainDecryptionError } from '../vault/encryption.js';
import { DecryptionError, keyIdsOf, startInput } from '../vault/index.js';
import { describeRun } from '../vault/list-runs.js';
import { OFFBOARD_CUSTOMER } from '../workflows/offboard-customer/contract.js';
import { sendDecision } from './send-decision.js';
import { operationStatus } from './status.js';
import { checkWorkerKeys } from './worker-keys.js';
import { whyNoAnswer } from './workers.js';

const ANSWER_MS = 30_000;
const FAILED_PRECONDITION = 9;
const MAX_TRIES = 5;

export interface DecisionOrder {
  id: string;
  choice: Choice | GraceChoice;
  request: DecisionRequest | AmendRequest | ExtendRequest;
  taskQueue: string;
  /** Proves who decides; without it the actor is not verified. */
  sign?: SignDecision | undefined;
}

/**
 * Decides for a blocked run, or for an offboarding in its grace. Resolves once the run has accepted the decision. The
 * run refuses a decision that makes no sense now, with its own message, and nothing changes. Repeating an accepted
 * decision is refused too, and names who decided. Refused as well when this program and the workers, or the run, have
 * other keys.
 */
export async function decide(client: Client, order: DecisionOrder): Promise<Decision> {
  const { id, choice, request, taskQueue, sign } = order;
  checkIsRun(id);
  try {
    const { runId, type } = await describeRun(client, id);
    if (isGraceChoice(choice) && type !== OFFBOARD_CUSTOMER)
      throw new TenantryError('refused', `${id} is a run of ${type}; only ${OFFBOARD_CUSTOMER} has a grace.`);
    await checkKeys(client, { id, runId, taskQueue });
    const about = sign && (await blockOf(client, order));
    return await client.withDeadline(Date.now() + ANSWER_MS, () =>
      retryLostUpdate(() => sendDecision<Decision>(client, { id, choice, request, about, sign })),
    );
  } catch (error) {
    if (error instanceof TenantryError) throw error;
    if (error instanceof WorkflowUpdateFailedError) throw refusal(error);
    if (error instanceof WorkflowNotFoundError) throw await notRunning(client, order);
    if (error instanceof DecryptionError) throw unreadableAnswer(id, error);
    const { status } = await describeRun(client, id);
    if (status.name !== 'RUNNING') throw await notRunning(client, order);
    const { message, remedies } = await whyNoAnswer(client, id, taskQueue);
    throw new TenantryError('unavailable', `${id} has not answered: ${message}`, {
      remedies: [...remedies, { do: 'askStatus', id }],
    });
  }
}

/** What the run waits for now; undefined while it waits for nobody, and for what is no decision on a block. */
async function blockOf(client: Client, { id, choice, taskQueue }: DecisionOrder): Promise<string | undefined> {
  if (isGraceChoice(choice)) return undefined;
  const status = await operationStatus(client, id, taskQueue);
  return status.state === 'blocked' ? blockName(status.blocked) : undefined;
}

/**
 * Asks a run to stop. It waits for the call in flight, then removes what it made. Needs no key. `reasonKept` is false
 * when the run will not say who cancelled it and why, because it could not read that.
 */
export async function cancelRun(
  client: Client,
  id: string,
  request: DecisionRequest,
  sign?: SignDecision,
): Promise<{ reasonKept: boolean }> {
  checkIsRun(id);
  try {
    const { status, runId, taskQueue } = await describeRun(client, id);
    if (status.name !== 'RUNNING')
      throw new TenantryError('refused', `${id} has ended (${status.name.toLowerCase()}); there is nothing to cancel.`);
    const reasonKept = await canBeRead(client, { id, runId, taskQueue });
    const proof = sign?.({ workflowId: id, runId, choice: CANCELLING_SIGNAL, request });
    const said = { ...request, ...(proof && { proof }) };
    if (reasonKept) await client.workflow.getHandle(id).signal<[Proven<DecisionRequest>]>(CANCELLING_SIGNAL, said);
    await client.connection.workflowService.requestCancelWorkflowExecution({
      namespace: client.options.namespace,
      workflowExecution: { workflowId: id },
      reason: request.reason,
      identity: client.options.identity,
    });
    return { reasonKept };
  } catch (error) {
    throw error instanceof WorkflowNotFoundError ? runNotFound(id) : error;
  }
}

/**
 * Sends an update again when the server dropped it. That happens when a run closes at the moment at which the update
 * reaches it: the server discards the workflow task and the update with it, so the run has never seen it.
 */
export async function retryLostUpdate<T>(send: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1)
    try {
      return await send();
    } catch (error) {
      if (tries === MAX_TRIES || !wasDropped(error)) throw error;
    }
}

function wasDropped(error: unknown): boolean {
  const { cause = error } = error as { cause?: unknown };
  return (
    isGrpcServiceError(cause) &&
    (cause.code as number) === FAILED_PRECONDITION &&
    cause.details.includes('workflow task failure')
  );
}

interface Addressed {
  id: string;
  runId: string;
  taskQueue: string;
}

/** Refuses without the keys of the run and of its workers: a message encrypted with another key would stall the run. */
export async function checkKeys(client: Client, { id, runId, taskQueue }: Addressed): Promise<void> {
  await startInput(client, id, runId).catch((error: unknown) => {
    throw explainDecryptionError(id, error) ?? error;
  });
  await checkWorkerKeys(client, taskQueue);
}

/** True when a message that is sent here can be read by the run: unencrypted, or with keys that fit. */
async function canBeRead(client: Client, run: Addressed): Promise<boolean> {
  if (keyIdsOf(client).length === 0) return true;
  try {
    await checkKeys(client, run);
    return true;
  } catch (error) {
    if (error instanceof TenantryError) return false;
    throw error;
  }
}

function unreadableAnswer(id: string, { message }: DecryptionError): TenantryError {
  return new TenantryError('unavailable', `The answer of ${decryptionMessage(id, message)}`, {
    remedies: [{ do: 'askStatus', id }],
  });
}

function isGraceChoice(choice: string): boolean {
  return (graceChoices as readonly string[]).includes(choice);
}

/** The refusal that an Update was answered with, in its own words. */
export function refusal(error: WorkflowUpdateFailedError): Error {
  const { cause } = error;
  const refused: readonly unknown[] = [DECISION_REFUSED, AMENDMENT_REFUSED];
  if (!(cause instanceof ApplicationFailure) || !refused.includes(cause.type)) return error;
  const what = cause.type === AMENDMENT_REFUSED ? 'The amendment is refused: ' : '';
  return new TenantryError('refused', what + cause.message);
}

async function notRunning(client: Client, { id, taskQueue }: DecisionOrder): Promise<TenantryError> {
  try {
    const { status } = await describeRun(client, id);
    const end = await operationStatus(client, id, taskQueue).catch(() => undefined);
    const last = end?.decisions?.at(-1);
    const decided = last === undefined ? '' : `: ${decisionText(last)}`;
    const state = end?.state ?? status.name.toLowerCase();
    return new TenantryError('refused', `${id} has ended (${state})${decided}; there is nothing to decide.`);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return runNotFound(id);
    throw error;
  }
}
