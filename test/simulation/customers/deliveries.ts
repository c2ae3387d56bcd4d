import type { HandMadeChange, Person, SoldItem, Statement } from '../../../bench/events/statements.js';
import { REMOVED } from './by-hand.js';
import type { CustomersPlan, Sale } from './plan.js';

export const refOf = (customer: number) => `C-${customer + 1}`;

/** Puts the words of the sources together. No two of one customer are of the same second. */
export class Deliveries {
  /** Everything that was ever said, in the order in which it arrived. */
  readonly all: Statement[] = [];
  private readonly moments = new Set<string>();
  private readonly named = new Set<string>();

  constructor(private readonly plan: Pick<CustomersPlan, 'sources' | 'happenings'>) {}

  /** What is sent of a sale, at this moment in milliseconds: also who the customer is, where nobody has said it. */
  of(sale: Sale, now: number): Statement[] {
    const { customer, subscription: nth, late, renames } = sale;
    const ref = refOf(customer);
    const source = this.plan.sources[nth]!;
    const person = personOf(ref, source, renames && this.handOn(customer) === undefined);
    const subscription = { ref: `sub-${customer + 1}-${nth + 1}`, ...this.sold(sale) };
    const said = [{ subscription, ...(source === 'own' && { person }) }];
    const isNew = source === 'shop' && (renames || !this.named.has(ref));
    if (isNew) this.named.add(ref);
    const statements = [...(isNew ? [{ person }] : []), ...said].map((what, part) => ({
      id: `evt-${this.all.length + part + 1}`,
      source,
      ref,
      at: this.moment(ref, Math.floor(now / 1000) - late),
      ...what,
    }));
    this.all.push(...statements);
    return statements;
  }

  /** An earlier one once more; undefined while there is none. */
  again(nth: number): Statement | undefined {
    return this.all[nth % this.all.length];
  }

  private sold({ customer, subscription, state, items }: Sale): { state: Sale['state']; items: SoldItem[] } {
    const hand = this.handOn(customer);
    if (hand !== undefined && subscription === 0)
      return { state: 'active', items: [{ product: hand === 'itemRemoved' ? REMOVED : 'price_seats', quantity: 3 }] };
    if (hand !== 'itemRemoved') return { state, items };
    const others = items.filter(({ product }) => product !== REMOVED);
    return { state, items: others.length > 0 ? others : [{ product: 'price_seats', quantity: 7 }] };
  }

  /** What a person changes in the console at this customer, now or later. */
  private handOn(customer: number): HandMadeChange['kind'] | undefined {
    return this.plan.happenings.flatMap((one) => ('byHand' in one && one.customer === customer ? one.byHand : []))[0];
  }

  private moment(ref: string, wanted: number): number {
    let at = wanted;
    while (this.moments.has(`${ref} ${at}`)) at -= 1;
    this.moments.add(`${ref} ${at}`);
    return at;
  }
}

function personOf(ref: string, source: Statement['source'], renames: boolean): Person {
  const email = `${source}@${ref.toLowerCase()}.example`;
  return renames ? { name: `${ref} & Partners`, email: `new-${email}` } : { name: `Customer ${ref}, Inc`, email };
}
