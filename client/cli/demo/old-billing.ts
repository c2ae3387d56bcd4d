import { sourceKinds } from '../../../sources/index.js';
import { DemoFiles } from './files.js';

const SECRET = `whsec_${Buffer.alloc(32, 'demo').toString('base64')}`;

const sources = { billing: { kind: 'standard-webhooks', secrets: ['env:BILLING'], act: 'observe' } };
const plans = {
  plans: {
    backup: { offeringItems: ['workstations'], quotas: { workstations: { perUnit: 1 } }, sold: { billing: ['12'] } },
  },
};

/** A billing system that has sold things for years, and sends what it has sold in the format of our own. */
export class OldBilling {
  readonly name = 'billing';
  private readonly files = new DemoFiles();
  readonly settings = this.files.saleSettings(sources, plans);
  /** What the gateway needs to know besides. */
  readonly secrets = { TENANTRY_SECRET_BILLING: SECRET };

  /** Signs and sends what one customer has bought. */
  async send(url: string, { ref, name }: { ref: string; name: string }): Promise<void> {
    const customer = { ref, name, contact: { email: `it@${ref}.example` } };
    const subscription = { ref: `sub-${ref}`, state: 'active', product: '12', quantity: 3, since: '2024-05-01' };
    const event = { type: 'subscription.changed', data: { customer, subscription } };
    const body = Buffer.from(JSON.stringify(event));
    const target = `${url}/v1/events/${this.name}`;
    const signing = { secret: SECRET, now: new Date(), id: `evt-${ref}`, url: target };
    const headers = sourceKinds['standard-webhooks'].sign(body, signing);
    const reply = await fetch(target, { method: 'POST', body, headers });
    if (reply.status !== 202) throw new Error(`the gateway has refused ${ref}: ${await reply.text()}`);
  }

  close(): void {
    this.files.remove();
  }
}
