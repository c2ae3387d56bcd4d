import type { Acronis, OfferingItem, OfferingItemChange } from '../acronis/index.js';
import type { ItemState, PutItem, PutItems } from '../contract/put-items.js';
import type { Leftover } from '../contract/status.js';
import { activity } from './activity.js';
import type { ActivityDependencies, Attempt, Outcome, TenantSpec } from './attempt.js';
import { heldItem, type HeldItem } from './edition-items.js';
import { changesBetween, findRow, hasQuota, isSameItem, UNLIMITED, type Identity } from './item-changes.js';
import { isInState } from './item-puts.js';
import { setAsideUsed, takenAway, type OrderedItem } from './item-use.js';
import { withoutRepeats, type WantedItem } from './offer.js';
import { whyAgentsUse } from './tenant-contents.js';
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
  /** The items that were on before the step, as a look before it has shown. */
  before: HeldItem[];
  /** What the step has answered: this counts instead. Null when no answer came, absent in tasks of earlier versions. */
  came?: PutItems | null;
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
     * since stay and are named, and so do items that are in use now, or perhaps are because an agent is there, where less
     * would be allowed. After a lost answer all of them stay, unless each is as the step would have left it. Safe to
     * repeat.
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
  spec: FormerItems & StepToUndo,
  attempt: Attempt,
): Promise<{ changes: OfferingItemChange[]; leftovers: Leftover[] } | undefined> {
  const { tenantId, doubted = false, doubtful = false } = spec;
  const { acronis } = attempt;
  const present = withoutRepeats(await acronis.offeringItems.list(tenantId));
  const put = spec.came?.put ?? putByOrder(spec);
  const changed = put.filter((item) => !isInState(item.before, findRow(item, present)));
  if (changed.length === 0) return undefined;
  const asLeft = changed.filter((item) => isInState(item.after, findRow(item, present)));
  const named = (why: string, some: readonly Identity[]) => leftAsTheyAre(tenantId, why, some);
  if (doubted && !hasBegun(attempt) && asLeft.length > 0 && asLeft.length < put.length)
    return { changes: [], leftovers: named('somebody else has changed them too', changed) };
  if (doubtful) return { changes: [], leftovers: named(PERHAPS_BY_OTHERS, changed) };
  const ours = asLeft.filter((item) => item.doubtful !== true);
  const { changes, inUse } = await unlessUsed(acronis, tenantId, ours.map(changeBack), present);
  const others = changed.filter((item) => !asLeft.includes(item));
  const perhapsTheirs = asLeft.filter((item) => item.doubtful === true);
  const leftovers = [...named('others have changed them since', others), ...named(PERHAPS_BY_OTHERS, perhapsTheirs)];
  return { changes, leftovers: [...inUse, ...leftovers] };
}

/** What the step had to change by its order, when it has not answered what it has changed. */
function putByOrder({ items, off = [], before }: FormerItems): PutItem[] {
  const formerOf = (item: Identity) => before.find((one) => isSameItem(one, item));
  const differing = items.filter((item) => !isOnAlready(item, formerOf(item)));
  return [
    ...differing.map((item) => ({
      ...toId(item),
      before: stateBefore(formerOf(item)),
      after: item.quota ?? UNLIMITED,
    })),
    ...off.map((item) => ({ ...toId(item), before: stateBefore(formerOf(item)), after: 'off' as const })),
  ];
}

/** True for an item that the step did not have to change. */
function isOnAlready({ quota }: WantedItem, former: HeldItem | undefined): boolean {
  return former !== undefined && hasQuota(former, quota);
}

/** An item without a quota was unlimited. */
function stateBefore(former: HeldItem | undefined): ItemState {
  return former === undefined ? 'off' : (former.quota ?? UNLIMITED);
}

function toId({ application_id, name, infra_id }: Identity) {
  return { application_id, name, ...(infra_id != null && { infra_id }) };
}

function changeBack({ before, ...item }: PutItem): { on: WantedItem[]; off: Identity[] } {
  return before === 'off' ? { on: [], off: [item] } : { on: [{ ...toId(item), quota: before }], off: [] };
}

/**
 * The changes that put items back; what the tenant uses by now is named and stays: backups would stop without it. An agent
 * may use each item, because usage is counted only every half hour.
 */
export async function unlessUsed(
  acronis: Acronis,
  tenantId: string,
  wanted: readonly { on: WantedItem[]; off: Identity[] }[],
  present: readonly OfferingItem[],
): Promise<{ changes: OfferingItemChange[]; inUse: Leftover[] }> {
  const all = {
    on: wanted.flatMap((one) => one.on.map(toOrdered)),
    off: wanted.flatMap((one) => one.off.map(toOrdered)),
  };
  const taken = takenAway(all, present);
  const agents = taken.length === 0 ? undefined : await whyAgentsUse(acronis, tenantId);
  const held = agents === undefined ? [] : taken;
  const isFree = (item: OrderedItem) => !held.includes(item);
  const free = { on: all.on.filter(isFree), off: all.off.filter(isFree) };
  const { notDone, ...unused } = await setAsideUsed(acronis, tenantId, free, present);
  const inUse = [...free.on, ...free.off].filter(({ field }) => notDone.some((one) => one.field === field));
  const why = notDone.map((one) => one.why).join('; ');
  return {
    changes: changesBetween(present, unused),
    inUse: [
      ...leftAsTheyAre(tenantId, `perhaps in use (${agents})`, held),
      ...leftAsTheyAre(tenantId, `in use by now (${why})`, inUse),
    ],
  };
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
