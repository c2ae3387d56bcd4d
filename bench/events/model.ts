import { products } from './offer.js';
import type { CustomerPlan } from './plan.js';
import { pays, type HandMadeChange, type Person, type Statement } from './statements.js';

/** How the world must be for one customer once everything was said. Worked out from the statements alone. */
export interface WantedCustomer {
  /** How many tenants it may have. A customer that stopped paying has one if it was seen while it paid. */
  tenants: readonly number[];
  enabled: boolean;
  /** Whether anything is sold. Once nothing is, the tenant keeps what it had. */
  isSold: boolean;
  /** By offering item: the limit, null for unlimited. */
  items: Record<string, number | null>;
  name: string;
  email: string;
  /** Its user keeps the address that was known when the tenant was made. */
  logins: readonly string[];
  /** A person has deleted the tenant: nothing more can be done for it without a person. */
  mayBeBlocked: boolean;
}

/** The last word on each subscription counts; what a person has changed by hand stays. */
export function wantedOf(statements: readonly Statement[], byHand?: HandMadeChange): WantedCustomer {
  const inOrder = statements.toSorted((one, other) => one.at - other.at);
  const sold = lastWords(inOrder).filter(({ subscription }) => subscription.state !== 'ended');
  const isPaid = sold.some(({ subscription }) => pays(subscription.state));
  const wasPaid = inOrder.some(({ subscription }) => subscription && pays(subscription.state));
  const { name, email } = personOf(inOrder);
  const wanted: WantedCustomer = {
    tenants: isPaid ? [1] : wasPaid ? [0, 1] : [0],
    enabled: isPaid,
    isSold: sold.length > 0,
    items: itemsOf(sold, inOrder),
    name,
    email,
    logins: inOrder.flatMap(({ person }) => person?.email ?? []),
    mayBeBlocked: false,
  };
  return byHand === undefined ? wanted : changedByHand(wanted, byHand);
}

/**
 * What must be true of each customer in the end. A subscription that turns up under the reference of another customer is
 * moved there by a person: it is known there as before, and has ended where it was.
 */
export function wantedWorld(customers: readonly CustomerPlan[]): Map<string, WantedCustomer> {
  const all = customers.flatMap((plan) => [...plan.before, ...plan.after, ...movedBy(plan)]);
  return new Map(
    customers.map(({ ref, byHand }) => [
      ref,
      wantedOf(
        all.filter((one) => one.ref === ref),
        byHand,
      ),
    ]),
  );
}

function movedBy({ ref, before, after }: CustomerPlan): Statement[] {
  return after
    .filter((one) => one.ref !== ref)
    .flatMap((moved) => [
      ...before
        .filter((one) => subscriptionKey(one) === subscriptionKey(moved))
        .map(({ person: _person, ...one }) => ({ ...one, ref: moved.ref })),
      { ...moved, ref, subscription: { ...moved.subscription!, state: 'ended' as const } },
    ]);
}

type AboutSubscription = Statement & Required<Pick<Statement, 'subscription'>>;

function aboutSubscriptions(statements: readonly Statement[]): AboutSubscription[] {
  return statements.filter((one): one is AboutSubscription => one.subscription !== undefined);
}

function lastWords(inOrder: readonly Statement[]): AboutSubscription[] {
  const last = aboutSubscriptions(inOrder).map((one) => [subscriptionKey(one), one] as const);
  return [...new Map(last).values()];
}

/** Two sources may use one id for different subscriptions. */
export function subscriptionKey({ source, subscription }: Statement): string {
  return `${source} ${subscription?.ref}`;
}

function itemsOf(sold: readonly AboutSubscription[], inOrder: readonly Statement[]): WantedCustomer['items'] {
  const items: WantedCustomer['items'] = {};
  for (const one of sold)
    for (const { product } of one.subscription.items) {
      const { item, perUnit } = products[product];
      const before = item in items ? items[item]! : 0;
      const isUnlimited = before === null || perUnit === undefined;
      items[item] = isUnlimited ? null : before + perUnit * lastQuantity(inOrder, one, product);
    }
  return items;
}

/** The last number that was ever said of a product in a subscription; 1 without any. */
function lastQuantity(inOrder: readonly Statement[], of: Statement, product: string): number {
  const said = aboutSubscriptions(inOrder)
    .filter((one) => subscriptionKey(one) === subscriptionKey(of))
    .flatMap(({ subscription }) => subscription.items)
    .flatMap((item) => (item.product === product ? (item.quantity ?? []) : []));
  return said.at(-1) ?? 1;
}

/** The shop decides who the customer is, where it has said so. */
function personOf(inOrder: readonly Statement[]): Person {
  const said = (source: Statement['source']) => inOrder.findLast((one) => one.source === source && one.person)?.person;
  return said('shop') ?? said('own') ?? { name: '', email: '' };
}

function changedByHand(wanted: WantedCustomer, byHand: HandMadeChange): WantedCustomer {
  switch (byHand.kind) {
    case 'disabled':
      return { ...wanted, enabled: false };
    case 'renamed':
      return { ...wanted, name: byHand.name };
    case 'itemRemoved': {
      const { [byHand.item]: _removed, ...items } = wanted.items;
      return { ...wanted, items };
    }
    case 'deleted':
      return { ...wanted, tenants: [0], mayBeBlocked: true };
  }
}
