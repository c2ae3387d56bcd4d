import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { catalogue } from '../../catalogue/index.js';
import { readFact } from '../../catalogue/facts.js';
import {
  attempt,
  customer,
  startActivityEnvironment,
  untilSuccess,
  type ActivityEnvironment,
} from '../support/activity-environment.js';
import { ownership } from '../../contract/mark.js';

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

test.each(pairs)('a tenant with the mark of a key in %s is that of the key in %s', (tagged, ordered) => {
  const mark = (form: string) => ({ environment: 'test', key: 'müller-1'.normalize(form), runId: 'run-1' });
  const tagOf = (runId: string) => `tenantry:test:${mark(tagged).key}:${runId}`;

  expect(ownership(mark(ordered), tagOf('run-1'))).toBe('ours');
  expect(ownership(mark(ordered), tagOf('run-0'))).toBe('our-customers');
  expect(ownership(mark(ordered), `${tagOf('run-0')}:undoing:2`)).toBe('our-customers');
});

test('the tenant of an older release, which took the key as it was spelled, is adopted', async () => {
  const mark = { ...env.place.mark, key: 'müller-2' };
  const internal_tag = `tenantry:test:${mark.key.normalize('NFD')}:run-0`;
  const id = env.simulator.world.addTenant({ name: 'Müller 2'.normalize('NFD'), internal_tag });
  const spec = { ...env.place, mark, customer: { ...customer, name: 'Müller 2' }, look: true };

  expect(await attempt(env.activities.ensureCustomerTenant, spec)).toMatchObject({
    adopted: true,
    result: { tenantId: id },
  });
});

test('one order makes one tenant in a cloud that spells what it answers in its own way', async () => {
  const inNfd: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init);
    const text = answer.status === 204 ? null : (await answer.text()).normalize('NFD');
    return new Response(text, { status: answer.status, headers: { 'content-type': 'application/json' } });
  };
  const nfd = await startActivityEnvironment({ uniqueNames: false }, undefined, inNfd);
  const spec = { ...nfd.place, customer: { ...customer, name: 'Müller' }, look: false };
  const mark = { ...spec.mark, key: 'müller-1' };
  nfd.simulator.faults.next('POST /tenants', 'commit-then-drop');

  const { result } = await untilSuccess(nfd.activities.ensureCustomerTenant, { ...spec, mark });
  const fresh = await untilSuccess(nfd.activities.ensureCustomerTenant, { ...spec, mark: { ...mark, key: 'möller' } });

  expect([result.ownership, fresh.attempts]).toEqual(['ours', 1]);
  expect(nfd.simulator.journal.calls('POST /tenants')).toHaveLength(2);
  await nfd.simulator.close();
});
