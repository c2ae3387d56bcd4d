import { digest } from '../catalogue/input.js';
import type { MappedFact, MappedItem } from '../contract/customers.js';
import type { Fact, SoldItem } from '../contract/facts.js';
import type { Placement, PlanTerms } from '../contract/sales-plans.js';
import type { SalesPlan, SalesPlans } from './plans-file.js';

/** What the mapping needs to know of the source of an item. */
export interface SellingSource {
  name: string;
  cloud?: string | undefined;
  parentTenantId?: string | undefined;
  timezone?: string | undefined;
}

/** A fact, with what the plans and the settings of its source say about it. */
export function mapFact(
  plans: SalesPlans,
  source: Omit<SellingSource, 'name'> & Pick<MappedFact, 'owns' | 'act'>,
  fact: Fact,
): MappedFact {
  const { subscription } = fact;
  const sold = subscription && mapItems(plans, { ...source, name: fact.source }, subscription.items);
  const { owns, act } = source;
  return { ...fact, owns, ...(act && { act }), ...(sold && { sold }) };
}

/**
 * What each thing sold means. One product can mean several plans. What no plan names stays without a plan: it still
 * counts as sold. Items that come to the same product and plan are added up.
 */
export function mapItems(
  { plans, unknownProduct }: SalesPlans,
  source: SellingSource,
  items: SoldItem[],
): MappedItem[] {
  const mapped = items.flatMap((item) => {
    const found = plansOf(plans, source, item);
    const unknown: MappedItem = {
      ...productOf(item),
      ...(item.plan !== undefined && { planName: item.plan }),
      ...quantityAt(item, undefined),
    };
    return found.length > 0 ? found : [{ ...unknown, ...(unknownProduct === 'ignore' && { ignored: true }) }];
  });
  return addUp(mapped);
}

function plansOf(plans: SalesPlans['plans'], source: SellingSource, item: SoldItem): MappedItem[] {
  if (item.plan !== undefined) {
    const plan = Object.hasOwn(plans, item.plan) ? plans[item.plan] : undefined;
    return plan === undefined ? [] : [mappedItem(plan, source, item, undefined)];
  }
  const ids = [item.product, ...(item.aliases ?? [])];
  return Object.values(plans).flatMap((plan) => {
    const sold = (Object.hasOwn(plan.sold, source.name) ? plan.sold[source.name] : undefined)?.find(({ product }) =>
      ids.includes(product),
    );
    return sold === undefined ? [] : [mappedItem(plan, source, item, sold.quantity)];
  });
}

function mappedItem(plan: SalesPlan, source: SellingSource, item: SoldItem, path: string | undefined): MappedItem {
  return {
    ...productOf(item),
    plan: termsFor(plan, source),
    ...(plan.retired && { retired: true }),
    ...quantityAt(item, path),
  };
}

function productOf({ product }: SoldItem): Pick<MappedItem, 'product'> {
  return product === undefined ? {} : { product };
}

function quantityAt(
  { quantity, quantities }: SoldItem,
  path: string | undefined,
): Pick<MappedItem, 'quantity' | 'missing'> {
  const found = path === undefined ? quantity : quantities?.[path];
  if (found !== undefined) return { quantity: found };
  return path === undefined ? {} : { missing: path };
}

/** The terms of a plan where the source's own placement stands between that of the file and that of the plan. */
export function termsFor(plan: SalesPlan, source: Omit<SellingSource, 'name'>): PlanTerms {
  const { timezone = 'UTC' } = source;
  const { retired: _retired, sold: _sold, ownPlacement: _own, ...terms } = plan;
  const placement = placementFor(plan, source);
  const mapped = { ...terms, placement, ...(terms.rules.actBetween !== undefined && { timezone }) };
  return { ...mapped, digest: digest(JSON.stringify(mapped)) };
}

/** Where a plan that a source has sold creates new customers: as the plan says, else the source, else the file. */
export function placementFor(
  { placement, ownPlacement }: SalesPlan,
  { cloud, parentTenantId }: Pick<SellingSource, 'cloud' | 'parentTenantId'>,
): Placement {
  const ofSource = { ...(cloud !== undefined && { cloud }), ...(parentTenantId !== undefined && { parentTenantId }) };
  return { ...placement, ...ofSource, ...ownPlacement };
}

function addUp(items: MappedItem[]): MappedItem[] {
  const byKey = new Map<string, MappedItem>();
  for (const item of items) {
    const key = JSON.stringify([item.product ?? null, item.plan?.name ?? item.planName ?? null]);
    const before = byKey.get(key);
    const quantity = before?.quantity === undefined ? item.quantity : before.quantity + (item.quantity ?? 0);
    byKey.set(key, { ...item, ...(quantity !== undefined && { quantity }) });
  }
  return [...byKey.values()];
}
