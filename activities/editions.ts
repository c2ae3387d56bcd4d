import type { Acronis, OfferingItem } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';

import { activity } from './activity.js';
import { earlierTries } from './attempt.js';
import type { ActivityDependencies, Attempt, Outcome, StepTries, TenantSpec } from './attempt.js';
import {
  counterparts,
  heldItem,
  isHeld,
  namesChangedFrom,
  namesChangedSince,
  withFormerQuotas,
  type HeldItem,
} from './edition-items.js';
import { refuse } from './failures.js';
import { changesBetween } from './item-changes.js';
import { setAsideUsed } from './item-use.js';
import type { NotDoneItem } from '../workflows/change-entitlement/contract.js';
import { changeMissing, foundDone, mayBeDone, type Doubtful } from './lost-answers.js';
import { withoutRepeats } from './offer.js';
import { restoreEdition } from './former-editions.js';

/** What switches a tenant. */
export interface SwitchSpec extends TenantSpec {
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

export interface EditionSpec extends TenantSpec {
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
    /**
     * Switches the tenant to this edition. Fails with `Tenantry.Unexpected` when its items are not as they were found.
     * Safe to repeat: it looks before it switches.
     */
    switchEdition: activity.change(dependencies, switchEdition),
    /**
     * Switches some items off and others on, with their quotas, in one call, because a tenant must not have two
     * editions in between. Fails with `Tenantry.Unexpected` when the items of the former edition are not as they were
     * found. Safe to repeat: it reads the items, sends quotas with their present version, and sends
     * nothing when nothing differs.
     */
    switchItems: activity.change(dependencies, switchItems),
    /**
     * Gives items of an edition the former quotas of the same usage. Leaves, and names, a quota that would fall below the
     * use, and one that somebody has set before a later try. Safe to repeat: sends only what differs.
     */
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
  {
    tenantId,
    applicationId,
    edition,
    before,
    ...tried
  }: EditionSpec & StepTries & { look: boolean; before?: HeldItem[] },
  attempt: Attempt,
): Promise<Outcome<Doubtful | null>> {
  const { acronis } = attempt;
  const tries = earlierTries(tried, attempt);
  const held = tries !== 'none' || before ? await heldOf(acronis, { tenantId, applicationId }) : [];
  if (held.length > 0 && held.every((item) => item.edition === edition))
    return { result: foundDone(attempt), adopted: true, changed: tries === 'maybeDone' };
  if (before !== undefined) checkAsFound(held, before);
  const change = async () => await acronis.editions.switch(tenantId, { applicationId, edition });
  await changeMissing(attempt, mayBeDone(tried, attempt), change);
  return { result: null };
}

async function switchItems(
  { tenantId, off, on }: TenantSpec & { off: HeldItem[]; on: HeldItem[] },
  attempt: Attempt,
): Promise<Outcome<Doubtful | null>> {
  const { acronis, mayHaveActed } = attempt;
  const present = withoutRepeats(await acronis.offeringItems.list(tenantId));
  const changes = changesBetween(present, { on, off });
  if (changes.length === 0) return { result: foundDone(attempt), adopted: true, changed: mayHaveActed };
  const applications = off.map(({ application_id }) => application_id);
  checkAsFound(
    present.filter((item) => applications.some((id) => isHeld(item, id))),
    off,
  );
  await changeMissing(attempt, mayHaveActed, async () => await acronis.offeringItems.put(tenantId, changes));
  return { result: null };
}

/** The undo, and the quotas that are carried over, are of the items as they were found. */
function checkAsFound(held: readonly OfferingItem[], before: readonly HeldItem[]): void {
  const changed = namesChangedFrom(held, before);
  if (changed.length === 0) return;
  const sentence = `somebody has changed ${changed.join(', ')} meanwhile: put it back in the console, then retry; or give this run up (abort), and order again`;
  throw refuse(FailureType.Unexpected, sentence);
}

type CarryOverSpec = EditionSpec & StepTries & { before: HeldItem[] };

async function carryOverQuotas(
  { tenantId, applicationId, before, ...tried }: CarryOverSpec,
  attempt: Attempt,
): Promise<Outcome<{ notDone: Pick<NotDoneItem, 'field' | 'why'>[] }>> {
  const { acronis, mayHaveActed } = attempt;
  const held = await heldOf(acronis, { tenantId, applicationId });
  // at the first try nobody has had the time
  const theirs = earlierTries(tried, attempt) === 'none' ? [] : namesChangedSince(held, before);
  const ordered = withFormerQuotas(held, before).map((item) => ({ ...item, field: `quotas.${item.name}` }));
  const ours = ordered.filter(({ name }) => !theirs.includes(name));
  const { on, notDone } = await setAsideUsed(acronis, tenantId, { on: ours, off: [] }, held);
  const changes = changesBetween(held, { on, off: [] });
  const left = theirs.map((name) => ({
    field: `quotas.${name}`,
    why: 'somebody has set another quota since the switch',
  }));
  const result = { notDone: [...notDone.map(({ field, why }) => ({ field, why })), ...left] };
  if (changes.length === 0) return { result, adopted: true, changed: mayHaveActed };
  await acronis.offeringItems.put(tenantId, changes);
  return { result };
}

async function heldOf(acronis: Acronis, { tenantId, applicationId }: Pick<EditionSpec, 'tenantId' | 'applicationId'>) {
  const items = withoutRepeats(await acronis.offeringItems.list(tenantId));
  return items.filter((item) => isHeld(item, applicationId));
}
