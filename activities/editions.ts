import type { Acronis, OfferingItem } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import type { Leftover } from '../contract/status.js';
import type { UndoOutcome } from '../contract/steps.js';
import { activity, mayBeDone, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { counterparts, heldItem, isHeld, touchedSince, withFormerQuotas, type HeldItem } from './edition-items.js';
import { refuse } from './failures.js';
import { changesBetween, isSame } from './item-changes.js';
import { lookAgain } from './looking-again.js';
import { unrepeated } from './offer.js';

interface Wish {
  cloud: string;
  tenantId: string;
  parentTenantId: string;
  to: string;
  method: 'edition' | 'offeringItems';
  acceptWarnings: boolean;
}

/** What a switch of editions means for a tenant. */
export interface EditionChange {
  applicationId: string;
  /** The edition that the tenant has now. */
  from: string;
  /** What it has of that edition. */
  before: HeldItem[];
  /** What it is to have in its place; only where items are put off and on. */
  after: HeldItem[];
  warnings: string[];
}

interface Edition {
  cloud: string;
  tenantId: string;
  applicationId: string;
  edition: string;
}

/** @see https://developer.acronis.com/doc/account-management/v2/guide/ (editions) */
export function createEditionActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Finds which edition the tenant has now and what a switch would mean, by the vendor's dry run. Changes nothing. Fails with `Tenantry.NotOffered`
     * when the parent lacks the edition, and with `Acronis.Rejected` when the switch is impossible or its warnings are not accepted.
     */
    findEdition: activity(dependencies, patience.look, findEdition),
    /** Makes sure that the tenant has this edition. Safe to repeat: any try but the first looks before it switches. */
    switchEdition: activity(dependencies, patience.change, switchEdition),
    /**
     * Makes sure that some items are off and others on, with their quotas, in one call, since a tenant may not have two editions in between. Safe to
     * repeat: reads what is there, sends quotas with their present version, and sends nothing when all is so already.
     */
    switchItems: activity(dependencies, patience.change, switchItems),
    /** Makes sure that the items of an edition have the quotas that items of the same usage had before. Safe to repeat: sends only what differs. */
    carryOverQuotas: activity(dependencies, patience.change, carryOverQuotas),
    /**
     * Gives a tenant its former edition again, and of it exactly what it had; a tenant that does not have the other edition is left as it is. Where
     * somebody has added items or changed quotas since, nothing is switched back, and that is named as a leftover. After a lost answer the other edition
     * is looked for, for a minute, and then named. Safe to repeat.
     */
    restoreEdition: activity(dependencies, patience.undo, restoreEdition),
  };
}

async function findEdition(
  { tenantId, parentTenantId, to, method, acceptWarnings }: Wish,
  { acronis }: Attempt,
): Promise<Found<EditionChange>> {
  const [available, items] = await Promise.all([
    acronis.offeringItems.availableForChild(parentTenantId, { kind: 'customer' }).then(unrepeated),
    acronis.offeringItems.list(tenantId).then(unrepeated),
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
  { tenantId, applicationId, edition, ...before }: Edition & { look: boolean; unsure?: boolean },
  attempt: Attempt,
): Promise<Found<null>> {
  const { acronis, first } = attempt;
  const held = before.look || !first ? await heldOf(acronis, { tenantId, applicationId }) : [];
  if (held.length > 0 && held.every((item) => item.edition === edition))
    return { result: null, adopted: true, changed: mayBeDone(before, attempt) };
  await acronis.editions.switch(tenantId, { applicationId, edition });
  return { result: null };
}

async function switchItems(
  { tenantId, off, on }: { cloud: string; tenantId: string; off: HeldItem[]; on: HeldItem[] },
  { acronis, unsure }: Attempt,
): Promise<Found<null>> {
  const changes = changesBetween(await acronis.offeringItems.list(tenantId), { on, off });
  if (changes.length === 0) return { result: null, adopted: true, changed: unsure };
  await acronis.offeringItems.put(tenantId, changes);
  return { result: null };
}

async function carryOverQuotas(
  { tenantId, applicationId, before }: Edition & { before: HeldItem[] },
  { acronis, unsure }: Attempt,
): Promise<Found<null>> {
  const held = await heldOf(acronis, { tenantId, applicationId });
  const changes = changesBetween(held, { on: withFormerQuotas(held, before), off: [] });
  if (changes.length === 0) return { result: null, adopted: true, changed: unsure };
  await acronis.offeringItems.put(tenantId, changes);
  return { result: null };
}

interface FormerEdition extends Edition, Pick<Wish, 'method'> {
  before: HeldItem[];
  /** The edition to which the run has switched; absent in a task that an earlier version gave out. */
  to?: string;
}

async function restoreEdition(
  {
    tenantId,
    applicationId,
    edition,
    before,
    method,
    to,
    doubted,
  }: FormerEdition & { doubted?: boolean; unsure: boolean },
  attempt: Attempt,
): Promise<Found<UndoOutcome>> {
  const { acronis, memory, unsure, remember } = attempt;
  const outstanding = (items: readonly OfferingItem[]) => {
    const off = items
      .filter((item) => isHeld(item, applicationId))
      .map(heldItem)
      .filter((item) => !before.some((one) => isSame(one, item)));
    return changesBetween(items, { on: before, off });
  };
  const undone = () => ({ undone: memory.removing === true, leftovers: [] });
  let items = unrepeated(await acronis.offeringItems.list(tenantId));
  // an earlier try may have begun already
  if (memory.removing !== true && !unsure && to !== undefined) {
    const seen = await switched({ tenantId, applicationId, edition: to }, { items, doubted }, attempt);
    if (seen === undefined) return { result: { undone: false, leftovers: [mayStillCome(tenantId, to)] } };
    items = seen;
    const ours = items.filter((item) => isHeld(item, applicationId) && item.edition === to);
    if (ours.length === 0) return { result: undone() };
    const touched = touchedSince(ours, before);
    if (touched.length > 0) return { result: { undone: false, leftovers: [changedByOthers(tenantId, touched)] } };
  }
  let changes = outstanding(items);
  if (changes.length === 0) return { result: undone() };
  memory.removing = true;
  remember();
  if (method === 'edition') {
    await acronis.editions.switch(tenantId, { applicationId, edition });
    changes = outstanding(unrepeated(await acronis.offeringItems.list(tenantId)));
  }
  // what had no counterpart
  if (changes.length > 0) await acronis.offeringItems.put(tenantId, changes);
  return { result: undone() };
}

/** What the tenant has; after a lost answer only once something of the other edition is seen, and undefined where that does not come. */
async function switched(
  { tenantId, applicationId, edition }: Omit<Edition, 'cloud'>,
  { items, doubted = false }: { items: OfferingItem[]; doubted: boolean | undefined },
  attempt: Attempt,
): Promise<OfferingItem[] | undefined> {
  const isThere = (item: OfferingItem) => isHeld(item, applicationId) && item.edition === edition;
  if (!doubted || items.some(isThere)) return items;
  return await lookAgain(attempt, async () => {
    const now = unrepeated(await attempt.acronis.offeringItems.list(tenantId));
    return now.some(isThere) ? now : undefined;
  });
}

function mayStillCome(tenantId: string, edition: string): Leftover {
  return { kind: 'setting', id: tenantId, reason: `a call that was never answered may still switch to ${edition}` };
}

function changedByOthers(tenantId: string, names: readonly string[]): Leftover {
  const reason = `others have changed ${names.join(', ')} since, so the former edition is not switched back`;
  return { kind: 'setting', id: tenantId, reason };
}

async function heldOf(acronis: Acronis, { tenantId, applicationId }: Pick<Edition, 'tenantId' | 'applicationId'>) {
  const items = unrepeated(await acronis.offeringItems.list(tenantId));
  return items.filter((item) => isHeld(item, applicationId));
}
