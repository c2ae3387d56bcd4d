import type { RolloutStart } from '../../contract/rollout.js';
import type { Ended, RolloutMemory } from './memory.js';

/** Characters of a reason that are kept, and how many reasons: what continues as new must stay small. */
const LONGEST_REASON = 300;
const MOST_REASONS = 1000;

type Plan = Pick<RolloutStart, 'refs' | 'canary' | 'atOnce' | 'maxFailures'>;

/** How many failures a rollout bears. */
export function failureLimit({ refs, maxFailures: { number, share } }: Plan): number {
  return Math.max(number, Math.floor(share * refs.length));
}

/** The customers that begin now, by their places. Nobody outside the canary begins before all of it has come out. */
export function nextCustomers(plan: Plan, memory: RolloutMemory): number[] {
  if (memory.blocked !== undefined || memory.isStopped) return [];
  const room = Math.max(0, plan.atOnce - memory.underWay.length);
  const end = isCanaryOut(plan, memory) ? plan.refs.length : canaryOf(plan);
  const fresh = Array.from({ length: Math.max(0, end - memory.begun) }, (_, nth) => memory.begun + nth);
  return [...memory.again.filter((at) => at < end), ...fresh].slice(0, room);
}

/** These customers are under way from now on. */
export function begin(memory: RolloutMemory, places: readonly number[]): RolloutMemory {
  return {
    ...memory,
    begun: Math.max(memory.begun, ...places.map((at) => at + 1)),
    underWay: [...memory.underWay, ...places],
    again: memory.again.filter((at) => !places.includes(at)),
  };
}

/** Some of the customers under way have come out. */
export function settle(memory: RolloutMemory, ended: readonly Ended[]): RolloutMemory {
  const open = new Set(memory.underWay);
  const news = ended.filter(({ at }) => open.delete(at)).map(clipped);
  const those = (outcome: Ended['outcome']) => news.filter((one) => one.outcome === outcome);
  return {
    ...memory,
    underWay: [...open],
    failed: withFewReasons([...memory.failed, ...those('failed')]),
    skipped: withFewReasons([...memory.skipped, ...those('skipped')]),
  };
}

/** Blocks the rollout when too many customers have failed, or when only failed ones are left. */
export function judge(plan: Plan, memory: RolloutMemory, now: number): RolloutMemory {
  if (memory.blocked !== undefined || memory.isStopped) return memory;
  const why = whyBlocked(plan, memory);
  return why === undefined ? memory : { ...memory, blocked: { why, since: new Date(now).toISOString(), isNews: true } };
}

/** True when nothing is left to do and to decide. */
export function isOver(plan: Plan, memory: RolloutMemory): boolean {
  return memory.isStopped === true || (hasEveryoneEnded(plan, memory) && unseenFailures(memory).length === 0);
}

function whyBlocked(plan: Plan, memory: RolloutMemory): string | undefined {
  const unseen = unseenFailures(memory);
  const [canary, limit] = [canaryOf(plan), failureLimit(plan)];
  const inCanary = unseen.filter(({ at }) => at < canary).length;
  if (inCanary > 0) return `${inCanary} of the first ${canary} customers failed`;
  if (unseen.length > limit) return `${unseen.length} failed, and the limit is ${limit}`;
  if (unseen.length > 0 && hasEveryoneEnded(plan, memory))
    return `every customer has had its turn, and ${memory.failed.length} of ${plan.refs.length} failed`;
  return undefined;
}

function unseenFailures({ failed, accepted }: RolloutMemory): Ended[] {
  return failed.slice(accepted);
}

function hasEveryoneEnded({ refs }: Plan, { begun, underWay, again }: RolloutMemory): boolean {
  return begun >= refs.length && underWay.length === 0 && again.length === 0;
}

function isCanaryOut(plan: Plan, { begun, underWay, again }: RolloutMemory): boolean {
  const canary = canaryOf(plan);
  return begun >= canary && ![...underWay, ...again].some((at) => at < canary);
}

function canaryOf({ canary, refs }: Plan): number {
  return Math.min(canary, refs.length);
}

function clipped({ why, ...ended }: Ended): Ended {
  return { ...ended, ...(why !== undefined && { why: why.slice(0, LONGEST_REASON) }) };
}

function withFewReasons(ended: readonly Ended[]): Ended[] {
  const { length } = ended;
  return ended.map(({ why, ...one }, nth) =>
    why === undefined || nth < length - MOST_REASONS ? one : { ...one, why },
  );
}
