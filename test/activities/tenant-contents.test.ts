import { expect, test } from '@jest/globals';
import { describeContents } from '../../activities/tenant-contents.js';
import { AcronisError, type Acronis } from '../../acronis/index.js';

const GIB = 2 ** 30;

async function* several(count: number) {
  for (let nth = 0; nth < count; nth += 1) yield { id: `${nth}` };
}

/** A cloud in which a tenant has two others below it, three users, and this. */
function cloud({ agents = async () => 4 } = {}): Acronis {
  const usage = (measurement_unit: string, absolute_value: number) => ({ measurement_unit, absolute_value });
  return {
    tenants: { list: () => several(3), numberOf: async () => String(await agents()) },
    users: { list: () => several(3) },
    usages: { list: async () => [usage('bytes', GIB), usage('bytes', GIB / 2), usage('quantity', 9 * GIB)] },
    agents: { list: ({ tenantNumber }: { tenantNumber: string }) => several(Number(tenantNumber)) },
  } as unknown as Acronis;
}

const tenant = { id: 't', kind: 'partner' as const, ancestral_access: true };
const refused = (kind: 'forbidden' | 'unavailable') => async () =>
  Promise.reject(new AcronisError(kind, 'tenants.numberOf', { route: 'GET /x' }));

test('what is in a tenant is counted: tenants below it, users, agents and bytes', async () => {
  expect(await describeContents(cloud(), tenant)).toBe(
    'a partner with 2 tenant(s) below it, 3 user(s), 4 agent(s) and 1.5 GiB in use',
  );
});

test('agents that may not be seen are not counted as none', async () => {
  expect(await describeContents(cloud({ agents: refused('forbidden') }), tenant)).toContain(
    'agents that we may not see',
  );
  await expect(describeContents(cloud({ agents: refused('unavailable') }), tenant)).rejects.toThrow();
});

test('a tenant that keeps us out is not called empty', async () => {
  expect(await describeContents(cloud(), { ...tenant, ancestral_access: false })).toBe(
    'a partner that shows us neither its users nor what it uses',
  );
});
