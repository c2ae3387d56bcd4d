import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import {
  ASK_BRAKE_SIGNAL,
  BRAKE_ANSWER_SIGNAL,
  BRAKE_QUERY,
  BRAKE_WORKFLOW,
  brakeId,
  startOfBrake,
  type BrakeChoice,
  type BrakeDecision,
  type BrakeRequest,
  type BrakeStatus,
  type Intent,
} from '../../contract/brake.js';
import { retryLostUpdate } from '../../client/decisions.js';
import { askFor, intentsOf, type gated } from './gated-workflow.js';
import { waitUntil } from './runs.js';
import type { OperationEnvironment } from './operation-environment.js';

/** A workflow that asks the brake of its cloud. */
export type Gated = WorkflowHandle<typeof gated>;

/** The built file of its workflow type. */
export const gatedWorkflows = new URL('./gated-workflow.js', import.meta.url);

export const disabling: Intent = { id: 'disable', kind: 'disable', what: 'disable', why: 'sub_1 is not paid' };
export const creating: Intent = { id: 'create', kind: 'creation', what: 'create', why: 'it is sold' };

const because = { actor: 'ann', reason: 'the shop was broken' };

/** Customers of a cloud of their own, and its brake. */
export function cloudWithBrake(env: Pick<OperationEnvironment, 'client' | 'taskQueue'>) {
  const cloud = `cloud-${randomUUID()}`;
  const brake = env.client.workflow.getHandle(brakeId(cloud));
  const status = async () => await brake.query<BrakeStatus>(BRAKE_QUERY);
  const stateOf = async (customer: Gated, id: string) => (await customer.query(intentsOf)).find((one) => one.id === id);
  return {
    cloud,
    brake,
    status,
    /** A customer that has asked for this. */
    async asking(ref: string, intent: Intent, askAgainMs = 3_600_000): Promise<Gated> {
      return await env.client.workflow.signalWithStart<typeof gated, [Intent]>('gated', {
        workflowId: `customer:${cloud}:${ref}`,
        taskQueue: env.taskQueue,
        args: [{ ref, cloud }, askAgainMs],
        signal: askFor,
        signalArgs: [intent],
      });
    },
    stateOf,
    whenAnswered: async (customer: Gated, id: string) => {
      await waitUntil(async () => (await stateOf(customer, id))?.state !== 'asked');
      return (await stateOf(customer, id))!;
    },
    whenWaiting: async (count: number) => {
      await waitUntil(async () => (await status().catch(() => undefined))?.waiting.length === count);
      return await status();
    },
    /** Starts the brake, if it does not run, with a signal that says nothing. */
    startBrake: async () =>
      await env.client.workflow.signalWithStart(BRAKE_WORKFLOW, {
        ...startOfBrake(cloud, env.taskQueue),
        signal: ASK_BRAKE_SIGNAL,
        signalArgs: [],
      }),
    decide: async (choice: BrakeChoice, more: Partial<BrakeRequest> = {}) => {
      const args: [BrakeRequest] = [{ ...because, ...more }];
      return await retryLostUpdate(() => brake.executeUpdate<BrakeDecision, [BrakeRequest]>(choice, { args }));
    },
  };
}

/** How many answers a customer has got. */
export async function answersTo(customer: Gated): Promise<number> {
  const { events } = await customer.fetchHistory();
  return events!.filter((one) => one.workflowExecutionSignaledEventAttributes?.signalName === BRAKE_ANSWER_SIGNAL)
    .length;
}
