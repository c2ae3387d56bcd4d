import type { CustomerOutcome, RolloutDecision, RolloutStatus } from './rollout.js';

/** What a rollout takes along when it continues as new. Plain JSON. Customers are named by their place in the list. */
export interface RolloutMemory {
  version: 1;
  startedAt: string;
  /** So many customers have begun: the first ones of the list. */
  begun: number;
  /** Those of them that are not yet as wanted. */
  underWay: number[];
  /** Those that begin once more, because a person has said so. */
  again: number[];
  /** In the order of their ends. Customers that have ended otherwise are done. */
  failed: Ended[];
  skipped: Ended[];
  /** So many of the failures do not count any more: a person has seen them. */
  accepted: number;
  /** Why nobody begins before a person decides. */
  blocked?: { why: string; since: string; isNews?: true };
  isStopped?: true;
  /** Newest last. */
  decisions: RolloutDecision[];
}

/** How one customer came out. */
export interface Ended extends CustomerOutcome {
  at: number;
}

/**
 * The memory of a rollout that goes on where an earlier one of the same list has ended. Who came out keeps the outcome;
 * who was under way begins once more. With `retry` those that failed do so, too; without it a person has seen them.
 */
export function resumedFrom({ customers }: Pick<RolloutStatus, 'customers'>, { retry = false, now = Date.now() } = {}) {
  const begun = customers.findLastIndex(({ outcome }) => outcome !== 'waiting') + 1;
  const isAgain = ({ outcome }: RolloutStatus['customers'][number]) =>
    outcome === 'waiting' || outcome === 'underWay' || (retry && outcome === 'failed');
  const places = customers.slice(0, begun).flatMap((one, at) => (isAgain(one) ? [at] : []));
  const failed = retry ? [] : endedAs(customers, 'failed');
  const memory: RolloutMemory = {
    version: 1,
    startedAt: new Date(now).toISOString(),
    begun,
    underWay: [],
    again: places,
    failed,
    skipped: endedAs(customers, 'skipped'),
    accepted: failed.length,
    decisions: [],
  };
  return { memory, left: customers.length - begun + places.length };
}

function endedAs(customers: RolloutStatus['customers'], outcome: CustomerOutcome['outcome']): Ended[] {
  return customers.flatMap(({ state, why, ...one }, at) =>
    one.outcome === outcome ? [{ at, outcome, ...(state && { state }), ...(why !== undefined && { why }) }] : [],
  );
}
