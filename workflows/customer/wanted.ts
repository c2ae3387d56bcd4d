import { amountText, type Amount } from '../../contract/amounts.js';
import type { NotDone, TenantState, WantedQuota } from '../../contract/customers.js';
import type { BelowUse, Placement, PlanTerms } from '../../contract/sales-plans.js';
import type { Window } from './act-between.js';
import { asksToSuspend, endedItems, endingOf, isEnabled, windowsOf, type Ending } from './rules.js';
import {
  itemKey,
  type Dated,
  type Ledger,
  type PersonField,
  type PersonRecord,
  type SubscriptionRecord,
} from './ledger.js';
import { standingOf } from './standing.js';
import { protectionOf, type WantedProtection } from './wanted-protection.js';

/** What a customer should be, and what of it cannot be worked out. */
export interface WantedCustomer {
  tenant: TenantState;
  login?: string;
  /** Where the tenant is created; absent while nothing is sold. */
  placement?: Placement;
  /** What a person must decide before anything but enabling happens. */
  open: NotDone[];
  /** What the rules say once no subscription is left; absent while one is, or begins later. */
  ending?: Ending;
  /** When suspensions and deletions may begin: all of them count. */
  windows: Window[];
  /** Why the rules ask whether the customer is to be suspended; absent while they do not, or while it is suspended. */
  asksToSuspend?: string[];
  /** A quota that falls by more than half needs a yes. */
  asksAboutFalls: boolean;
  /** Items of subscriptions that have just ended: nobody is asked about these. */
  endedItems: string[];
  /** What becomes of a quota below what is used: the most careful of the rules. */
  belowUse: BelowUse;
  /** How its machines are to be protected; absent while no plan says so. */
  protect?: WantedProtection;
  /** What is sold and left out on purpose. */
  setAside: NotDone[];
  /** A person must say whose a subscription is: until then nothing is disabled or deleted. */
  isOwnerOpen?: true;
  /** What is sold only by facts that were old when they came: before anything is made for it, a person must say so. */
  late?: string[];
}

/** A subscription that counts. */
interface Sold {
  record: SubscriptionRecord;
}

/** Units sold of one plan by one subscription. */
interface Units {
  terms: PlanTerms;
  quantity: number;
  wasActive: boolean;
}

/** What all facts together ask for at a time, in milliseconds of the epoch. Depends on nothing else. */
export function wantedOf(ledger: Ledger, now: number): WantedCustomer {
  const records = Object.entries(ledger.subscriptions)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, record]) => ({ record, standing: standingOf(record, now) }));
  const standings = records.map(({ standing }) => standing);
  const sold = records.filter(({ standing }) => standing.isSold);
  const units = sold.flatMap(({ record, standing }) => unitsOf(record, standing.wasActive));
  const edition = editionOf(units);
  const quotas = quotasOf(units);
  const { protect, setAside } = protectionOf(units);
  const first = units.toSorted((one, other) => other.terms.rank - one.terms.rank)[0];
  const tenant: TenantState = {
    exists: sold.length > 0,
    enabled: isEnabled(standings, now),
    offeringItems: [...new Set(units.flatMap(({ terms }) => terms.offeringItems))].toSorted(),
    ...edition.edition,
    quotas: quotas.quotas,
    billingMode: units.some(({ terms, wasActive }) => terms.billingMode === 'production' && wasActive)
      ? 'production'
      : 'trial',
    ...valueOf(ledger, 'name'),
    ...valueOf(ledger, 'language'),
    ...valueOf(ledger, 'contact'),
  };
  return {
    tenant,
    ...valueOf(ledger, 'login'),
    ...(first && { placement: first.terms.placement }),
    ...(sold.length === 0 && endingOf(records)),
    windows: windowsOf(Object.values(ledger.subscriptions)),
    ...asksToSuspend(standings, now),
    ...rulesOfFalls(units),
    endedItems: endedItems(records, now),
    open: [...openItems(sold, units), ...edition.open, ...quotas.open],
    ...(protect && { protect }),
    setAside: [...unknownIn(sold, true), ...setAside],
  };
}

/** The most careful of the rules counts. */
function rulesOfFalls(units: Units[]): Pick<WantedCustomer, 'asksAboutFalls' | 'belowUse'> {
  const rules = units.map(({ terms }) => terms.rules);
  const byCare = ['keep', 'limitToUse', 'set'] as const satisfies BelowUse[];
  return {
    asksAboutFalls: rules.some(({ steepFall }) => steepFall === 'ask'),
    belowUse: byCare.find((one) => rules.some(({ belowUse }) => belowUse === one)) ?? 'keep',
  };
}

function unitsOf(record: SubscriptionRecord, wasActive: boolean): Units[] {
  return record.items.flatMap((item) => {
    const terms = termsOf(record, item.plan);
    return terms === undefined ? [] : [{ terms, quantity: quantityOf(record, item), wasActive }];
  });
}

/** How many units of an item are sold: 1 when no fact has ever said it. */
export function quantityOf(record: SubscriptionRecord, item: SubscriptionRecord['items'][number]): number {
  return record.quantities[itemKey(item)]?.value ?? 1;
}

function unknownItems({ source, ref, items, terms }: SubscriptionRecord): { notDone: NotDone; isIgnored: boolean }[] {
  return items
    .filter(({ plan }) => termsOf({ terms }, plan) === undefined)
    .map(({ product, plan, ignored }) => {
      const why =
        plan === undefined
          ? `no plan in plans.json names the product ${product} of the source ${source}`
          : `plans.json has no plan ${plan} for new subscriptions`;
      return { notDone: { field: `${source} ${ref}`, why }, isIgnored: ignored === true };
    });
}

/** What of the items a person must decide. */
function openItems(sold: Sold[], units: Units[]): NotDone[] {
  return [...unknownIn(sold, false), ...sold.flatMap(({ record }) => withoutQuantity(record)), ...tooMany(units)];
}

/** An event may name a plan as it likes, also like a part of every object. */
function termsOf({ terms }: Pick<SubscriptionRecord, 'terms'>, plan: string | undefined): PlanTerms | undefined {
  return plan !== undefined && Object.hasOwn(terms, plan) ? terms[plan] : undefined;
}

function unknownIn(sold: Sold[], ignored: boolean): NotDone[] {
  return sold
    .flatMap(({ record }) => unknownItems(record))
    .filter(({ isIgnored }) => isIgnored === ignored)
    .map(({ notDone }) => notDone);
}

/** Items whose quantity is expected at a path of their own, and was never there. */
function withoutQuantity(record: SubscriptionRecord): NotDone[] {
  return record.items
    .filter((item) => item.missing !== undefined && record.quantities[itemKey(item)] === undefined)
    .map(({ plan, missing }) => ({
      field: `${record.source} ${record.ref}`,
      why: `the event has no quantity at ${missing}, where the plan ${plan} expects it`,
    }));
}

function tooMany(units: Units[]): NotDone[] {
  return units
    .filter(({ terms, quantity }) => terms.maxQuantity !== undefined && quantity > terms.maxQuantity)
    .map(({ terms: { name, maxQuantity }, quantity }) => ({
      field: 'quantity',
      why: `${quantity} of the plan ${name} are sold, and its maxQuantity is ${maxQuantity}`,
    }));
}

/** The edition of the plan with the highest rank. Two different ones of one rank cannot be decided here. */
function editionOf(units: Units[]): { edition: { edition?: string }; open: NotDone[] } {
  const ranked = units.filter(({ terms }) => terms.edition !== undefined);
  const top = Math.max(...ranked.map(({ terms }) => terms.rank));
  const best = [
    ...new Set(ranked.filter(({ terms }) => terms.rank === top).map(({ terms }) => terms.edition!)),
  ].toSorted();
  if (best.length === 0) return { edition: {}, open: [] };
  if (best.length === 1) return { edition: { edition: best[0]! }, open: [] };
  const why = `the editions ${best.join(' and ')} are sold together: give their plans different ranks`;
  return { edition: {}, open: [{ field: 'edition', why }] };
}

/** Limits and overages are added up by item. An item is unlimited as soon as one plan has it without a quota. */
function quotasOf(units: Units[]): { quotas: Record<string, WantedQuota>; open: NotDone[] } {
  const quotas: Record<string, WantedQuota> = {};
  const open: NotDone[] = [];
  const items = [...new Set(units.flatMap(({ terms }) => Object.keys(terms.quotas)))].toSorted();
  for (const item of items) {
    const having = units.filter(({ terms }) => terms.quotas[item] !== undefined || terms.offeringItems.includes(item));
    const shares = having.map((one) => shareOf(one, item));
    if (shares.some((share) => share === undefined)) continue;
    const limit = sum(shares.map((share) => share!.limit));
    const overages = shares.map((share) => share!.overage ?? { value: 0, unit: share!.limit.unit });
    const overage = sum(overages);
    if (limit === undefined || overage === undefined)
      open.push({ field: `quotas.${item}`, why: 'the plans of this customer measure it in different units' });
    else quotas[item] = { limit: amountText(limit), ...(overage.value > 0 && { overage: amountText(overage) }) };
  }
  return { quotas, open };
}

function shareOf({ terms, quantity }: Units, item: string): { limit: Amount; overage?: Amount } | undefined {
  const quota = terms.quotas[item];
  if (quota === undefined) return undefined;
  const factor = 'perUnit' in quota ? quantity : 1;
  const times = ({ value, unit }: Amount): Amount => ({ value: value * factor, unit });
  return {
    limit: times('perUnit' in quota ? quota.perUnit : quota.limit),
    ...(quota.overage && { overage: times(quota.overage) }),
  };
}

function sum(amounts: Amount[]): Amount | undefined {
  const { unit } = amounts[0]!;
  if (amounts.some((amount) => amount.unit !== unit)) return undefined;
  return { value: amounts.reduce((total, { value }) => total + value, 0), unit };
}

/** What the owning source says of a field; else the source that spoke of it first. */
function valueOf<F extends PersonField>(
  { people }: Ledger,
  field: F,
): Partial<Record<F, NonNullable<PersonRecord[F]> extends Dated<infer T> ? T : never>> {
  const speaking = Object.entries(people).filter(([, person]) => person[field] !== undefined);
  const owners = speaking.filter(([, { owns }]) => (owns as string[]).includes(field));
  const [chosen] = (owners.length > 0 ? owners : speaking).toSorted(([a, one], [b, other]) => {
    const [first, second] = [one.first[field]!, other.first[field]!];
    return first === second ? (a < b ? -1 : 1) : first < second ? -1 : 1;
  });
  return chosen === undefined ? {} : ({ [field]: chosen[1][field]!.value } as never);
}
