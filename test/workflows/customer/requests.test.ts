import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import type { CustomerRequest, CustomerRequestName } from '../../../contract/customer-requests.js';
import { NEEDS_PERSON } from '../../../contract/customer-questions.js';
import { tenantryReason } from '../../../contract/search-attributes.js';
import { sign } from '../../support/actor-keys.js';
import { consoleClient } from '../../support/console.js';
import { aReference, customersIn, type TestCustomer } from '../../support/customers.js';
import { factReader } from '../../support/fact-reader.js';
import { anOrder } from '../../support/orders.js';
import { waitUntil } from '../../support/runs.js';
import { useVirtualEnvironment } from '../../support/use-virtual-environment.js';

const patient = {
  offeringItems: ['workstations'],
  sold: { store: ['price_patient'] },
  rules: { pastDue: [{ after: '0 days', do: 'ask' }] },
};
const inThreeDays = new Date(Date.now() + 3 * 24 * 3_600_000).toUTCString().slice(0, 3);
const office = {
  offeringItems: ['workstations'],
  sold: { store: ['price_office'] },
  rules: { pastDue: [{ after: '0 days', do: 'suspend' }], actBetween: `${inThreeDays} 09:00-16:00` },
};
const env = useVirtualEnvironment({}, { readFacts: factReader({ patient, office }) });
const aCustomer = customersIn(env);
const addTenant = (fields: { name: string; kind?: 'partner'; customer_id?: string }) =>
  env.simulator.world.addTenant(fields);

const looksExisting = ({ waitingFor = '' }: { waitingFor?: string }) => waitingFor.startsWith('looksExisting');
const isSteady = ({ state }: { state: string }) => state === 'steady';

async function aSteadyCustomer(): Promise<TestCustomer & { tenantId: string }> {
  const customer = await aCustomer();
  const { tenantId } = await customer.until(isSteady);
  return { ...customer, tenantId: tenantId! };
}

async function refusalOf(customer: TestCustomer, name: CustomerRequestName, request: Partial<CustomerRequest>) {
  const refused: unknown = await customer.ask(name, request).catch((error: unknown) => error);
  if (!(refused instanceof WorkflowUpdateFailedError)) throw new Error(`${name} was not refused`);
  return refused.cause?.message;
}

const ofThePast = { state: 'past_due', since: '2026-01-01T00:00:00.000Z' } as const;

test('a worker without the keys of actors takes a signed request, but as of somebody whom nobody has verified', async () => {
  const customer = await aCustomer({}, { source: 'shop' });
  const request = { actor: 'ann', reason: 'they moved' };
  const proof = sign({ ...(await customer.handle.describe()), choice: 'hold', request });

  expect(await customer.ask('hold', { ...request, proof } as never)).toMatchObject({ actor: 'ann', verified: false });
  expect((await customer.status()).held).toMatchObject({ actor: 'ann', verified: false });
});

describe('a person', () => {
  test('ends the observation, and what is sold is done', async () => {
    const customer = await aCustomer({}, { source: 'shop' });
    expect(await customer.until(({ events }) => events.length > 0)).toMatchObject({
      state: 'observed',
      observed: true,
    });

    await customer.ask('act');

    expect(await customer.until(isSteady)).toMatchObject({ runs: [{ operation: 'provisionCustomer' }] });
  });

  test('pauses a customer: facts are read, nothing is started, until it is resumed', async () => {
    const customer = await aSteadyCustomer();
    expect(await customer.ask('pause')).toMatchObject({ request: 'pause', actor: 'ann', reason: 'because' });

    await customer.tell(ofThePast);
    const paused = await customer.until(({ wanted }) => !wanted.enabled);
    expect(paused).toMatchObject({
      state: 'paused',
      wouldDo: { operation: 'disableTenant' },
      paused: { actor: 'ann' },
    });
    expect(env.simulator.world.tenant(customer.tenantId)).toMatchObject({ enabled: true });

    await customer.ask('resume');
    await customer.until(({ state }) => state === 'suspended');
    expect(env.simulator.world.tenant(customer.tenantId)).toMatchObject({ enabled: false });
  });

  test('holds a customer: it is not disabled until that is over', async () => {
    const customer = await aSteadyCustomer();
    await customer.ask('hold');

    await customer.tell(ofThePast);
    const held = await customer.until(({ wanted }) => !wanted.enabled);
    expect(held).toMatchObject({ wouldDo: { operation: 'disableTenant' }, held: { actor: 'ann', reason: 'because' } });
    expect(env.simulator.world.tenant(customer.tenantId)).toMatchObject({ enabled: true });
    await customer.ask('hold', { until: new Date(Date.now() + 2000).toISOString() });

    await customer.until(({ state }) => state === 'suspended');
    expect(env.simulator.world.tenant(customer.tenantId)).toMatchObject({ enabled: false });
  });

  test('is asked when a tenant like the customer exists, and adopts it without a change', async () => {
    const name = `Mu\u0308ller ${randomUUID()}`;
    const tenantId = addTenant({ name });
    const customer = await aCustomer({}, { customer: { name: name.normalize('NFC') } });
    const waiting = await customer.until(looksExisting);
    expect(waiting.waitingFor).toMatch(`looksExisting: ${name} (${tenantId}, the same name)`);
    const reason = async () => (await customer.handle.describe()).typedSearchAttributes.get(tenantryReason);
    await waitUntil(async () => (await reason()) === NEEDS_PERSON);
    const before = await consoleClient(env.simulator).tenants.get(tenantId);
    env.calls();

    await customer.ask('adopt', { tenantId });

    const status = await customer.until(isSteady);
    expect(status).toMatchObject({ tenantId, runs: [] });
    expect(await reason()).toBeUndefined();
    expect(status.different!.map(({ field }) => field)).toContain('offeringItems.workstations');
    expect(env.calls().filter((call) => !call.startsWith('GET '))).toEqual([]);
    expect((await consoleClient(env.simulator).tenants.get(tenantId)).version).toBe(before.version);
  });

  test('is asked about a tenant that an order of another key has made', async () => {
    const ref = aReference();
    const order = anOrder();
    const made = await env.provision({
      ...order,
      externalRef: `by-hand-${ref}`,
      customer: { ...order.customer, customerId: ref },
    });
    const customer = await aCustomer({}, { ref });

    const { waitingFor } = await customer.until(looksExisting);

    expect(waitingFor).toContain(`${made.tenantId}, the same customer_id`);
  });

  test('lets a customer be created although a tenant with its number exists', async () => {
    const ref = aReference();
    const existing = addTenant({ name: randomUUID(), customer_id: ref });
    const customer = await aCustomer({}, { ref });
    const { waitingFor } = await customer.until(looksExisting);
    expect(waitingFor).toMatch(`${existing}, the same customer_id`);

    await customer.ask('converge', { create: true });

    const { tenantId } = await customer.until(isSteady);
    expect(tenantId).not.toBe(existing);
  });

  test('cannot adopt what is no customer, is deleted, belongs to another customer, or is unknown', async () => {
    const customer = await aCustomer({}, { source: 'shop' });
    const other = await aSteadyCustomer();
    const partner = addTenant({ kind: 'partner', name: randomUUID() });
    const refused = async (tenantId: string) => await refusalOf(customer, 'adopt', { tenantId });

    expect(await refused(partner)).toMatch('is a partner: only a customer can be adopted');
    expect(await refused('nonsense')).toMatch('tenantId: must be the id of a tenant');
    expect(await refused(randomUUID())).toMatch('could not be read');
    expect(await refused(other.tenantId)).toMatch(`customer:${other.ref} has this tenant: "release" it there first`);
    await other.ask('release');
    // Temporal's list shows the release a moment later
    const adoption = () =>
      customer.ask('adopt', { tenantId: other.tenantId }).then(
        () => true,
        () => false,
      );
    await waitUntil(adoption);
    expect(await customer.status()).toMatchObject({ tenantId: other.tenantId });
    expect(await other.status()).toMatchObject({
      state: 'waiting',
      waitingFor: expect.stringContaining('was released'),
    });
    expect(await other.status()).not.toHaveProperty('tenantId');
  });

  test('offboards a customer of whom nothing is sold; a new sale restores it', async () => {
    const customer = await aSteadyCustomer();
    expect(await refusalOf(customer, 'offboard', {})).toMatch('something is still sold');
    await customer.tell({ state: 'ended', until: '2026-01-01T00:00:00.000Z' });
    await customer.until(({ state }) => state === 'suspended');

    await customer.ask('offboard');
    await customer.until(({ state }) => state === 'ending');
    await customer.tell({ state: 'active' });

    await customer.until(isSteady);
    expect(env.simulator.world.tenant(customer.tenantId)).toMatchObject({ enabled: true });
  });

  test('is asked whether a customer is suspended; the yes counts until it pays', async () => {
    const items = [{ product: 'price_patient', quantity: 1 }];
    const customer = await aCustomer({ items });
    const { tenantId } = await customer.until(isSteady);
    await customer.tell({ ...ofThePast, items });
    const asked = await customer.until(({ notDone = [] }) => notDone.length > 0);
    expect(asked).toMatchObject({
      state: 'steady',
      notDone: [{ field: 'suspend', why: expect.stringMatching('past due') }],
    });

    await customer.ask('converge', { fields: ['suspend'] });
    await customer.until(({ state }) => state === 'suspended');
    expect(env.simulator.world.tenant(tenantId!)).toMatchObject({ enabled: false });

    await customer.tell({ state: 'active', items });
    await customer.until(isSteady);
    expect(env.simulator.world.tenant(tenantId!)).toMatchObject({ enabled: true });
  });

  test('finds a customer enabled until the hours of its plan', async () => {
    const items = [{ product: 'price_office', quantity: 1 }];
    const customer = await aCustomer({ items });
    const { tenantId } = await customer.until(isSteady);

    await customer.tell({ ...ofThePast, items });

    const waiting = await customer.until(({ wanted }) => !wanted.enabled);
    expect(waiting).toMatchObject({ state: 'steady', wouldDo: { operation: 'disableTenant' } });
    expect(env.simulator.world.tenant(tenantId!)).toMatchObject({ enabled: true });
  });

  test.each([
    ['pause', { actor: '' }, 'actor is missing: say who decides'],
    ['hold', { until: 'tomorrow' }, 'until: must be a date, such as'],
    ['pause', { until: '2020-01-01T00:00:00Z' }, 'until: 2020-01-01T00:00:00Z is over'],
    ['converge', { fields: ['enabled'] }, 'fields: enabled cannot be set now; nothing is different'],
    ['offboard', {}, 'the customer has no tenant'],
  ] as const)('is refused %s with %j', async (name, request, message) => {
    const customer = await aCustomer({}, { source: 'shop' });
    expect(await refusalOf(customer, name, request)).toMatch(message);
  });
});
