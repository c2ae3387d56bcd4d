import type { OfferingItemChange } from '../acronis/index.js';
import type { Leftover } from '../contract/status.js';
import { activity } from './activity.js';
import type { ActivityDependencies, Attempt, Outcome, TenantSpec } from './attempt.js';
import { heldItem, type HeldItem } from './edition-items.js';
import { changesBetween, hasQuota, isOnWithQuota, isSameItem } from './item-changes.js';
import { withoutRepeats, type WantedItem } from './offer.js';
import { hasBegun, outcomeSoFar, undoOne, type StepToUndo, type UndoResult } from './undo.js';

interface FormerItems extends TenantSpec {
  /** The items that the step was told to switch on, with their quotas. */
  items: WantedItem[];
  /** The items that were on before the step. */
  before: HeldItem[];
}

/** Items of a tenant of an earlier run: how they were, and how to put them back when this run fails. */
export function createAdoptedItemActivities(dependencies: ActivityDependencies) {
  return {
    /** Reads which items a tenant has, with their quotas. Changes nothing. */
    findHeldItems: activity.look(dependencies, findHeldItems),
    /**
     * Puts items back to what they were: off again, or with the former quota. Items that others have changed since stay
     * and are named, and so do items that were off and are in use now. After a lost answer all of them stay, unless
     * each is as the step would have left it. Safe to repeat.
     */
    restoreItems: activity.undo(dependencies, restoreItems),
  };
}

async function findHeldItems({ tenantId }: TenantSpec, { acronis }: Attempt): Promise<Outcome<HeldItem[]>> {
  const rows = withoutRepeats(await acronis.offeringItems.list(tenantId));
  return { result: rows.filter(({ status }) => status === 1).map(heldItem) };
}

async function restoreItems(spec: FormerItems & StepToUndo, attempt: Attempt): Promise<UndoResult> {
  const { tenantId } = spec;
  const { offeringItems } = attempt.acronis;
  return await undoOne(attempt, {
    mayBeLate: false,
    find: async () => await itemsToRestore(spec, attempt),
    keep: ({ changes, leftovers }) => (changes.length === 0 ? outcomeSoFar(attempt, leftovers) : undefined),
    async act({ changes, leftovers }) {
      await offeringItems.put(tenantId, changes);
      return leftovers;
    },
  });
}

async function itemsToRestore(
  { tenantId, items, before, doubted = false }: FormerItems & StepToUndo,
  attempt: Attempt,
): Promise<{ changes: OfferingItemChange[]; leftovers: Leftover[] }> {
  const { acronis } = attempt;
  const present = withoutRepeats(await acronis.offeringItems.list(tenantId));
  const formerOf = (item: WantedItem) => before.find((one) => isSameItem(one, item));
  const changesBack = (item: WantedItem) => changesBetween(present, changeBack(item, formerOf(item)));
  const differing = items.filter((item) => {
    const former = formerOf(item);
    return former === undefined || !hasQuota(former, item.quota);
  });
  const changed = differing.filter((item) => changesBack(item).length > 0);
  const ours = changed.filter((item) => isOnWithQuota(item, present));
  const named = (why: string, some: readonly WantedItem[]) => leftAsTheyAre(tenantId, why, some);
  if (doubted && !hasBegun(attempt) && ours.length > 0 && ours.length < differing.length)
    return { changes: [], leftovers: named('somebody else has changed them too', changed) };
  const used = (await acronis.usages.list(tenantId)).filter(({ absolute_value }) => absolute_value > 0);
  const inUse = ours.filter((item) => formerOf(item) === undefined && used.some(({ name }) => name === item.name));
  const others = changed.filter((item) => !ours.includes(item));
  return {
    changes: ours.filter((item) => !inUse.includes(item)).flatMap(changesBack),
    leftovers: [...named('in use by now', inUse), ...named('others have changed them since', others)],
  };
}

/** An item without a quota was unlimited. */
function changeBack(item: WantedItem, former: HeldItem | undefined): { on: WantedItem[]; off: WantedItem[] } {
  if (former === undefined) return { on: [], off: [item] };
  return { on: [{ ...item, quota: former.quota ?? { value: null, overage: null } }], off: [] };
}

function leftAsTheyAre(tenantId: string, why: string, items: readonly WantedItem[]): Leftover[] {
  if (items.length === 0) return [];
  const names = items.map(({ name }) => name).join(', ');
  return [{ kind: 'setting', id: tenantId, reason: `${why}, so these items are left as they are now: ${names}` }];
}
