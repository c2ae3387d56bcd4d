import { DEFAULT_CLOUD } from '../../contract/ids.js';
import type { RolloutCustomer, RolloutStart, RolloutState, RolloutStatus } from '../../contract/rollout.js';
import type { RolloutMemory } from './memory.js';
import { failureLimit, isOver } from './progress.js';

/** What people read of a rollout. */
export function statusOf(id: string, start: RolloutStart, memory: RolloutMemory): RolloutStatus {
  const { action, rows, cloud = DEFAULT_CLOUD, canary, atOnce, actor, reason } = start;
  const { startedAt, blocked, decisions } = memory;
  const customers = customersOf(start, memory);
  const counts = { waiting: 0, underWay: 0, done: 0, failed: 0, skipped: 0 };
  for (const { outcome } of customers) counts[outcome] += 1;
  return {
    id,
    action,
    cloud,
    ...(rows && { rows: { source: rows.source, sha256: rows.sha256 } }),
    state: stateOf(start, memory),
    actor,
    reason,
    startedAt,
    canary,
    atOnce,
    maxFailures: failureLimit(start),
    counts,
    ...(blocked && { blocked: { why: blocked.why, since: blocked.since } }),
    customers,
    decisions,
  };
}

export function stateOf(start: RolloutStart, memory: RolloutMemory): RolloutState {
  if (memory.isStopped) return 'stopped';
  if (isOver(start, memory)) return 'completed';
  return memory.blocked === undefined ? 'running' : 'blocked';
}

function customersOf({ refs }: RolloutStart, memory: RolloutMemory): RolloutCustomer[] {
  const { begun, underWay, again, failed, skipped } = memory;
  const [open, repeated] = [new Set(underWay), new Set(again)];
  const ended = new Map([...failed, ...skipped].map(({ at, ...outcome }) => [at, outcome]));
  return refs.map((ref, at) => {
    if (open.has(at)) return { ref, outcome: 'underWay' };
    if (at >= begun || repeated.has(at)) return { ref, outcome: 'waiting' };
    return { ref, ...(ended.get(at) ?? { outcome: 'done' }) };
  });
}
