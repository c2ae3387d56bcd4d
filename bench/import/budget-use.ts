/** A part of time. Milliseconds since 1970. */
export interface Span {
  from: number;
  to: number;
}

/** How a budget of calls was used. */
export interface BudgetUse {
  /** Of all calls that the budget allows in the spans. */
  used: number;
  /** The same of the worst whole minute in which nothing was killed; absent when no minute is left. */
  worstMinute?: number;
  /** The parts of these minutes, in their order. */
  minutes: number[];
  /** The most calls at any time beyond what the budget had allowed since any earlier time. */
  burst: number;
}

const MINUTE_MS = 60_000;

/**
 * How much of a budget was used. `spans`: when there was something to do. `disturbed`: when something was killed and not
 * back yet; a minute that touches one of these is no candidate for the worst.
 */
export function budgetUse(
  calls: readonly number[],
  perSecond: number,
  { spans, disturbed }: { spans: readonly Span[]; disturbed: readonly Span[] },
): BudgetUse {
  const sorted = calls.toSorted((one, other) => one - other);
  const within = ({ from, to }: Span) => sorted.filter((at) => at >= from && at < to).length;
  const allowed = spans.reduce((sum, { from, to }) => sum + ((to - from) / 1000) * perSecond, 0);
  const used = spans.reduce((sum, span) => sum + within(span), 0) / allowed;
  const minutes = spans.flatMap(minutesOf).filter((minute) => !disturbed.some((one) => touches(one, minute)));
  const parts = minutes.map((minute) => within(minute) / (perSecond * 60));
  return {
    used,
    ...(parts.length > 0 && { worstMinute: Math.min(...parts) }),
    minutes: parts,
    burst: burstOf(sorted, perSecond),
  };
}

function minutesOf({ from, to }: Span): Span[] {
  const count = Math.max(0, Math.floor((to - from) / MINUTE_MS));
  return Array.from({ length: count }, (_, nth) => ({
    from: from + nth * MINUTE_MS,
    to: from + (nth + 1) * MINUTE_MS,
  }));
}

function touches(one: Span, other: Span): boolean {
  return one.from < other.to && one.to >= other.from;
}

/** What a bucket would have to hold that is filled at this rate. */
function burstOf(sorted: readonly number[], perSecond: number): number {
  let [owed, most] = [0, 0];
  sorted.forEach((at, nth) => {
    const since = nth === 0 ? 0 : ((at - sorted[nth - 1]!) / 1000) * perSecond;
    owed = Math.max(0, owed - since) + 1;
    most = Math.max(most, owed);
  });
  return most;
}
