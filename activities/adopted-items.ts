import type { OfferingItemChange } from '../acronis/index.js';
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
import { withoutRepeats, type WantedItem } from './offer.js';
import { hasBegun, leaveAsIs, outcomeSoFar, undoOne, type StepToUndo, type UndoResult } from './undo.js';

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
  { tenantId, items, off = [], before, doubted = false }: FormerItems & StepToUndo,
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
  const used = (await acronis.usages.list(tenantId)).filter(({ absolute_value }) => absolute_value > 0);
  const inUse = ours.filter((item) => formerOf(item) === undefined && used.some(({ name }) => name === item.name));
  const others = changed.filter((item) => !ours.includes(item));
  return {
    changes: ours.filter((item) => !inUse.includes(item)).flatMap((item) => changesBetween(present, asBefore(item))),
    leftovers: [...named('in use by now', inUse), ...named('others have changed them since', others)],
  };
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

function leftAsTheyAre(tenantId: string, why: string, items: readonly Identity[]): Leftover[] {
  if (items.length === 0) return [];
  return [
    { kind: 'setting', id: tenantId, reason: `${why}, so these items are left as they are now: ${namesOf(items)}` },
  ];
}

function namesOf(items: readonly Identity[]): string {
  return items.map(({ name }) => name).join(', ');
}
