import type { Statement } from './statements.js';

const GIB = 2 ** 30;

/** What both sources sell. Each product switches on one offering item; without `perUnit` it is unlimited. */
export const products = {
  price_seats: { item: 'workstations', perUnit: 1 },
  price_servers: { item: 'servers', perUnit: 1 },
  price_disk: { item: 'storage', perUnit: 10 * GIB },
  price_vault: { item: 'storage', perUnit: undefined },
} as const satisfies Record<string, { item: string; perUnit: number | undefined }>;

export type Product = keyof typeof products;

export const secrets = {
  shop: 'whsec_soak-soak-soak-soak-soak',
  own: `whsec_${Buffer.from('a secret of the soak with 24 bytes').toString('base64')}`,
} as const satisfies Record<Statement['source'], string>;

/** `sources.json`: what the shop says of a name and an e-mail wins. */
export const sourcesFile = {
  shop: {
    kind: 'stripe',
    act: 'apply',
    mode: 'test',
    secrets: ['env:SHOP'],
    reference: 'metadata.tenantry_customer',
    owns: ['name', 'contact'],
  },
  own: { kind: 'standard-webhooks', act: 'apply', secrets: ['env:OWN'] },
};

/** `plans.json`. Nothing waits for days, and nothing asks a person. */
export const plansFile = {
  plans: {
    seats: plan('price_seats', 'workstations', 1),
    servers: plan('price_servers', 'servers', 1),
    disk: plan('price_disk', 'storage', '10 GiB'),
    vault: plan('price_vault', 'storage'),
  },
  rules: {
    pastDue: [{ after: '0 days', do: 'suspend' }],
    paused: 'suspend',
    ended: { suspendAfter: '0 days', offboard: 'ask', grace: '30 days' },
    steepFall: 'apply',
  },
};

function plan(product: Product, item: string, perUnit?: number | string) {
  return {
    offeringItems: [item],
    ...(perUnit !== undefined && { quotas: { [item]: { perUnit } } }),
    sold: { shop: [product], own: [product] },
  };
}
