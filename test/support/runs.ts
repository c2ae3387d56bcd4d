import { randomUUID } from 'node:crypto';
import { WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { retryLostUpdate } from '../../client/decisions.js';
import type { Choice, Decision } from '../../contract/decisions.js';
import { pause } from './pause.js';
import type { OperationEnvironment } from './operation-environment.js';
import { anOrder } from './orders.js';
import type { OperationState, OperationStatus } from '../../contract/status.js';

const TIMEOUT_MS = 120_000;
const DEADLINE_EXCEEDED = 4;
/** Each question costs the worker and the server work: the longer it takes, the more seldom. */
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [20, 300];

/** Waits until a run has reached a state. */
export async function waitForState<S extends OperationState>(
  handle: WorkflowHandle,
  state: S,
): Promise<Extract<OperationStatus, { state: S }>> {
  const end = Date.now() + TIMEOUT_MS;
  for (let ms = FIRST_PAUSE_MS; ; ms = longer(ms)) {
    const status = await handle.query<OperationStatus>('status').catch(unlessLate);
    if (status && status.state === state) return status as Extract<OperationStatus, { state: S }>;
    if (Date.now() > end) throw new Error(`the run is ${status ? status.state : 'silent'}, not ${state}`);
    await pause(ms);
  }
}

/** On a busy machine no worker may answer a query in time: that is no answer yet. */
function unlessLate(error: unknown): false {
  const { code } = ((error as Error).cause ?? {}) as { code?: number };
  if (code !== DEADLINE_EXCEEDED) throw error;
  return false;
}

function longer(ms: number): number {
  return Math.min(1.5 * ms, LONGEST_PAUSE_MS);
}

/** Waits until a condition is true. */
export async function waitUntil(condition: () => Promise<boolean>, patienceMs = TIMEOUT_MS): Promise<void> {
  const end = Date.now() + patienceMs;
  for (let ms = FIRST_PAUSE_MS; !(await condition().catch(unlessLate)); ms = longer(ms)) {
    if (Date.now() > end) throw new Error(`this did not become true: ${condition.toString()}`);
    await pause(ms);
  }
}

/** Waits until a run waits for the turn of another one, given by workflow id. */
export async function waitForTurnOf(handle: Pick<WorkflowHandle, 'query'>, holder: string | RegExp): Promise<void> {
  await waitUntil(async () => {
    const status = await handle.query<OperationStatus>('status');
    const id = status.state === 'running' ? (status.waitsFor ?? '') : '';
    return typeof holder === 'string' ? id === holder : holder.test(id);
  });
}

/** Sends a decision to a run. */
export async function decideFor(handle: WorkflowHandle, choice: Choice, more: object = {}): Promise<Decision> {
  const args: [object] = [{ actor: 'ann', reason: 'because', ...more }];
  return await retryLostUpdate(() => handle.executeUpdate<Decision, [object]>(choice, { args }));
}

/** The message of a refused decision. */
export async function refusalMessage(decision: Promise<unknown>): Promise<string> {
  try {
    await decision;
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure)
      return error.cause.message;
    throw error;
  }
  throw new Error('the decision was accepted');
}

/** Starts a run that is blocked at a call, because the vendor forbids it once. */
export async function startBlockedAt(env: OperationEnvironment, route: string) {
  const order = anOrder({ onFailure: 'ask' });
  env.simulator.faults.next(route, { refuse: 403, message: 'not for you' });
  const handle = await env.start(order);
  return { order, handle, status: await waitForState(handle, 'blocked') };
}

/** Starts a run of any operation and waits until it is blocked. */
export async function startBlocked(
  env: OperationEnvironment,
  operation: string,
  input: unknown,
  id?: string,
): Promise<WorkflowHandle> {
  const handle = await env.begin(operation, input, id);
  await waitForState(handle, 'blocked');
  return handle;
}

/** Resets a run to its first or last workflow task, or to the one that scheduled an activity. Gives the new run. */
export async function reset(
  { client }: Pick<OperationEnvironment, 'client'>,
  handle: WorkflowHandle,
  to: 'first' | 'last' | { before: string },
): Promise<WorkflowHandle> {
  const { events } = await handle.fetchHistory();
  const tasks = events!.filter((event) => event.workflowTaskCompletedEventAttributes);
  const scheduled = events!
    .map((event) => event.activityTaskScheduledEventAttributes)
    .find((one) => typeof to === 'object' && one?.activityType?.name === to.before);
  const finished = scheduled?.workflowTaskCompletedEventId ?? tasks.at(to === 'first' ? 0 : -1)!.eventId!;
  const { runId } = await client.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: handle.workflowId, runId: (await handle.describe()).runId },
    reason: 'a test',
    requestId: randomUUID(),
    workflowTaskFinishEventId: finished,
  });
  return client.workflow.getHandle(handle.workflowId, runId);
}
