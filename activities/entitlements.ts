import type { OfferingItem } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import type { PutItems } from '../contract/put-items.js';
import type { BelowUse } from '../contract/sales-plans.js';
import type { NotDoneItem } from '../workflows/change-entitlement/contract.js';
import type { Quota } from '../workflows/provision-customer/contract.js';
import { activity } from './activity.js';
import type { ActivityDependencies, Attempt, Outcome, TenantSpec } from './attempt.js';
import { heldItem, type HeldItem } from './edition-items.js';
import { refuse } from './failures.js';
import type { InfraChoice } from './infra.js';
import {
  changesBetween,
  findRow,
  hasQuota,
  isOnWithQuota,
  isSameItem,
  UNLIMITED,
  type Identity,
} from './item-changes.js';
import { setAsideUsed, type OrderedChanges, type OrderedItem } from './item-use.js';
import { putItems, putSoFar } from './item-puts.js';
import { foundDone } from './lost-answers.js';
import { chooseMissing } from './missing-items.js';
import { isSwitch, setQuota, wantedItem, withoutRepeats, type QuotasOfRows } from './offer.js';

interface EntitlementSpec extends TenantSpec, InfraChoice {
  kind: string;
  parentTenantId: string;
  offeringItems: string[];
  quotas: Record<string, Quota>;
  remove: string[];
  belowUse?: BelowUse | undefined;
}

/** What an order changes in a tenant, and what of it is not done. */
export interface EntitlementChanges extends OrderedChanges {
  /** Those of the items that the tenant has, as it has them. */
  before: HeldItem[];
  notDone: NotDoneItem[];
  /** Names of the items that become unlimited. */
  unlimited: string[];
  /** Names in `remove` that the cloud does not list for the tenant. */
  unlisted: string[];
}

type ChangesSpec = TenantSpec & Pick<EntitlementChanges, 'on' | 'off' | 'before'> & { belowUse?: BelowUse | undefined };

/**
 * @see https://developer.acronis.com/doc/account-management/v2/guide/ (offering items)
 */
export function createEntitlementActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Finds what must change until a tenant has these items and quotas and lacks those to remove. Changes nothing. Sets
     * aside what the tenant uses. Fails with `Tenantry.NotOffered`, naming every item, quota and storage that does not
     * fit, and with `Acronis.Rejected` when data would have to move or the tenant would have two editions.
     */
    findItemChanges: activity.look(dependencies, findItemChanges),
    /**
     * Makes these changes in one call, and answers what it has left because the tenant uses it by now. Fails with
     * `Tenantry.Unexpected` when an item is neither as it was found nor as ordered. Safe to repeat: it reads the items,
     * sends quotas with their present version, and sends nothing when nothing differs.
     */
    changeOfferingItems: activity.change(dependencies, changeOfferingItems),
  };
}

async function findItemChanges(spec: EntitlementSpec, { acronis }: Attempt): Promise<Outcome<EntitlementChanges>> {
  const { tenantId, offeringItems, remove } = spec;
  const rows = withoutRepeats(await acronis.offeringItems.list(tenantId));
  const present = rows.filter(({ status }) => status === 1);
  const missing = await chooseMissing(acronis, { ...spec, placesNewKindsOnly: true }, present);
  const off = present.filter(({ name }) => remove.includes(name));
  const held = present.filter(({ name }) => offeringItems.includes(name));
  const others = present.filter((row) => !off.includes(row) && !held.includes(row));
  const ordered = [...held, ...missing.rows];
  const problems = [...missing.problems, ...lockedIn([...rows.filter((row) => isIn(missing.rows, row)), ...off])];
  const quotas = quotasFor(spec, { ordered, others }, problems);
  if (problems.length > 0) throw refuse(FailureType.NotOffered, problems.join('; '));

  const on = [...ordered, ...others.filter((row) => quotas.has(row))]
    .map((row) => orderedItem(row, quotas))
    .filter((item) => !isOnWithQuota(item, present));
  const leaving = off.map((row) => ({ ...wantedItem(row, undefined), field: `offeringItems.${row.name}` }));
  const { notDone, ...changes } = await setAsideUsed(
    acronis,
    tenantId,
    { on, off: leaving, belowUse: spec.belowUse },
    present,
  );
  const touched = [...changes.on, ...changes.off];
  return {
    result: {
      ...changes,
      before: present.filter((row) => isIn(touched, row)).map(heldItem),
      notDone,
      unlimited: changes.on.filter((item) => becomesUnlimited(item, ordered)).map(({ name }) => name),
      unlisted: remove.filter((name) => !rows.some((row) => row.name === name)),
    },
  };
}

function isIn(items: readonly Identity[], row: OfferingItem): boolean {
  return items.some((item) => isSameItem(item, row));
}

/** Items that cannot be switched on or off. */
function lockedIn(rows: readonly OfferingItem[]): string[] {
  return rows
    .filter(({ locked }) => locked)
    .map(({ name, status }) => {
      const [field, what] = status === 1 ? ['remove', 'off'] : ['offeringItems', 'on'];
      return `${field}: the cloud has locked ${name}, so it cannot be switched ${what}; leave it out`;
    });
}

interface Rows {
  /** The items that the order names, on or off. */
  ordered: readonly OfferingItem[];
  /** The other items that the tenant has and keeps. */
  others: readonly OfferingItem[];
}

/**
 * The ordered quotas. A name means items of the order, else items that the tenant has: those of this name, else those
 * that count this usage.
 */
function quotasFor(
  { quotas, offeringItems, remove }: EntitlementSpec,
  { ordered, others }: Rows,
  problems: string[],
): QuotasOfRows {
  const found: QuotasOfRows = new Map();
  for (const [name, quota] of Object.entries(quotas)) {
    const meant = [ordered, others].flatMap((rows) => [
      rows.filter((row) => row.name === name),
      rows.filter((row) => row.usage_name === name),
    ]);
    const rows = meant.find((some) => some.length > 0) ?? [];
    for (const row of rows) setQuota(found, row, { name, quota }, problems);
    // an ordered item that cannot be had is a problem already
    if (rows.length > 0 || offeringItems.includes(name)) continue;
    problems.push(
      remove.includes(name)
        ? `quotas.${name} and remove: an item that is switched off has no quota; leave it out of one of them`
        : `quotas.${name}: the tenant has no such item; name it in offeringItems too`,
    );
  }
  return found;
}

/** An ordered item without a quota is unlimited. */
function orderedItem(row: OfferingItem, quotas: QuotasOfRows): OrderedItem {
  const quota = quotas.get(row);
  return { ...wantedItem(row, quota ?? UNLIMITED), field: quota?.field ?? `offeringItems.${row.name}` };
}

function becomesUnlimited(item: OrderedItem, ordered: readonly OfferingItem[]): boolean {
  const row = findRow(item, ordered);
  return item.quota?.value === null && row !== undefined && !isSwitch(row);
}

async function changeOfferingItems(
  { tenantId, on, off, before, belowUse }: ChangesSpec,
  attempt: Attempt,
): Promise<Outcome<PutItems & { notDone: NotDoneItem[]; doubtful?: true }>> {
  const { acronis, mayHaveActed } = attempt;
  const present = withoutRepeats(await acronis.offeringItems.list(tenantId));
  checkAsFound(present, { on, off, before });
  // what is in `on` is what the undo takes back, so nothing is limited to a later use
  const rule = belowUse === 'set' ? 'set' : 'keep';
  const { notDone, ...rest } = await setAsideUsed(acronis, tenantId, { on, off, belowUse: rule }, present);
  const changes = changesBetween(present, rest);
  if (changes.length === 0)
    return { result: { notDone, ...foundDone(attempt), ...putSoFar(attempt) }, adopted: true, changed: mayHaveActed };
  const send = async () => await acronis.offeringItems.put(tenantId, changes, { checkUsage: rest.off.length > 0 });
  const put = await putItems(attempt, { present, changes, maybeDone: mayHaveActed, send });
  return { result: { notDone, ...put } };
}

/** The undo puts back what was found, so nobody may have changed that since. */
function checkAsFound(
  present: readonly OfferingItem[],
  { on, off, before }: Pick<ChangesSpec, 'on' | 'off' | 'before'>,
): void {
  const isOff = (item: OrderedItem) => findRow(item, present)?.status !== 1;
  const isAsFound = (item: OrderedItem) => {
    const former = before.find((one) => isSameItem(one, item));
    if (former === undefined || isOff(item)) return former === undefined && isOff(item);
    return hasQuota(findRow(item, present), former.quota ?? UNLIMITED);
  };
  const changed = [
    ...on.filter((item) => !isAsFound(item) && !isOnWithQuota(item, present)),
    ...off.filter((item) => !isAsFound(item) && !isOff(item)),
  ];
  if (changed.length === 0) return;
  const names = changed.map(({ name }) => name).join(', ');
  const sentence = `somebody has changed ${names} meanwhile: put it back in the console, then retry; or give this run up (abort), and order again`;
  throw refuse(FailureType.Unexpected, sentence);
}
