import { sourceKinds } from '../../../sources/index.js';
import { DemoFiles } from './files.js';
import { detail, log, waitUntil } from './scenario.js';

const SECRET = 'whsec_demo-demo-demo-demo-demo';
const REF = 'C-1001';

/** What a person would write who sells one plan in a shop with Stripe. The days of real rules are seconds here. */
const sources = {
  shop: { kind: 'stripe', act: 'apply', mode: 'test', secrets: ['env:SHOP'], reference: 'metadata.tenantry_customer' },
};
const plansWith = (more: object) => ({
  plans: {
    backup: {
      ...more,
      offeringItems: ['workstations', 'storage'],
      quotas: { workstations: { perUnit: 1 }, storage: { perUnit: '100 GiB' } },
      sold: { shop: ['price_backup'] },
    },
  },
  rules: {
    pastDue: [{ after: '2 seconds', do: 'suspend' }],
    ended: { suspendAfter: '2 seconds', offboard: 'ask', grace: '30 days' },
  },
});

export type State = 'active' | 'past_due' | 'canceled';

const seconds = () => Math.floor(Date.now() / 1000);

/** A shop that sends the events of one customer as Stripe does: signed, with whole seconds. */
export class Shop {
  readonly ref = REF;
  private readonly files = new DemoFiles();
  readonly settings: Record<string, string>;
  private sent = 0;

  /** `more`: what the plan says besides. */
  constructor(more: object = {}) {
    this.settings = this.files.saleSettings(sources, plansWith(more));
  }

  /** Where its workers keep secrets. */
  get secretStore(): Record<string, string> {
    return { TENANTRY_SECRETS_STORE: this.files.folderFor('secrets') };
  }

  /** What the gateway needs to know besides. */
  get secrets(): Record<string, string> {
    return { TENANTRY_SECRET_SHOP: SECRET };
  }

  /** The event about the customer: name and e-mail. */
  customer() {
    return this.event('customer.created', {
      id: 'cus_1001',
      object: 'customer',
      name: 'Customer, Inc',
      email: 'it@customer.example',
      metadata: { tenantry_customer: REF },
    });
  }

  /** An event about the one subscription of the customer, as of a time in seconds. */
  subscription(type: string, status: State, quantity: number, at = seconds()) {
    const subscription = {
      id: 'sub_1001',
      object: 'subscription',
      status,
      customer: 'cus_1001',
      metadata: { tenantry_customer: REF },
      items: { data: [{ price: { id: 'price_backup', product: 'prod_backup' }, quantity }], has_more: false },
      ...(status === 'canceled' && { ended_at: at }),
    };
    return this.event(type, subscription, at);
  }

  /** Signs and sends an event. */
  async send(url: string, event: object & { type: string }): Promise<void> {
    const body = Buffer.from(JSON.stringify(event));
    const target = `${url}/v1/events/shop`;
    const signing = { secret: SECRET, now: new Date(), id: '', url: target };
    const reply = await fetch(target, { method: 'POST', body, headers: sourceKinds.stripe.sign(body, signing) });
    log(`Stripe sends ${event.type}: ${reply.status}`);
    detail(`             ${await reply.text()}`);
    if (reply.status !== 202) throw new Error(`the gateway has refused ${event.type}`);
    // Stripe's times are whole seconds, and the next event is about a later one
    const second = seconds();
    await waitUntil(() => seconds() > second, 'the next second');
  }

  close(): void {
    this.files.remove();
  }

  private event(type: string, object: object, created = seconds()) {
    this.sent += 1;
    return { id: `evt_${this.sent}`, object: 'event', type, created, livemode: false, data: { object } };
  }
}
