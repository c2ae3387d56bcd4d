import { createHash, createHmac } from 'node:crypto';
import {
  isGrpcServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client';
import { TenantryError } from '../contract/errors.js';
import { messagesOfRun, type RunMessages } from '../vault/run-messages.js';
import { findOperation, readOrder, startOperation, type StartedRun } from './operations.js';
import { explainServiceError } from './service-errors.js';

/** The type of the runs that remember keys. No worker knows it: nobody polls their task queue. */
const TYPE = 'idempotencyKey';
const ANSWERED = 'answered';
const GIVEN_UP = 'givenUp';
/** How long such a run stays open when nobody closes it. */
const OPEN_FOR = '1 day';
/** A start takes no longer; whoever has not answered by then was killed. */
const LONGEST_START_MS = 60_000;

interface KeyedStart {
  operation: string;
  input: unknown;
  taskQueue: string;
  /** What the caller calls this request. */
  key: string;
  /** Whose keys are distinct from those of others. */
  owner: string;
}

/**
 * Starts an operation once, however often it is asked for with one key: the same input gets the same answer again, also
 * when the run has ended, from any program, as long as Temporal keeps closed runs. Refused for another input, and while
 * the first request is under way. What was refused, or what Temporal did not answer, is tried again when it comes again.
 */
export async function startOnce(client: Client, start: KeyedStart): Promise<StartedRun> {
  const { operation, input, taskQueue } = start;
  // an input with problems leaves nothing behind
  readOrder(findOperation(operation), input);
  const id = `${TYPE}:${createHash('sha256')
    .update(JSON.stringify([start.owner, start.key]))
    .digest('hex')}`;
  const answer = await claim(client, id, start);
  if (answer !== undefined) return answer;
  const started = await startOperation(client, { operation, input, taskQueue }).catch(async (error: unknown) => {
    await tell(client, id, GIVEN_UP);
    throw error;
  });
  await tell(client, id, ANSWERED, started);
  return started;
}

/** Claims the key; gives the answer when the same was asked for before. */
async function claim(client: Client, id: string, start: KeyedStart): Promise<StartedRun | undefined> {
  const digest = digestOf(start);
  try {
    await client.workflow.start(TYPE, {
      workflowId: id,
      taskQueue: `${start.taskQueue}-idempotency-keys`,
      args: [digest],
      workflowExecutionTimeout: OPEN_FOR,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError))
      throw explainServiceError('remember the key', error) ?? error;
  }
  const known = await messagesOfRun(client, id);
  return known === undefined ? undefined : answerIn(known, digest, Date.now());
}

function answerIn({ input, signals, startedAtMs }: RunMessages, digest: string, now: number): StartedRun | undefined {
  if (input !== digest)
    throw new TenantryError(
      'refused',
      'This Idempotency-Key came with another request before. Send a new key, or the request as it was.',
    );
  // of two that were told, both have joined one run
  const answer = signals.find(({ name }) => name === ANSWERED);
  if (answer !== undefined) return answer.value as StartedRun;
  if (signals.length > 0 || now - startedAtMs > LONGEST_START_MS) return undefined;
  throw new TenantryError('refused', 'A request with this Idempotency-Key is under way. Send it again a little later.');
}

/** Tells the run that remembers a key. One that does not hear it knows no answer; the same request then joins the run. */
async function tell(client: Client, id: string, what: string, answer?: StartedRun): Promise<void> {
  const handle = client.workflow.getHandle(id);
  try {
    await handle.signal(what, ...(answer === undefined ? [] : [answer]));
    if (answer !== undefined) await handle.terminate('the key is used');
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError) && !isGrpcServiceError(error)) throw error;
  }
}

/** Says nothing about an input to whoever does not know the key. */
function digestOf({ operation, input, key }: KeyedStart): string {
  return createHmac('sha256', key)
    .update(JSON.stringify([operation, sorted(input)]))
    .digest('hex');
}

/** The order of fields makes no other request. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(fields.map(([name, inner]) => [name, sorted(inner)]));
}
