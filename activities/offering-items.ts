import { isAcronisError, type OfferingItem } from '../acronis/index.js';
import { FailureType } from '../workflows/shared/failures.js';
import type { UndoOutcome } from '../workflows/shared/undos.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { refuse } from './failures.js';
import { changesBetween, holds, switchOn } from './item-changes.js';
import { choose, type WantedItem, type Wish } from './offer.js';

interface OfferSpec extends Wish {
  cloud: string;
  parentTenantId: string | undefined;
}

interface ItemsSpec {
  cloud: string;
  tenantId: string;
  items: WantedItem[];
  /** True when an earlier run may have switched items on already. */
  look: boolean;
}

interface MissingSpec {
  cloud: string;
  tenantId: string;
  kind: string;
  parentTenantId: string;
  offeringItems: string[];
  infraId: string | undefined;
}

export function createOfferingItemActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Finds what the parent can give of what was asked for, and who the parent is. Changes nothing. Fails with `Tenantry.NotOffered`,
     * naming every item, quota and storage that does not fit.
     */
    findOfferingItems: activity(dependencies, patience.look, findOfferingItems),
    /**
     * Makes sure that the tenant has these items with these quotas. Safe to repeat: any try but the first reads what is there, sends
     * quotas with their present version, and sends nothing when all is so already.
     */
    applyOfferingItems: activity(dependencies, patience.change, applyOfferingItems),
    /**
     * Finds which of these items an existing tenant does not have yet, and how its parent can give them. Changes nothing. Fails with
     * `Tenantry.NotOffered` as above.
     */
    findMissingItems: activity(dependencies, patience.look, findMissingItems),
    /** Switches items off that this run has switched on. Safe to repeat; what is in use by now stays on and is named. */
    switchItemsOff: activity(dependencies, patience.undo, switchItemsOff),
  };
}

async function findOfferingItems({ parentTenantId, ...wish }: OfferSpec, { acronis }: Attempt) {
  const parent = parentTenantId ?? (await acronis.rootTenantId());
  const { items, problems } = choose(await offered(acronis, parent), wish);
  if (problems.length > 0) throw refuse(FailureType.NotOffered, problems.join('; '));
  return { result: { parentTenantId: parent, items, names: items.map(({ name }) => name) } };
}

async function findMissingItems(
  { tenantId, kind, parentTenantId, offeringItems, infraId }: MissingSpec,
  { acronis }: Attempt,
): Promise<Found<{ items: WantedItem[]; names: string[] }>> {
  const present = await acronis.offeringItems.list(tenantId);
  const missing = offeringItems.filter((name) => !present.some((row) => row.name === name && row.status === 1));
  const wish = { offeringItems: missing, edition: undefined, quotas: {}, infraId };
  if (missing.length === 0) return { result: { items: [], names: offeringItems } };
  const { items, problems } = choose(await offered(acronis, parentTenantId, kind), wish);
  if (problems.length > 0) throw refuse(FailureType.NotOffered, problems.join('; '));
  return { result: { items, names: offeringItems } };
}

async function switchItemsOff(
  { tenantId, items }: { cloud: string; tenantId: string; items: WantedItem[]; unsure: boolean },
  { acronis, memory, remember }: Attempt,
): Promise<Found<UndoOutcome>> {
  const present = await acronis.offeringItems.list(tenantId);
  const changes = changesBetween(present, { on: [], off: items });
  if (changes.length === 0) return { result: { undone: memory.removing === true, leftovers: [] } };
  memory.removing = true;
  remember();
  await acronis.offeringItems.put(tenantId, changes);
  return { result: { undone: true, leftovers: [] } };
}

async function offered(acronis: Attempt['acronis'], parent: string, kind = 'customer'): Promise<OfferingItem[]> {
  try {
    return await acronis.offeringItems.availableForChild(parent, { kind });
  } catch (error) {
    if (isAcronisError(error) && error.kind === 'not-found')
      throw refuse(FailureType.Rejected, `customer.parentTenantId: ${error.message}`);
    throw error;
  }
}

async function applyOfferingItems(
  { tenantId, items, look }: ItemsSpec,
  { acronis, first }: Attempt,
): Promise<Found<null>> {
  const present = look || !first ? await acronis.offeringItems.list(tenantId) : [];
  if (items.every((item) => holds(item, present))) return { result: null, adopted: true, changed: !look };
  await acronis.offeringItems.put(
    tenantId,
    items.map((item) => switchOn(item, present)),
  );
  return { result: null };
}
