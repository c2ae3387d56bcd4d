import type { Acronis, OfferingItem } from '../acronis/index.js';
import { unlessUsed } from './adopted-items.js';
import type { Attempt } from './attempt.js';
import { countsAlike, heldItem, isHeld, namesChangedSince, type HeldItem } from './edition-items.js';
import type { EditionSpec, SwitchSpec } from './editions.js';
import { changesBetween, isOnWithQuota, isSameItem, UNLIMITED } from './item-changes.js';
import { lookAgain } from './lost-answers.js';
import { withoutRepeats, type WantedItem } from './offer.js';
import {
  beginUndo,
  hasBegun,
  leaveAsIs,
  outcomeSoFar,
  PERHAPS_BY_OTHERS,
  type StepToUndo,
  type UndoResult,
} from './undo.js';

interface FormerEdition extends EditionSpec, Pick<SwitchSpec, 'method'> {
  before: HeldItem[];
  /** The edition to which the run has switched; absent in tasks of earlier versions. */
  to?: string;
}

/** See the activity of this name. */
export async function restoreEdition(spec: FormerEdition & StepToUndo, attempt: Attempt): Promise<UndoResult> {
  const { tenantId, applicationId, edition, before, method, to, doubted, doubtful } = spec;
  const { acronis } = attempt;
  let items = withoutRepeats(await acronis.offeringItems.list(tenantId));
  // an earlier attempt may have begun already
  if (!hasBegun(attempt) && !attempt.mayHaveActed && to !== undefined) {
    const seen = await itemsWithEdition({ tenantId, applicationId, edition: to }, { items, doubted }, attempt);
    if (seen === undefined)
      return { result: leaveAsIs('setting', tenantId, `a call that was never answered may still switch to ${to}`) };
    items = seen;
    const ours = items.filter((item) => isHeld(item, applicationId) && item.edition === to);
    if (ours.length === 0) return { result: outcomeSoFar(attempt) };
    if (doubtful) return { result: leaveAsIs('setting', tenantId, `it has the edition ${to}: ${PERHAPS_BY_OTHERS}`) };
    const touched = namesChangedSince(ours, before);
    const reason = `others have changed ${touched.join(', ')} since, so the former edition is not switched back`;
    if (touched.length > 0) return { result: leaveAsIs('setting', tenantId, reason) };
  }
  const back = itemsBack(items, spec);
  if (changesBetween(items, back).length === 0) return { result: outcomeSoFar(attempt) };
  const { wanted: first, inUse: kept, stays } = await unlessUsedNow(acronis, { tenantId, items, ...back });
  if (stays.length > 0 && !hasBegun(attempt)) return { result: outcomeSoFar(attempt, stays) };
  beginUndo(attempt);
  if (method === 'edition') {
    await acronis.editions.switch(tenantId, { applicationId, edition });
    items = withoutRepeats(await acronis.offeringItems.list(tenantId));
    // items that have no counterpart in the other edition
    const { changes, inUse } = await unlessUsed(acronis, tenantId, [itemsBack(items, spec)], items);
    if (changes.length > 0) await acronis.offeringItems.put(tenantId, changes);
    return { result: outcomeSoFar(attempt, inUse) };
  }
  // all in one call: a tenant must not have two editions
  const changes = changesBetween(items, first);
  if (changes.length > 0) await acronis.offeringItems.put(tenantId, changes);
  return { result: outcomeSoFar(attempt, kept) };
}

interface BackSpec {
  tenantId: string;
  items: readonly OfferingItem[];
  /** The items of the former edition. */
  on: HeldItem[];
  /** The items of the new one. */
  off: HeldItem[];
}

/**
 * The former items, with the present quota where the former one is below the use, or perhaps is because an agent is there:
 * `inUse` names these. `stays` names items that only the new edition has and that are in use: nothing is switched back
 * then.
 */
async function unlessUsedNow(acronis: Acronis, { tenantId, items, on, off }: BackSpec) {
  const successorOf = (former: HeldItem) => off.find((one) => countsAlike(one, former));
  const only = off.filter((item) => !on.some((former) => countsAlike(former, item)));
  const lowered = on.flatMap((former) => {
    const now = successorOf(former);
    return now === undefined ? [] : [{ ...now, quota: former.quota ?? UNLIMITED }];
  });
  const { inUse: stays } = await unlessUsed(acronis, tenantId, [{ on: [], off: only }], items);
  const { changes, inUse } = await unlessUsed(acronis, tenantId, [{ on: lowered, off: [] }], items);
  const mayGet = (item: WantedItem) => isOnWithQuota(item, items) || changes.some((change) => isSameItem(change, item));
  const wanted = on.map((former) => {
    const now = successorOf(former);
    const isKept = now !== undefined && !mayGet({ ...now, quota: former.quota ?? UNLIMITED });
    return isKept ? { ...former, quota: now.quota ?? UNLIMITED } : former;
  });
  return { wanted: { on: wanted, off }, inUse, stays };
}

/** What differs from the items that the tenant had before. */
function itemsBack(items: readonly OfferingItem[], { applicationId, before }: FormerEdition) {
  const held = items.filter((item) => isHeld(item, applicationId)).map(heldItem);
  const off = held.filter((item) => !before.some((one) => isSameItem(one, item)));
  return { on: before, off };
}

/**
 * The items of the tenant. After a lost answer it waits for an item of the new edition; undefined when none appears.
 */
async function itemsWithEdition(
  { tenantId, applicationId, edition }: Omit<EditionSpec, 'cloud'>,
  { items, doubted = false }: { items: OfferingItem[]; doubted: boolean | undefined },
  attempt: Attempt,
): Promise<OfferingItem[] | undefined> {
  const isThere = (item: OfferingItem) => isHeld(item, applicationId) && item.edition === edition;
  if (!doubted || items.some(isThere)) return items;
  return await lookAgain(attempt, async () => {
    const now = withoutRepeats(await attempt.acronis.offeringItems.list(tenantId));
    return now.some(isThere) ? now : undefined;
  });
}
