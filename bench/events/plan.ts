import { SeededRandom } from '../../test/simulation/seeded-random.js';
import { products, type Product } from './offer.js';
import type { HandMadeChange, Person, SoldItem, SoldSubscription, State, Statement } from './statements.js';

/** What happens to one customer. */
export interface CustomerPlan {
  ref: string;
  /** What sources say, in any order; of a customer that meets a person, before that. */
  before: Statement[];
  /** What a person does at the vendor once the customer is as sold by then. */
  byHand?: HandMadeChange;
  /** What sources say later. A subscription can turn up under another reference here: then a person moves it. */
  after: Statement[];
}

export interface SoakPlan {
  customers: CustomerPlan[];
  /** What can be sent at once: everything that comes first, shuffled, with repetitions. */
  deliveries: Statement[];
}

type Source = Statement['source'];

const DELIVERIES_OF_A_CUSTOMER = 5;
/** One customer of so many meets a person who changes something; with few customers one of each kind. */
const BY_HAND_EVERY = 10;
/** These customers come in this part of the deliveries, so that a lot happens after the person. */
const EARLY = 0.4;
const kinds = ['disabled', 'renamed', 'itemRemoved', 'deleted', 'moved'] as const;
type Kind = (typeof kinds)[number];

const states: readonly State[] = [
  ...Array<State>(9).fill('active'),
  'trialing',
  ...Array<State>(3).fill('past_due'),
  ...Array<State>(3).fill('paused'),
  ...Array<State>(4).fill('ended'),
];
/** What a person switches off at the vendor. */
const REMOVED: Product = 'price_servers';

/** Works out everything that will happen. The same seed gives the same. `now` is in seconds of the epoch. */
export function planSoak({ customers: count, seed, now }: { customers: number; seed: number; now: number }): SoakPlan {
  const random = new SeededRandom(seed);
  const customers: CustomerPlan[] = [];
  const every = Math.min(BY_HAND_EVERY, Math.max(2, Math.floor(count / kinds.length)));
  for (let number = 1; number <= count; number += 1) {
    const kind = number % every === 0 ? kinds[(number / every - 1) % kinds.length] : undefined;
    const planned = new PlannedCustomer(number, { now, random, kind });
    customers.push(kind === undefined ? planned.plain() : planned.changedBetween(customers.at(-1)!.ref));
  }
  const sent = customers.flatMap(({ before, after }) =>
    before.map((one) => ({ one, within: after.length > 0 ? EARLY : 1 })),
  );
  const later = customers.reduce((sum, { after }) => sum + after.length, 0);
  const repeated = Math.max(0, count * DELIVERIES_OF_A_CUSTOMER - sent.length - later);
  const all = [...sent, ...Array.from({ length: repeated }, () => random.pick(sent))];
  const places = all.map(({ one, within }) => ({ one, place: random.next() * within }));
  return { customers, deliveries: places.toSorted((a, b) => a.place - b.place).map(({ one }) => one) };
}

interface Surroundings {
  now: number;
  random: SeededRandom;
  kind: Kind | undefined;
}

/** Puts together what is said about one customer, oldest first. */
class PlannedCustomer {
  private readonly ref: string;
  private readonly now: number;
  private readonly random: SeededRandom;
  private readonly kind: Kind | undefined;
  /** Where each subscription is sold. */
  private readonly sources: readonly Source[];
  /** The first subscription is always paid for. So it is with half of the customers. */
  private readonly alwaysPays: boolean;
  private said = 0;

  constructor(
    private readonly number: number,
    { now, random, kind }: Surroundings,
  ) {
    this.now = now;
    this.random = random;
    this.kind = kind;
    this.ref = `C-${number}`;
    const source = () => random.pick(['shop', 'own'] as const);
    this.sources =
      kind === undefined ? Array.from({ length: random.between(1, 3) }, source) : [source(), 'own', source()];
    this.alwaysPays = kind !== undefined || random.next() < 0.5;
  }

  plain(): CustomerPlan {
    const before = this.begin();
    const changes = Array.from({ length: this.random.between(0, 2) }, () =>
      this.random.next() < 0.2 ? this.renames() : this.changes(),
    );
    return { ref: this.ref, before: [...before, ...changes], after: [] };
  }

  /** `neighbour`: the customer under whose reference a subscription turns up. */
  changedBetween(neighbour: string): CustomerPlan {
    const { ref, random } = this;
    const before = this.begin();
    const byHand = this.byHand();
    if (byHand !== undefined)
      return { ref, before, byHand, after: [this.changes(), random.pick(before), this.grows()] };
    const { person: _person, ...moved } = this.about(1);
    return { ref, before, after: [{ ...moved, ref: neighbour }] };
  }

  private byHand(): HandMadeChange | undefined {
    switch (this.kind) {
      case 'renamed':
        return { kind: 'renamed', name: `${this.ref}, as a person calls it` };
      case 'itemRemoved':
        return { kind: 'itemRemoved', item: products[REMOVED].item };
      case 'disabled':
      case 'deleted':
        return { kind: this.kind };
      case 'moved':
      case undefined:
        return undefined;
    }
  }

  /** Every subscription once, and who the customer is. */
  private begin(): Statement[] {
    const first = this.sources.map((_source, at) => this.about(at));
    return this.sources.includes('shop') ? [...first, this.say('shop', { person: this.person('shop') })] : first;
  }

  /** Another state and other items of one subscription, but not of the item that a person removes. */
  private changes(): Statement {
    return this.about(this.random.between(this.kind === 'itemRemoved' ? 1 : 0, this.sources.length - 1));
  }

  /** More than ever before, so that the product must act after the person. */
  private grows(): Statement {
    const items = [{ product: 'price_seats', quantity: 4 * MOST_UNITS } as const];
    return this.about(1, { state: 'active', items });
  }

  private about(at: number, fixed: Partial<SoldSubscription> = {}): Statement {
    const { random } = this;
    const source = this.sources[at]!;
    const hasRemoved = this.kind === 'itemRemoved' && at === 0;
    const subscription: SoldSubscription = {
      ref: `sub-${this.number}-${at + 1}`,
      state: this.alwaysPays && at === 0 ? 'active' : random.pick(states),
      items: hasRemoved ? [{ product: REMOVED, quantity: 3 }] : someItems(random, this.others),
      ...fixed,
    };
    return this.say(source, { subscription, ...(source === 'own' && { person: this.person('own') }) });
  }

  /** What its other subscriptions can have. */
  private get others(): readonly Product[] {
    return this.kind === 'itemRemoved' ? allProducts.filter((product) => product !== REMOVED) : allProducts;
  }

  private renames(): Statement {
    const source = this.random.pick(this.sources);
    const { name, email } = this.person(source);
    return this.say(source, { person: { name: `${name} & Partners`, email: `new-${email}` } });
  }

  /** The two sources spell a customer differently. */
  private person(source: Source): Person {
    const email = `${source}@${this.ref.toLowerCase()}.example`;
    return { name: source === 'shop' ? `Customer ${this.ref}, Inc` : `${this.ref} (own)`, email };
  }

  private say(source: Source, what: Pick<Statement, 'person' | 'subscription'>): Statement {
    this.said += 1;
    const at = this.now - DAY_S + this.said * 60;
    return { id: `evt-${this.number}-${this.said}`, source, ref: this.ref, at, ...what };
  }
}

const DAY_S = 86_400;
const MOST_UNITS = 40;
const allProducts = Object.keys(products) as Product[];

/** One or two products. Some quantities are left out: then the last one counts. */
function someItems(random: SeededRandom, sold: readonly Product[]): SoldItem[] {
  const chosen = new Set([random.pick(sold), random.pick(sold)]);
  return [...chosen].map((product) => {
    const quantity = random.between(1, MOST_UNITS);
    return random.next() < 0.1 ? { product } : { product, quantity };
  });
}
