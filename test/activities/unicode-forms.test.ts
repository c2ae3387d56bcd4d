import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { catalogue } from '../../catalogue/index.js';
import { readFact } from '../../catalogue/facts.js';
import { attempt, startActivityEnvironment, type ActivityEnvironment } from '../support/activity-environment.js';

const cloud = 'default';
const forms = ['NFC', 'NFD'] as const;
const pairs = forms.flatMap((given) => forms.map((known) => [given, known] as const));
let env: ActivityEnvironment;

beforeAll(async () => {
  env = await startActivityEnvironment();
});
afterAll(async () => {
  await env.simulator.close();
});

test.each(['name', 'customerId', 'externalRef'])(
  'orders whose %s Unicode spells in two ways are one order',
  (field) => {
    const readings = forms.map((form) => {
      const said = 'Zürich-ガ'.normalize(form);
      const customer = { name: 'Customer', customerId: 'c-1', ...(field !== 'externalRef' && { [field]: said }) };
      return catalogue['provisionCustomer']!.read({ customer, ...(field === 'externalRef' && { externalRef: said }) });
    });

    expect(readings[0]).toMatchObject({ ok: true });
    expect(readings[1]).toEqual(readings[0]);
  },
);

test('facts whose reference Unicode spells in two ways are about one customer', () => {
  const [one, other] = forms.map((form) => {
    const event = { id: '1', type: 'sold' };
    return readFact({ source: 'shop', event, at: '2026-01-01T00:00:00Z', customer: { ref: 'Zürich'.normalize(form) } });
  });

  expect(one).toBeDefined();
  expect(other).toEqual(one);
});

test.each(pairs)('a tenant is found when an order spells its name in %s, and the cloud in %s', async (given, known) => {
  const name = `Zürich ${given} ${known}`;
  const id = env.simulator.world.addTenant({ name: name.normalize(known), customer_id: `nr ${name}`.normalize(known) });

  for (const tenant of [{ name: name.normalize(given) }, { customerId: `nr ${name}`.normalize(given) }])
    expect(await attempt(env.activities.findTenant, { cloud, tenant })).toMatchObject({
      result: { tenantId: id },
    });
});
