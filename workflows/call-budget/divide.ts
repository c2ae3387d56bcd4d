/** What one worker could use, calls per second. */
export interface Demand {
  urgent: number;
  bulk: number;
}

/** Bulk always gets this part of a budget, if it can use it. */
const BULK_PART = 0.1;
/** What nobody asks for is given away up to this part. The rest is for a worker that asks next. */
const GENEROUS_PART = 0.75;

/** How often the interval is halved in which the equal share is looked for. */
const HALVINGS = 50;

/**
 * Divides a budget. All urgent demands go before bulk, which always gets a tenth. Nobody gets more than it asks for as
 * long as somebody else lacks it, and apart from that all shares are equal: so they hardly move when a few urgent calls
 * come. What is left over makes the shares larger, so that a worker can begin more without another question. The shares
 * add up to the budget at most.
 */
export function divide(budget: number, demands: readonly Demand[]): number[] {
  const wants = demands.map(({ urgent, bulk }) => urgent + bulk);
  const bulkWanted = sum(demands.map(({ bulk }) => bulk));
  const kept = Math.min(bulkWanted, budget * BULK_PART);
  const floors = shareOut(
    budget - kept,
    demands.map(({ urgent }) => urgent),
  );
  const shares = equalShares(budget, wants, floors);
  const asking = wants.filter((want) => want > 0).length;
  const more = Math.max(0, budget * GENEROUS_PART - sum(shares)) / Math.max(1, asking);
  return shares.map((share, at) => (wants[at]! > 0 ? share + more : 0));
}

/** Equal shares, but for each at least its floor and at most what it wants. */
function equalShares(budget: number, wants: readonly number[], floors: readonly number[]): number[] {
  if (sum(wants) <= budget) return [...wants];
  const sharesOf = (equal: number) => wants.map((want, at) => Math.min(want, Math.max(equal, floors[at]!)));
  let [low, high] = [0, budget];
  for (let nth = 0; nth < HALVINGS; nth += 1) {
    const middle = (low + high) / 2;
    if (sum(sharesOf(middle)) <= budget) low = middle;
    else high = middle;
  }
  return sharesOf(low);
}

/** The largest equal shares: who wants less than an equal share leaves the rest to the others. */
function shareOut(amount: number, wants: readonly number[]): number[] {
  const shares = wants.map(() => 0);
  const order = wants.map((_, at) => at).toSorted((one, other) => wants[one]! - wants[other]!);
  let left = amount;
  order.forEach((at, nth) => {
    shares[at] = Math.max(0, Math.min(wants[at]!, left / (order.length - nth)));
    left -= shares[at];
  });
  return shares;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
