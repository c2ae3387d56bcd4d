import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { retryLostUpdate } from '../../client/decisions.js';
import type { Choice, Decision } from '../../contract/decisions.js';
import type { House } from './house.js';
import { anOrder } from './orders.js';
import type { OperationState, OperationStatus } from '../../contract/status.js';

const PATIENCE_MS = 60_000;

/** Waits until a run has reached a state. */
export async function reached<S extends OperationState>(
  handle: WorkflowHandle,
  state: S,
): Promise<Extract<OperationStatus, { state: S }>> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const status = await handle.query<OperationStatus>('status');
    if (status.state === state) return status as Extract<OperationStatus, { state: S }>;
    if (Date.now() > end) throw new Error(`the run is ${status.state}, not ${state}`);
    await sleep(50);
  }
}

/** Waits until something is so. */
export async function expectSoon(fact: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await fact())) {
    if (Date.now() > end) throw new Error(`it did not become so: ${fact.toString()}`);
    await sleep(50);
  }
}

/** Decides for a run. */
export async function decideFor(handle: WorkflowHandle, choice: Choice, more: object = {}): Promise<Decision> {
  const args: [object] = [{ actor: 'ann', reason: 'because', ...more }];
  return await retryLostUpdate(() => handle.executeUpdate<Decision, [object]>(choice, { args }));
}

/** The sentence with which a decision was refused. */
export async function refusalOf(decision: Promise<unknown>): Promise<string> {
  try {
    await decision;
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure)
      return error.cause.message;
    throw error;
  }
  throw new Error('the decision was taken');
}

/** A run that is blocked at a call because the vendor forbids it once. */
export async function blockedAt(house: House, route: string) {
  const order = anOrder({ onFailure: 'ask' });
  house.simulator.faults.next(route, { refuse: 403, message: 'not for you' });
  const handle = await house.start(order);
  return { order, handle, status: await reached(handle, 'blocked') };
}

/** A run of any operation that has come to wait for a person. */
export async function blockedRun(
  house: House,
  operation: string,
  input: unknown,
  id?: string,
): Promise<WorkflowHandle> {
  const handle = await house.begin(operation, input, id);
  await reached(handle, 'blocked');
  return handle;
}
