import type { Acronis, OfferingItem, OfferingItemChange } from '../acronis/index.js';
import type { Leftover } from '../contract/status.js';
import { activity } from './activity.js';
import type { ActivityDependencies, Attempt, Outcome, TenantSpec } from './attempt.js';
import { heldItem, type HeldItem } from './edition-items.js';
import {
  changesBetween,
  findRow,
  hasQuota,
  isOnWithQuota,
  isSameItem,
  UNLIMITED,
  type Identity,
} from './item-changes.js';
import { setAsideUsed, type OrderedItem } from './item-use.js';
import { withoutRepeats, type WantedItem } from './offer.js';
import {
  hasBegun,
  leaveAsIs,
  outcomeSoFar,
  PERHAPS_BY_OTHERS,
  undoOne,
  type StepToUndo,
  type UndoResult,
} from './undo.js';

interface FormerItems extends TenantSpec {
  /** The items that the step was told to switch on, with their quotas. */
  items: WantedItem[];
  /** The items that the step was told to switch off. */
  off?: Identity[];
  /** The items that were on before the step. */
  before: HeldItem[];
  /** True: after a lost answer it looks for the change during a minute, and names the items when it does not appear. */
  awaitsLate?: true;
}

/** Items of a tenant of an earlier run: how they were, and how to put them back when this run fails. */
export function createAdoptedItemActivities(dependencies: ActivityDependencies) {
  return {
    /** Reads which items a tenant has, with their quotas. Changes nothing. */
    findHeldItems: activity.look(dependencies, findHeldItems),
    /**
     * Puts items back to what they were: off again, on again, or with the former quota. Items that others have changed
     * since stay and are named, and so do items that were off and are in use now. After a lost answer all of them stay,
     * unless each is as the step would have left it. Safe to repeat.
     */
    restoreItems: activity.undo(dependencies, restoreItems),
  };
}

async function findHeldItems({ tenantId }: TenantSpec, { acronis }: Attempt): Promise<Outcome<HeldItem[]>> {
  const rows = withoutRepeats(await acronis.offeringItems.list(tenantId));
  return { result: rows.filter(({ status }) => status === 1).map(heldItem) };
}

async function restoreItems(spec: FormerItems & StepToUndo, attempt: Attempt): Promise<UndoResult> {
  const { tenantId, items, off = [], awaitsLate = false, doubted = false } = spec;
  const { offeringItems } = attempt.acronis;
  const late = `a call that was never answered may still change: ${namesOf([...items, ...off])}`;
  return await undoOne(attempt, {
    mayBeLate: awaitsLate && doubted && !hasBegun(attempt),
    ifAbsent: leaveAsIs('setting', tenantId, late),
    find: async () => await itemsToRestore(spec, attempt),
    keep: ({ changes, leftovers }) => (changes.length === 0 ? outcomeSoFar(attempt, leftovers) : undefined),
    async act({ changes, leftovers }) {
      await offeringItems.put(tenantId, changes);
      return leftovers;
    },
  });
}

/** What is not as it was before the step; undefined when nothing is. */
async function itemsToRestore(
  { tenantId, items, off = [], before, doubted = false, doubtful = false }: FormerItems & StepToUndo,
  attempt: Attempt,
): Promise<{ changes: OfferingItemChange[]; leftovers: Leftover[] } | undefined> {
  const { acronis } = attempt;
  const present = withoutRepeats(await acronis.offeringItems.list(tenantId));
  const formerOf = (item: Identity) => before.find((one) => isSameItem(one, item));
  const asBefore = (item: Identity) => changeBack(item, formerOf(item));
  const isChanged = (item: Identity) => changesBetween(present, asBefore(item)).length > 0;
  const differing = items.filter((item) => !isOnAlready(item, formerOf(item)));
  const changed = [...differing, ...off].filter(isChanged);
  if (changed.length === 0) return undefined;
  const ours = [
    ...differing.filter((item) => isChanged(item) && isOnWithQuota(item, present)),
    ...off.filter((item) => findRow(item, present)?.status !== 1),
  ];
  const named = (why: string, some: readonly Identity[]) => leftAsTheyAre(tenantId, why, some);
  if (doubted && !hasBegun(attempt) && ours.length > 0 && ours.length < differing.length + off.length)
    return { changes: [], leftovers: named('somebody else has changed them too', changed) };
  if (doubtful) return { changes: [], leftovers: named(PERHAPS_BY_OTHERS, changed) };
  const others = changed.filter((item) => !ours.includes(item));
  const { changes, inUse } = await unlessUsed(acronis, tenantId, ours.map(asBefore), present);
  return { changes, leftovers: [...inUse, ...named('others have changed them since', others)] };
}

/** True for an item that the step did not have to change. */
function isOnAlready({ quota }: WantedItem, former: HeldItem | undefined): boolean {
  return former !== undefined && hasQuota(former, quota);
}

/** An item without a quota was unlimited. */
function changeBack(item: Identity, former: HeldItem | undefined): { on: WantedItem[]; off: Identity[] } {
  if (former === undefined) return { on: [], off: [item] };
  return { on: [{ ...former, quota: former.quota ?? UNLIMITED }], off: [] };
}

/** The changes that put items back; what the tenant uses by now is named and stays: backups would stop without it. */
export async function unlessUsed(
  acronis: Acronis,
  tenantId: string,
  wanted: readonly { on: WantedItem[]; off: Identity[] }[],
  present: readonly OfferingItem[],
): Promise<{ changes: OfferingItemChange[]; inUse: Leftover[] }> {
  const on = wanted.flatMap((one) => one.on.map(toOrdered));
  const off = wanted.flatMap((one) => one.off.map(toOrdered));
  const { notDone, ...unused } = await setAsideUsed(acronis, tenantId, { on, off }, present);
  const inUse = [...on, ...off].filter(({ field }) => notDone.some((one) => one.field === field));
  const why = notDone.map((one) => one.why).join('; ');
  return { changes: changesBetween(present, unused), inUse: leftAsTheyAre(tenantId, `in use by now (${why})`, inUse) };
}

/** The field tells items of one name on several storages apart. */
function toOrdered({ infra_id, ...item }: Identity & Pick<WantedItem, 'quota'>): OrderedItem {
  const field = `${item.application_id} ${item.name} ${infra_id ?? ''}`;
  return { ...item, ...(infra_id && { infra_id }), field };
}

function leftAsTheyAre(tenantId: string, why: string, items: readonly Identity[]): Leftover[] {
  if (items.length === 0) return [];
  return [
    { kind: 'setting', id: tenantId, reason: `${why}, so these items are left as they are now: ${namesOf(items)}` },
  ];
}

function namesOf(items: readonly Identity[]): string {
  return items.map(({ name }) => name).join(', ');
}
