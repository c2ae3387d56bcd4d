import type { Acronis, OfferingItem } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';

import { activity } from './activity.js';
import { unlessUsed } from './adopted-items.js';
import { earlierTries } from './attempt.js';
import type { ActivityDependencies, Attempt, Outcome, StepTries, TenantSpec } from './attempt.js';
import { counterparts, heldItem, isHeld, namesChangedSince, withFormerQuotas, type HeldItem } from './edition-items.js';
import { refuse } from './failures.js';
import { changesBetween, isSameItem } from './item-changes.js';
import { changeMissing, foundDone, lookAgain, mayBeDone, type Doubtful } from './lost-answers.js';
import { withoutRepeats } from './offer.js';
import {
  beginUndo,
  hasBegun,
  leaveAsIs,
  outcomeSoFar,
  PERHAPS_BY_OTHERS,
  type StepToUndo,
  type UndoResult,
} from './undo.js';

interface SwitchSpec extends TenantSpec {
  parentTenantId: string;
  to: string;
  method: 'edition' | 'offeringItems';
  acceptWarnings: boolean;
}

/** What a switch of editions means for a tenant. */
export interface EditionChange {
  applicationId: string;
  /** The present edition of the tenant. */
  from: string;
  /** The items of that edition that the tenant has. */
  before: HeldItem[];
  /** The items that replace them; empty unless the method is `offeringItems`. */
  after: HeldItem[];
  warnings: string[];
}

interface EditionSpec extends TenantSpec {
  applicationId: string;
  edition: string;
}

/**
 * @see https://developer.acronis.com/doc/account-management/v2/guide/ (editions)
 */
export function createEditionActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Finds the present edition of the tenant and what a switch would change, by the vendor's dry run. Changes nothing.
     * Fails with `Tenantry.NotOffered` when the parent lacks the edition, and with `Acronis.Rejected` when the switch
     * is impossible or its warnings are not accepted.
     */
    findEdition: activity.look(dependencies, findEdition),
    /** Switches the tenant to this edition. Safe to repeat: any try but the first looks before it switches. */
    switchEdition: activity.change(dependencies, switchEdition),
    /**
     * Switches some items off and others on, with their quotas, in one call, because a tenant must not have two
     * editions in between. Safe to repeat: it reads the items, sends quotas with their present version, and sends
     * nothing when nothing differs.
     */
    switchItems: activity.change(dependencies, switchItems),
    /** Gives items of an edition the former quotas of the same usage. Safe to repeat: sends only what differs. */
    carryOverQuotas: activity.change(dependencies, carryOverQuotas),
    /**
     * Gives a tenant its former edition again, with exactly the items that it had. Leaves a tenant alone that does not
     * have the new edition. Where somebody has added items or changed quotas since, it switches nothing back and names
     * a leftover. After a lost answer it looks for the new edition during a minute, and names it when it does not
     * appear. Safe to repeat.
     */
    restoreEdition: activity.undo(dependencies, restoreEdition),
  };
}

async function findEdition(
  { tenantId, parentTenantId, to, method, acceptWarnings }: SwitchSpec,
  { acronis }: Attempt,
): Promise<Outcome<EditionChange>> {
  const [available, items] = await Promise.all([
    acronis.offeringItems.availableForChild(parentTenantId, { kind: 'customer' }).then(withoutRepeats),
    acronis.offeringItems.list(tenantId).then(withoutRepeats),
  ]);
  const offered = available.filter(({ edition }) => edition === to);
  const [first] = offered;
  if (first === undefined) throw notOffered(to, available);
  // the vendor has no edition that belongs to two applications
  const applicationId = first.application_id;
  const held = items.filter((item) => isHeld(item, applicationId));
  const from = held[0]?.edition;
  if (typeof from !== 'string')
    throw refuse(FailureType.Rejected, `to: the tenant has no edition to switch to ${to} from; give it items first`);
  const before = held.map(heldItem);
  if (from === to) return { result: { applicationId, from, before, after: [], warnings: [] } };
  const warnings = await acronis.editions.check(tenantId, { applicationId, edition: to });
  if (warnings.length > 0 && !acceptWarnings)
    throw refuse(FailureType.Rejected, `acceptWarnings: must be true, because the cloud warns: ${warnings.join(', ')}`);
  if (method === 'edition') return { result: { applicationId, from, before, after: [], warnings } };
  const { items: after, unplaced } = counterparts(held, offered);
  if (unplaced.length === 0) return { result: { applicationId, from, before, after, warnings } };
  const sentence = `to: several storages or sites are offered for ${unplaced.join(', ')}, and the present one is not among them`;
  throw refuse(FailureType.NotOffered, sentence);
}

function notOffered(edition: string, available: readonly OfferingItem[]) {
  const known = [...new Set(available.flatMap((item) => item.edition ?? []))];
  const sentence = `to: the parent does not offer ${JSON.stringify(edition)}, only ${known.join(', ') || 'none'}`;
  return refuse(FailureType.NotOffered, sentence);
}

async function switchEdition(
  { tenantId, applicationId, edition, ...before }: EditionSpec & StepTries & { look: boolean },
  attempt: Attempt,
): Promise<Outcome<Doubtful | null>> {
  const { acronis } = attempt;
  const tries = earlierTries(before, attempt);
  const held = tries !== 'none' ? await heldOf(acronis, { tenantId, applicationId }) : [];
  if (held.length > 0 && held.every((item) => item.edition === edition))
    return { result: foundDone(attempt), adopted: true, changed: tries === 'maybeDone' };
  const change = async () => await acronis.editions.switch(tenantId, { applicationId, edition });
  await changeMissing(attempt, mayBeDone(before, attempt), change);
  return { result: null };
}

async function switchItems(
  { tenantId, off, on }: TenantSpec & { off: HeldItem[]; on: HeldItem[] },
  attempt: Attempt,
): Promise<Outcome<Doubtful | null>> {
  const { acronis, mayHaveActed } = attempt;
  const changes = changesBetween(await acronis.offeringItems.list(tenantId), { on, off });
  if (changes.length === 0) return { result: foundDone(attempt), adopted: true, changed: mayHaveActed };
  await changeMissing(attempt, mayHaveActed, async () => await acronis.offeringItems.put(tenantId, changes));
  return { result: null };
}

async function carryOverQuotas(
  { tenantId, applicationId, before }: EditionSpec & { before: HeldItem[] },
  { acronis, mayHaveActed }: Attempt,
): Promise<Outcome<null>> {
  const held = await heldOf(acronis, { tenantId, applicationId });
  const changes = changesBetween(held, { on: withFormerQuotas(held, before), off: [] });
  if (changes.length === 0) return { result: null, adopted: true, changed: mayHaveActed };
  await acronis.offeringItems.put(tenantId, changes);
  return { result: null };
}

interface FormerEdition extends EditionSpec, Pick<SwitchSpec, 'method'> {
  before: HeldItem[];
  /** The edition to which the run has switched; absent in tasks of earlier versions. */
  to?: string;
}

async function restoreEdition(spec: FormerEdition & StepToUndo, attempt: Attempt): Promise<UndoResult> {
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
  let wanted = itemsBack(items, spec);
  if (changesBetween(items, wanted).length === 0) return { result: outcomeSoFar(attempt) };
  beginUndo(attempt);
  if (method === 'edition') {
    await acronis.editions.switch(tenantId, { applicationId, edition });
    items = withoutRepeats(await acronis.offeringItems.list(tenantId));
    wanted = itemsBack(items, spec);
  }
  // items that have no counterpart in the other edition
  const { changes, inUse } = await unlessUsed(acronis, tenantId, [wanted], items);
  if (changes.length > 0) await acronis.offeringItems.put(tenantId, changes);
  return { result: outcomeSoFar(attempt, inUse) };
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

async function heldOf(acronis: Acronis, { tenantId, applicationId }: Pick<EditionSpec, 'tenantId' | 'applicationId'>) {
  const items = withoutRepeats(await acronis.offeringItems.list(tenantId));
  return items.filter((item) => isHeld(item, applicationId));
}
