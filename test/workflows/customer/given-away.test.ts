import { expect, test } from '@jest/globals';
import { consoleClient } from '../../support/console.js';
import { customersIn } from '../../support/customers.js';
import { factReader } from '../../support/fact-reader.js';
import { decideFor } from '../../support/runs.js';
import { useVirtualEnvironment } from '../../support/use-virtual-environment.js';

const env = useVirtualEnvironment({}, { readFacts: factReader({}), brake: 'off' });
const aCustomer = customersIn(env);

async function aSteadyCustomer() {
  const customer = await aCustomer({ quantity: 25 });
  const { tenantId = '' } = await customer.until(({ state }) => state === 'steady');
  return { ...customer, tenantId };
}

type Customer = Awaited<ReturnType<typeof aSteadyCustomer>>;

async function put(id: string, change: object): Promise<void> {
  const { tenants } = consoleClient(env.simulator);
  await tenants.update(id, { version: (await tenants.get(id)).version, ...change });
}

const another = (id: string) => ({
  name: `Beta ${id}`,
  customer_id: 'crm-88',
  contact: { email: 'boss@beta.example' },
});

test.each<[string, (id: string) => object, (customer: Customer) => Promise<unknown>]>([
  ['is paused', another, async ({ tell }) => await tell({ state: 'paused' })],
  ['buys more', another, async ({ tell }) => await tell({ quantity: 50 })],
  [
    'is renamed',
    another,
    async ({ tell }) => await tell({}, { name: 'Own New', contact: { email: 'new@own.example' } }),
  ],
  [
    'is paused, and only the tag is another',
    () => ({ internal_tag: 'crm:88' }),
    async ({ tell }) => await tell({ state: 'paused' }),
  ],
])(
  'the tenant that a person has given to another customer stays as it is when its former one %s',
  async (_what, change, event) => {
    const customer = await aSteadyCustomer();
    await put(customer.tenantId, change(customer.tenantId));
    const before = await consoleClient(env.simulator).tenants.get(customer.tenantId);
    env.calls();

    await event(customer);

    const { running } = await customer.until(({ state }) => state === 'blocked');
    expect(env.calls().filter((call) => !call.startsWith('GET ') && call !== 'POST /idp/token')).toEqual([]);
    expect(await consoleClient(env.simulator).tenants.get(customer.tenantId)).toEqual(before);
    const status = await env.client.workflow.getHandle(running!.id).query<object>('status');
    const message = expect.stringMatching(/another customer.*adopt/) as unknown;
    expect(status).toMatchObject({
      state: 'blocked',
      blocked: { step: 'findTenant', type: 'Tenantry.Unexpected', message },
    });
  },
);

test('a customer whose number a person has corrected goes on once somebody has said that it is the same', async () => {
  const customer = await aSteadyCustomer();
  await put(customer.tenantId, { customer_id: 'corrected-1' });
  await customer.tell({ quantity: 30 });
  const { running } = await customer.until(({ state }) => state === 'blocked');
  await decideFor(env.client.workflow.getHandle(running!.id), 'abort');
  await customer.until((status) => status.running === undefined);

  await customer.ask('adopt', { tenantId: customer.tenantId });
  await customer.tell({ quantity: 31 });

  const { runs } = await customer.until(
    ({ state, applied }) => state === 'steady' && JSON.stringify(applied).includes('31'),
  );
  expect(runs.at(-1)).toMatchObject({ operation: 'changeEntitlement', state: 'completed' });
});

test('a customer that a person has only renamed is still the same', async () => {
  const customer = await aSteadyCustomer();
  await put(customer.tenantId, { name: `Renamed by hand ${customer.tenantId}` });

  await customer.tell({ state: 'paused' });

  await customer.until(({ state }) => state === 'suspended');
  expect(env.simulator.world.tenant(customer.tenantId)).toMatchObject({ enabled: false });
});
