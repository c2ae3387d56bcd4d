import type { FoundTenant, TenantState } from '../../contract/customers.js';
import type { BelowUse } from '../../contract/sales-plans.js';
import type { AppliedTenant } from './intention.js';
import { without } from './outcome.js';

type Ordered = Partial<Pick<TenantState, 'offeringItems' | 'quotas'>> & { remove?: string[]; belowUse?: BelowUse };

/**
 * An order without the quotas of items that somebody has switched off by hand: they stay off, and the status shows that
 * they differ. Undefined when nothing is left to order.
 */
export function withoutSwitchedOff(
  input: Ordered,
  applied: AppliedTenant,
  { offeringItems: on }: FoundTenant,
): Ordered | undefined {
  const { quotas = {}, belowUse, ...order } = input;
  const isOff = (item: string) => applied.offeringItems.includes(item) && !on.includes(item);
  const off = Object.keys(quotas).filter((item) => isOff(item) && !order.offeringItems?.includes(item));
  if (off.length === 0) return input;
  const left = without(quotas, off);
  const isEmpty = Object.keys(left).length + (order.offeringItems?.length ?? 0) + (order.remove?.length ?? 0) === 0;
  const quotasLeft = Object.keys(left).length > 0 && { quotas: left, ...(belowUse && { belowUse }) };
  return isEmpty ? undefined : { ...order, ...quotasLeft };
}
