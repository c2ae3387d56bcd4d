import { isAcronisError, type OfferingItem } from '../acronis/index.js';
import { FailureType } from '../workflows/shared/failures.js';
import type { Leftover } from '../workflows/shared/status.js';
import type { UndoOutcome } from '../workflows/shared/undos.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { refuse } from './failures.js';
import { changesBetween, holds, switchOn } from './item-changes.js';
import { choose, wholesale, type Choice, type WantedItem, type Wish } from './offer.js';

interface OfferSpec extends Wish {
  cloud: string;
  parentTenantId: string | undefined;
}

interface WholesaleSpec {
  cloud: string;
  parentTenantId: string | undefined;
  /** Absent: all of them. */
  edition: string | undefined;
}

interface ItemsSpec {
  cloud: string;
  tenantId: string;
  items: WantedItem[];
  /** True when an earlier run may have switched items on already. */
  look: boolean;
}

export function createOfferingItemActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Finds what the parent can give of what was asked for, and who the parent is. Changes nothing. Fails with `Tenantry.NotOffered`,
     * naming every item, quota and storage that does not fit.
     */
    findOfferingItems: activity(dependencies, patience.look, findOfferingItems),
    /** Finds what the parent can give to a partner, and who the parent is. Changes nothing. Fails as above. */
    findPartnerItems: activity(dependencies, patience.look, findPartnerItems),
    /**
     * Makes sure that the tenant has these items with these quotas. Safe to repeat: any try but the first reads what is there, sends
     * quotas with their present version, and sends nothing when all is so already.
     */
    applyOfferingItems: activity(dependencies, patience.change, applyOfferingItems),
    /**
     * Switches items off that this run has switched on. What is in use by now stays on and is named; after a lost answer all of it, unless each
     * item is on: items are switched on all or none, so some alone are somebody else's. Safe to repeat.
     */
    switchItemsOff: activity(dependencies, patience.undo, switchItemsOff),
  };
}

async function findOfferingItems({ parentTenantId, ...wish }: OfferSpec, { acronis }: Attempt) {
  const parent = parentTenantId ?? (await acronis.rootTenantId());
  return offer(
    parent,
    choose(await offered(acronis, { parent, kind: 'customer', field: 'customer.parentTenantId' }), wish),
  );
}

async function findPartnerItems({ parentTenantId, edition }: WholesaleSpec, { acronis }: Attempt) {
  const parent = parentTenantId ?? (await acronis.rootTenantId());
  return offer(
    parent,
    wholesale(await offered(acronis, { parent, kind: 'partner', field: 'partner.parentTenantId' }), edition),
  );
}

function offer(parentTenantId: string, { items, switches, problems }: Choice) {
  if (problems.length > 0) throw refuse(FailureType.NotOffered, problems.join('; '));
  return { result: { parentTenantId, items, switches, names: [...new Set(items.map(({ name }) => name))] } };
}

async function switchItemsOff(
  spec: { cloud: string; tenantId: string; items: WantedItem[]; doubted?: boolean; unsure: boolean },
  { acronis, memory, remember }: Attempt,
): Promise<Found<UndoOutcome>> {
  const { tenantId, items, doubted = false } = spec;
  const present = await acronis.offeringItems.list(tenantId);
  const on = items.filter((item) => holds(item, present));
  if (doubted && memory.removing !== true && on.length > 0 && on.length < items.length)
    return { result: { undone: false, leftovers: leftOn(tenantId, 'somebody else has changed them too', on) } };
  const used = (await acronis.usages.list(tenantId)).filter(({ absolute_value }) => absolute_value > 0);
  const inUse = on.filter((item) => used.some(({ name }) => name === item.name));
  const off = changesBetween(present, { on: [], off: items.filter((item) => !inUse.includes(item)) });
  if (off.length > 0) {
    memory.removing = true;
    remember();
    await acronis.offeringItems.put(tenantId, off);
  }
  return { result: { undone: memory.removing === true, leftovers: leftOn(tenantId, 'in use by now', inUse) } };
}

function leftOn(tenantId: string, why: string, items: readonly WantedItem[]): Leftover[] {
  if (items.length === 0) return [];
  return [{ kind: 'setting', id: tenantId, reason: `${why}, so left on: ${items.map(({ name }) => name).join(', ')}` }];
}

interface Offering {
  parent: string;
  kind: string;
  /** What of the order says whose parent it is. */
  field: string;
}

/** What a parent can give to a child of a kind. Fails with `Acronis.Rejected` when there is no such parent. */
export async function offered(acronis: Attempt['acronis'], { parent, kind, field }: Offering): Promise<OfferingItem[]> {
  try {
    return await acronis.offeringItems.availableForChild(parent, { kind });
  } catch (error) {
    if (isAcronisError(error) && error.kind === 'not-found')
      throw refuse(FailureType.Rejected, `${field}: ${error.message}`);
    throw error;
  }
}

async function applyOfferingItems(
  { tenantId, items, look }: ItemsSpec,
  { acronis, first, unsure }: Attempt,
): Promise<Found<null>> {
  const present = look || !first ? await acronis.offeringItems.list(tenantId) : [];
  if (items.every((item) => holds(item, present))) return { result: null, adopted: true, changed: unsure };
  await acronis.offeringItems.put(
    tenantId,
    items.map((item) => switchOn(item, present)),
  );
  return { result: null };
}
