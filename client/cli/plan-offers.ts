import type { OfferingItem } from '../../acronis/index.js';
import { amountText } from '../../contract/amounts.js';
import type { InputProblem } from '../../contract/errors.js';
import { DEFAULT_CLOUD } from '../../contract/ids.js';
import { offeredBelow, problemsOfOffer, type OfferWish } from '../../planning/offer-check.js';
import type { SalesPlan } from '../../sales-plans/plans-file.js';
import { loadClouds } from '../../settings/client.js';
import { openCloud } from './clouds.js';
import type { PlacedPlan } from './plan-check.js';

/**
 * Whether each plan for new subscriptions is offered where its customers are created: items, editions, storages and the
 * units of quotas. Asks the clouds that are configured here, and changes nothing. Fails with AcronisErrors.
 */
export async function problemsOfOffers(placed: readonly PlacedPlan[]): Promise<InputProblem[]> {
  const known = Object.keys(loadClouds().clouds);
  const offers = new Map<string, OfferingItem[] | undefined>();
  const problems = new Map<string, InputProblem>();
  for (const one of placed) {
    const { cloud = DEFAULT_CLOUD, parentTenantId } = one.placement;
    if (one.plan.retired || !known.includes(cloud)) continue;
    const place = `${cloud} ${parentTenantId ?? ''}`;
    if (!offers.has(place)) offers.set(place, await offeredBelow(await openCloud(cloud), parentTenantId));
    for (const problem of problemsOf(one, offers.get(place))) problems.set(JSON.stringify(problem), problem);
  }
  return [...problems.values()];
}

function problemsOf(one: PlacedPlan, offered: readonly OfferingItem[] | undefined): InputProblem[] {
  const { plan, placement, source } = one;
  if (offered === undefined) {
    const message = `the cloud ${placement.cloud ?? DEFAULT_CLOUD} shows our API client no tenant ${placement.parentTenantId}`;
    return [{ path: pathOfParent(one), message }];
  }
  const where = source === undefined ? '' : ` (where the source ${source} creates its customers)`;
  return problemsOfOffer(offered, wishOf(plan)).map(({ path, message }) => ({
    path: pathIn(plan, path),
    message: `${message}${where}`,
  }));
}

function pathOfParent({ plan, placement, source }: PlacedPlan): string {
  if (plan.ownPlacement.parentTenantId !== undefined) return `plans.${plan.name}.parentTenantId`;
  const isOfSource = source !== undefined && placement.parentTenantId !== plan.placement.parentTenantId;
  return isOfSource ? `plans.${plan.name}.sold.${source}` : 'defaults.parentTenantId';
}

/** What a first customer with one unit would be ordered with. */
function wishOf({ offeringItems, edition, quotas, placement: { infra } }: SalesPlan): OfferWish {
  const ordered = Object.entries(quotas).map(([item, { overage, ...quota }]) => [
    item,
    {
      limit: amountText('perUnit' in quota ? quota.perUnit : quota.limit),
      ...(overage && { overage: amountText(overage) }),
    },
  ]);
  return { offeringItems, edition, quotas: Object.fromEntries(ordered) as OfferWish['quotas'], infra };
}

/** The path in plans.json of a field of the order. */
function pathIn({ name, quotas, ownPlacement }: SalesPlan, field: string): string {
  if (field.startsWith('infra') && ownPlacement.infra === undefined) return `defaults.${field}`;
  const [, item] = /^quotas\.(.+)\.limit$/.exec(field) ?? [];
  const ofUnit = item !== undefined && Object.hasOwn(quotas, item) && 'perUnit' in quotas[item]!;
  return [`plans.${name}`, ofUnit ? `quotas.${item}.perUnit` : field].filter(Boolean).join('.');
}
