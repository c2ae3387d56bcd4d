import { isAcronisError } from '../acronis/index.js';
import type { Leftover } from '../contract/status.js';
import type { UndoOutcome } from '../contract/steps.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { heldItem, type HeldItem } from './edition-items.js';
import { changesBetween, hasQuota, holds, isSame } from './item-changes.js';
import { unrepeated, type WantedItem } from './offer.js';

interface Place {
  cloud: string;
  tenantId: string;
}

interface Undoing {
  unsure: boolean;
  doubted?: boolean;
}

interface FormerItems extends Place {
  /** What the step was to switch on, with these quotas. */
  items: WantedItem[];
  /** What was on before it. */
  before: HeldItem[];
}

interface FormerTwoFactor extends Place {
  /** False where nobody could look: then it is named, and stays. */
  known: boolean;
}

/** What a run finds in a tenant that an earlier run has made, and puts back when it fails. */
export function createAdoptedSettingActivities(dependencies: ActivityDependencies) {
  return {
    /** Tells which items a tenant has, with their quotas. Changes nothing. */
    findHeldItems: activity(dependencies, patience.look, findHeldItems),
    /** Tells whether two-factor authentication is a duty in a tenant; null where nobody lets us look. Changes nothing. */
    findTwoFactor: activity(dependencies, patience.look, findTwoFactor),
    /**
     * Puts items back to what they were: off again, or with the former quota. What others have changed since, and what is in use by now and was off,
     * stays and is named; after a lost answer all of it, unless each item is as the step would have left it. Safe to repeat.
     */
    restoreItems: activity(dependencies, patience.undo, restoreItems),
    /** Makes two-factor authentication a duty no longer where it was none before. Safe to repeat: looks first. */
    restoreTwoFactor: activity(dependencies, patience.undo, restoreTwoFactor),
  };
}

async function findHeldItems({ tenantId }: Place, { acronis }: Attempt): Promise<Found<HeldItem[]>> {
  const rows = unrepeated(await acronis.offeringItems.list(tenantId));
  return { result: rows.filter(({ status }) => status === 1).map(heldItem) };
}

async function findTwoFactor({ tenantId }: Place, { acronis }: Attempt): Promise<Found<{ duty: boolean } | null>> {
  try {
    return { result: { duty: (await acronis.twoFactor.get(tenantId)).mfa_status === 'enabled' } };
  } catch (error) {
    // the step itself, which a person may skip, says so
    if (isAcronisError(error) && ['forbidden', 'not-found', 'rejected'].includes(error.kind)) return { result: null };
    throw error;
  }
}

async function restoreItems(
  { tenantId, items, before, doubted = false }: FormerItems & Undoing,
  { acronis, memory, remember }: Attempt,
): Promise<Found<UndoOutcome>> {
  const present = unrepeated(await acronis.offeringItems.list(tenantId));
  const formerOf = (item: WantedItem) => before.find((one) => isSame(one, item));
  const differing = items.filter((item) => {
    const former = formerOf(item);
    return former === undefined || !hasQuota(former, item.quota);
  });
  const isBack = (item: WantedItem) => changesBetween(present, changeBack(item, formerOf(item))).length === 0;
  const changed = differing.filter((item) => !isBack(item));
  const ours = changed.filter((item) => holds(item, present));
  const named = (why: string, some: readonly WantedItem[]) => leftAsTheyAre(tenantId, why, some);
  if (doubted && memory.removing !== true && ours.length > 0 && ours.length < differing.length)
    return { result: { undone: false, leftovers: named('somebody else has changed them too', changed) } };
  const used = (await acronis.usages.list(tenantId)).filter(({ absolute_value }) => absolute_value > 0);
  const inUse = ours.filter((item) => formerOf(item) === undefined && used.some(({ name }) => name === item.name));
  const changes = ours
    .filter((item) => !inUse.includes(item))
    .flatMap((item) => changesBetween(present, changeBack(item, formerOf(item))));
  if (changes.length > 0) {
    memory.removing = true;
    remember();
    await acronis.offeringItems.put(tenantId, changes);
  }
  const others = changed.filter((item) => !ours.includes(item));
  const leftovers = [...named('in use by now', inUse), ...named('others have changed them since', others)];
  return { result: { undone: memory.removing === true, leftovers } };
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

async function restoreTwoFactor(
  { tenantId, known }: FormerTwoFactor & Undoing,
  { acronis, memory, remember }: Attempt,
): Promise<Found<UndoOutcome>> {
  const { mfa_status: status } = await acronis.twoFactor.get(tenantId);
  if (status !== 'enabled') return { result: { undone: memory.removing === true, leftovers: [] } };
  if (!known) {
    const reason = 'two-factor authentication is a duty there, and nobody could look whether it was before';
    return { result: { undone: false, leftovers: [{ kind: 'setting', id: tenantId, reason }] } };
  }
  memory.removing = true;
  remember();
  await acronis.twoFactor.set(tenantId, false);
  return { result: { undone: true, leftovers: [] } };
}
