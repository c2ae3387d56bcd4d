import { isNotFound, type Acronis, type OfferingItem, type OfferingItemChange } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import type { PutItems } from '../contract/put-items.js';
import type { Leftover } from '../contract/status.js';
import { activity } from './activity.js';
import {
  earlierTries,
  type ActivityDependencies,
  type Attempt,
  type Outcome,
  type StepTries,
  type TenantSpec,
} from './attempt.js';
import { refuse } from './failures.js';
import { changesBetween, findRow, hasQuota, isOnWithQuota, switchOnChange, UNLIMITED } from './item-changes.js';
import { setAsideUsed } from './item-use.js';
import { putItems, putSoFar, switchedOn } from './item-puts.js';
import { selectAllItems, selectItems, type ItemSelection, type ItemWish, type WantedItem } from './offer.js';
import { changeMissing, foundDone, mayBeDone, type Doubtful } from './lost-answers.js';
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

interface OfferSpec extends ItemWish {
  cloud: string;
  parentTenantId: string | undefined;
}

interface WholesaleSpec {
  cloud: string;
  parentTenantId: string | undefined;
  /** Absent for all editions. */
  edition: string | undefined;
  quotas?: ItemWish['quotas'];
}

interface ItemsSpec extends TenantSpec, StepTries {
  items: WantedItem[];
  /** True when an earlier run may have switched the items on already. */
  look: boolean;
  /** True when an undo takes the items back one by one: then the answer says how each was before. */
  undoable?: boolean;
}

export function createOfferingItemActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Finds the ordered items among those that the parent offers, and the id of the parent. Changes nothing. Fails with
     * `Tenantry.NotOffered`, naming every item, quota and storage that does not fit.
     */
    findOfferingItems: activity.look(dependencies, findOfferingItems),
    /** Finds what the parent offers to a partner, and the id of the parent. Changes nothing. Fails as above. */
    findPartnerItems: activity.look(dependencies, findPartnerItems),
    /**
     * Gives the tenant these items with these quotas. Safe to repeat: any try but the first reads the items, sends
     * quotas with their present version, and sends nothing when nothing differs. Fails with `Tenantry.Unexpected` when a
     * quota of a tenant that was there before would fall below its use.
     */
    applyOfferingItems: activity.change(dependencies, applyOfferingItems),
    /**
     * Switches off the items that this run has switched on. Items that are in use by now, or have another quota, stay
     * on and are named. All of them stay on when an agent is in the tenant, or may be, because usage is counted late.
     * After a lost answer they stay on unless all of them are on: the call switches on all or none, so somebody else
     * has switched on a part. When none is on, it looks for them during a minute, and names them when they do not
     * appear. Safe to repeat.
     */
    switchItemsOff: activity.undo(dependencies, switchItemsOff),
  };
}

async function findOfferingItems({ parentTenantId, ...wish }: OfferSpec, { acronis }: Attempt) {
  const parent = parentTenantId ?? (await acronis.rootTenantId());
  return offer(
    parent,
    selectItems(await readOffer(acronis, { parent, kind: 'customer', field: 'customer.parentTenantId' }), wish),
  );
}

async function findPartnerItems({ parentTenantId, edition, quotas = {} }: WholesaleSpec, { acronis }: Attempt) {
  const parent = parentTenantId ?? (await acronis.rootTenantId());
  return offer(
    parent,
    selectAllItems(await readOffer(acronis, { parent, kind: 'partner', field: 'partner.parentTenantId' }), {
      edition,
      quotas,
    }),
  );
}

function offer(parentTenantId: string, { items, switches, problems }: ItemSelection) {
  if (problems.length > 0) throw refuse(FailureType.NotOffered, problems.join('; '));
  return { result: { parentTenantId, items, switches, names: [...new Set(items.map(({ name }) => name))] } };
}

interface SwitchedOn extends TenantSpec, StepToUndo {
  items: WantedItem[];
  /** What the step has answered; null when no answer came, absent in tasks of earlier versions. */
  came?: PutItems | null;
}

async function switchItemsOff(spec: SwitchedOn, attempt: Attempt): Promise<UndoResult> {
  const { tenantId, items, doubted = false } = spec;
  const { offeringItems } = attempt.acronis;
  return await undoOne(attempt, {
    mayBeLate: doubted && !hasBegun(attempt),
    ifAbsent: leaveAsIs('setting', tenantId, `a call that was never answered may still switch on: ${namesOf(items)}`),
    find: async () => await itemsToSwitchOff(spec, attempt),
    keep: ({ off, leftovers }) => (off.length === 0 ? outcomeSoFar(attempt, leftovers) : undefined),
    async act({ off, leftovers }) {
      await offeringItems.put(tenantId, off);
      return leftovers;
    },
  });
}

/** The items that nobody uses, and those that stay on; undefined when none of them is on. */
async function itemsToSwitchOff(
  { tenantId, items: ordered, came, doubted = false, doubtful = false }: SwitchedOn,
  attempt: Attempt,
): Promise<{ off: OfferingItemChange[]; leftovers: Leftover[] } | undefined> {
  const { acronis } = attempt;
  const present = await acronis.offeringItems.list(tenantId);
  const isOn = (item: WantedItem) => findRow(item, present)?.status === 1;
  const { own: items, others } = switchedOn(ordered, came ?? {});
  const theirs = leftOn(tenantId, PERHAPS_BY_OTHERS, others.filter(isOn));
  const on = items.filter(isOn);
  if (on.length === 0) return theirs.length === 0 ? undefined : { off: [], leftovers: theirs };
  if (doubtful) return { off: [], leftovers: leftOn(tenantId, PERHAPS_BY_OTHERS, [...on, ...others.filter(isOn)]) };
  if (doubted && !hasBegun(attempt) && on.length < items.length)
    return { off: [], leftovers: [...theirs, ...leftOn(tenantId, 'somebody else has changed them too', on)] };
  const other = on.filter((item) => !hasQuota(findRow(item, present), item.quota ?? UNLIMITED));
  const same = on.filter((item) => !other.includes(item));
  const { why, inUse } = await itemsInUse(acronis, tenantId, same);
  return {
    off: changesBetween(present, { on: [], off: same.filter((item) => !inUse.includes(item)) }),
    leftovers: [
      ...theirs,
      ...leftOn(tenantId, 'somebody has changed the quota', other),
      ...leftOn(tenantId, why, inUse),
    ],
  };
}

/** The items that are in use, and why. An agent may use each of them: usage is counted only every half hour. */
async function itemsInUse(acronis: Acronis, tenantId: string, items: WantedItem[]) {
  if (items.length === 0) return { why: '', inUse: [] };
  const why = await whyAgentsUse(acronis, tenantId);
  if (why !== undefined) return { why, inUse: items };
  const used = (await acronis.usages.list(tenantId)).filter(({ absolute_value }) => absolute_value > 0);
  return { why: 'in use by now', inUse: items.filter((item) => used.some(({ name }) => name === item.name)) };
}

function namesOf(items: readonly WantedItem[]): string {
  return items.map(({ name }) => name).join(', ');
}

function leftOn(tenantId: string, why: string, items: readonly WantedItem[]): Leftover[] {
  if (items.length === 0) return [];
  return [{ kind: 'setting', id: tenantId, reason: `${why}, so left on: ${namesOf(items)}` }];
}

interface ItemsNow {
  tenantId: string;
  items: readonly WantedItem[];
  present: readonly OfferingItem[];
}

/** Fails when the order would lower a quota below what people use by now: their backups would stop. */
async function checkAboveUse(acronis: Acronis, { tenantId, items, present }: ItemsNow): Promise<void> {
  const on = items.map((item) => ({ ...item, field: `quotas.${item.name}` }));
  const { notDone } = await setAsideUsed(acronis, tenantId, { on, off: [] }, present);
  if (notDone.length === 0) return;
  throw refuse(
    FailureType.Unexpected,
    `${notDone.map(({ field, why }) => `${field}: ${why}`).join('; ')}. Somebody has raised this since. ` +
      'Amend the order with a quota that is no lower, or give this run up (abort) and use changeEntitlement',
  );
}

interface Offering {
  parent: string;
  kind: string;
  /** The field of the order that names the parent. */
  field: string;
}

/**
 * The items that a parent offers to a child of this kind. Fails with `Acronis.Rejected` when there is no such parent.
 */
export async function readOffer(
  acronis: Attempt['acronis'],
  { parent, kind, field }: Offering,
): Promise<OfferingItem[]> {
  try {
    return await acronis.offeringItems.availableForChild(parent, { kind });
  } catch (error) {
    if (isNotFound(error)) throw refuse(FailureType.Rejected, `${field}: ${error.message}`);
    throw error;
  }
}

async function applyOfferingItems(
  spec: ItemsSpec,
  attempt: Attempt,
): Promise<Outcome<(Partial<Doubtful> & PutItems) | null>> {
  const { tenantId, items, look } = spec;
  const { acronis } = attempt;
  const present = earlierTries({ look }, attempt) !== 'none' ? await acronis.offeringItems.list(tenantId) : [];
  if (items.every((item) => isOnWithQuota(item, present)))
    return { result: answerOf(attempt, putSoFar(attempt)), adopted: true, changed: attempt.mayHaveActed };
  await checkAboveUse(acronis, { tenantId, items, present });
  const changes = items.map((item) => switchOnChange(item, present));
  const maybeDone = mayBeDone(spec, attempt);
  const send = async () => await acronis.offeringItems.put(tenantId, changes);
  if (spec.undoable === true) return { result: await putItems(attempt, { present, changes, maybeDone, send }) };
  await changeMissing(attempt, maybeDone, send);
  return { result: null };
}

function answerOf(attempt: Attempt, put: PutItems): (Partial<Doubtful> & PutItems) | null {
  const doubtful = foundDone(attempt);
  return doubtful === null && put.put === undefined ? null : { ...doubtful, ...put };
}
