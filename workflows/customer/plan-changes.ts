import type { TenantState } from '../../contract/customers.js';
import type { FieldChange, OfferedTerms, PlanChanges, PlanVersion } from '../../contract/plan-changes.js';
import type { PlanTerms } from '../../contract/sales-plans.js';
import { isSame, type Situation } from './intention.js';
import type { Ledger, SubscriptionRecord } from './ledger.js';
import { nextOperation } from './next-operation.js';
import type { WantedCustomer } from './wanted.js';

/** The plans of all subscriptions, each version once. */
export function plansInUse({ subscriptions }: Ledger): PlanVersion[] {
  const all = Object.values(subscriptions).flatMap(({ source, terms }) =>
    Object.values(terms).map(({ name: plan, digest }): PlanVersion => ({ source, plan, digest })),
  );
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

/** Those of these versions that some subscription with the plan does not have. */
export function newVersions(ledger: Ledger, versions: readonly PlanVersion[]): PlanVersion[] {
  const used = plansInUse(ledger);
  return versions.filter(({ source, plan, digest }) =>
    used.some((one) => one.source === source && one.plan === plan && one.digest !== digest),
  );
}

/** The ledger when the subscriptions with these plans get these terms. A plan that a subscription lacks changes nothing. */
export function withTerms(ledger: Ledger, offered: readonly OfferedTerms[]): Ledger {
  const subscriptions = Object.entries(ledger.subscriptions).map(([key, record]): [string, SubscriptionRecord] => [
    key,
    { ...record, terms: termsAfter(record, offered) },
  ]);
  return { ...ledger, subscriptions: Object.fromEntries(subscriptions) };
}

function termsAfter({ source, terms }: SubscriptionRecord, offered: readonly OfferedTerms[]) {
  const entries = Object.entries(terms).map(([name, before]): [string, PlanTerms] => {
    const after = offered.find((one) => one.source === source && one.terms.name === name);
    return [name, after?.terms ?? before];
  });
  return Object.fromEntries(entries);
}

/** What terms change, whatever they mean for the tenant: rules, and where the customer is created. */
export function changesOfTerms(
  { subscriptions }: Ledger,
  offered: readonly OfferedTerms[],
): Pick<PlanChanges, 'plans' | 'rules' | 'placement'> {
  const pairs = offered.flatMap(({ source, terms: after }) =>
    Object.values(subscriptions)
      .filter((one) => one.source === source)
      .flatMap(({ terms }) => terms[after.name] ?? [])
      .filter((before) => before.digest !== after.digest)
      .map((before) => ({ name: after.name, before, after })),
  );
  const changes = (part: (terms: PlanTerms) => object) =>
    pairs.flatMap(({ name, before, after }) => fieldChanges(`${name}.`, part(before), part(after)));
  return {
    plans: [...new Set(pairs.map(({ name }) => name))].toSorted(),
    rules: unique(
      changes(({ rank, maxQuantity, protect, timezone, rules }) => ({
        rank,
        maxQuantity,
        protect,
        timezone,
        ...rules,
      })),
    ),
    placement: unique(changes(({ placement }) => prefixed('placement.', placement))),
  };
}

/** What changes of a customer when this is wanted instead, and what a person is asked then that is not asked now. */
export function changesOfWanted(situation: Situation, after: WantedCustomer): Pick<PlanChanges, 'tenant' | 'asks'> {
  const asked = questionsIn(situation).map((one) => JSON.stringify(one));
  const asks = questionsIn({ ...situation, wanted: after }).filter((one) => !asked.includes(JSON.stringify(one)));
  return { tenant: fieldChanges('', fieldsOf(situation.wanted.tenant), fieldsOf(after.tenant)), asks };
}

function questionsIn(situation: Situation): PlanChanges['asks'] {
  const intention = nextOperation(situation);
  const suspend = (situation.wanted.asksToSuspend ?? []).map((why) => ({ field: 'suspend', why }));
  return [...(intention.kind === 'asks' ? intention.open : []), ...suspend];
}

function fieldsOf({ enabled, edition, billingMode, offeringItems, quotas }: TenantState): object {
  const items = Object.fromEntries(offeringItems.map((item) => [item, true]));
  return { enabled, edition, billingMode, ...prefixed('offeringItems.', items), ...prefixed('quotas.', quotas) };
}

function prefixed(prefix: string, fields: object): object {
  return Object.fromEntries(Object.entries(fields).map(([field, value]) => [`${prefix}${field}`, value as unknown]));
}

function fieldChanges(prefix: string, before: object, after: object): FieldChange[] {
  const [was, is] = [before, after] as Record<string, unknown>[];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((field) => !isSame(was![field], is![field]))
    .toSorted()
    .map((field) => ({ field: `${prefix}${field}`, ...at('from', was![field]), ...at('to', is![field]) }));
}

function at(key: 'from' | 'to', value: unknown): Partial<FieldChange> {
  return value === undefined ? {} : { [key]: value };
}

function unique(changes: readonly FieldChange[]): FieldChange[] {
  return [...new Map(changes.map((one) => [JSON.stringify(one), one])).values()];
}
