import { randomUUID } from 'node:crypto';
import { retryLostUpdate } from '../../client/decisions.js';
import type { DecisionRequest } from '../../contract/decisions.js';
import type { RolloutMemory } from '../../contract/rollout-memory.js';
import {
  ROLLOUT_QUERY,
  ROLLOUT_WORKFLOW,
  type RolloutChoice,
  type RolloutCustomer,
  type RolloutDecision,
  type RolloutStart,
  type RolloutStatus,
} from '../../contract/rollout.js';
import { waitUntil } from './runs.js';
import type { OperationEnvironment } from './operation-environment.js';

/** Starts rollouts; each has an id of its own, so that they do not wait for each other. */
export function rolloutsIn(env: Pick<OperationEnvironment, 'client' | 'taskQueue'>) {
  return async function aRollout(refs: readonly string[], more: Partial<RolloutStart> = {}, memory?: RolloutMemory) {
    const start: RolloutStart = {
      action: 'act',
      actor: 'ann',
      reason: 'reviewed',
      canary: 2,
      atOnce: 5,
      maxFailures: { number: 0, share: 0 },
      ...more,
      refs,
    };
    const handle = await env.client.workflow.start(ROLLOUT_WORKFLOW, {
      workflowId: `rollout:${randomUUID()}`,
      taskQueue: env.taskQueue,
      args: memory === undefined ? [start] : [start, memory],
    });
    // the run may have continued as new
    const now = env.client.workflow.getHandle(handle.workflowId);
    const status = async () => await now.query<RolloutStatus>(ROLLOUT_QUERY);
    return {
      handle: now,
      status,
      result: async () => (await now.result()) as RolloutStatus,
      async until(fits: (status: RolloutStatus) => boolean): Promise<RolloutStatus> {
        let last!: RolloutStatus;
        await waitUntil(async () => fits((last = await status())));
        return last;
      },
      decide: async (choice: RolloutChoice) => {
        const args: [DecisionRequest] = [{ actor: 'bob', reason: 'looked at it' }];
        return await retryLostUpdate(() => now.executeUpdate<RolloutDecision, [DecisionRequest]>(choice, { args }));
      },
    };
  };
}

/** The outcomes of a rollout, in the order of its list. */
export const outcomesOf = ({ customers }: RolloutStatus): RolloutCustomer['outcome'][] =>
  customers.map(({ outcome }) => outcome);
