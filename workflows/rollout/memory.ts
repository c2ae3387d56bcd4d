import type { RolloutMemory } from '../../contract/rollout-memory.js';

export type { Ended, RolloutMemory } from '../../contract/rollout-memory.js';

export const emptyMemory = (now: number): RolloutMemory => ({
  version: 1,
  startedAt: new Date(now).toISOString(),
  begun: 0,
  underWay: [],
  again: [],
  failed: [],
  skipped: [],
  accepted: 0,
  decisions: [],
});

/** What the run before has left, or nothing: anybody may start a workflow with anything. */
export function memoryFrom(carried: RolloutMemory | null | undefined, now: number): RolloutMemory {
  return carried?.version === 1 ? { ...emptyMemory(now), ...carried } : emptyMemory(now);
}
