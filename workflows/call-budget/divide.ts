/** What one worker could use, calls per second. */
export interface Demand {
  urgent: number;
  bulk: number;
}

/** Bulk always gets this part of a budget, if it can use it. */
const BULK_PART = 0.1;
/** What nobody asks for is given away up to this part. The rest is for a worker that asks next. */
const GENEROUS_PART = 0.75;

/**
 * Divides a budget. All urgent demands go before bulk, which always gets a tenth. Within a class, nobody gets more than
 * it asks for as long as somebody else lacks it. What is left over makes the shares larger, so that a worker can begin
 * more without another question. The shares add up to the budget at most.
 */
export function divide(budget: number, demands: readonly Demand[]): number[] {
  const bulkWanted = sum(demands.map(({ bulk }) => bulk));
  const kept = Math.min(bulkWanted, budget * BULK_PART);
  const urgent = shareOut(
    budget - kept,
    demands.map((one) => one.urgent),
  );
  const bulk = shareOut(
    Math.max(0, budget - sum(urgent)),
    demands.map((one) => one.bulk),
  );
  const shares = urgent.map((some, at) => some + bulk[at]!);
  const asking = demands.filter((one) => one.urgent + one.bulk > 0).length;
  const more = Math.max(0, budget * GENEROUS_PART - sum(shares)) / Math.max(1, asking);
  return shares.map((share, at) => (demands[at]!.urgent + demands[at]!.bulk > 0 ? share + more : 0));
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
