import { describe, expect, test } from '@jest/globals';
import { consoleClient } from '../../support/console.js';
import { customersIn, type TestCustomer } from '../../support/customers.js';
import { factReader } from '../../support/fact-reader.js';
import { useVirtualEnvironment } from '../../support/use-virtual-environment.js';

const both = {
  offeringItems: ['workstations', 'servers'],
  quotas: { workstations: { perUnit: 1 }, servers: { perUnit: 1 } },
  sold: { store: ['price_both'] },
};
const env = useVirtualEnvironment({}, { readFacts: factReader({ both }), brake: 'off' });
const aCustomer = customersIn(env);
const byHand = () => consoleClient(env.simulator);

async function aSteadyCustomer(items?: object[]): Promise<TestCustomer & { tenantId: string }> {
  const customer = await aCustomer(items === undefined ? {} : { items });
  const { tenantId = '' } = await customer.until(({ state }) => state === 'steady');
  return { ...customer, tenantId };
}

async function switchOff(tenantId: string, name: string): Promise<void> {
  const item = (await byHand().offeringItems.list(tenantId)).find((row) => row.name === name && row.status === 1)!;
  const { application_id, infra_id } = item;
  await byHand().offeringItems.put(tenantId, [{ application_id, name, infra_id, status: 0 }], { checkUsage: false });
}

async function itemsOf(tenantId: string) {
  const rows = await byHand().offeringItems.list(tenantId);
  const on = rows.filter(({ status }) => status === 1);
  return Object.fromEntries(on.map(({ name, quota }) => [name, quota?.value]));
}

const isDifferent =
  (field: string) =>
  ({ different, running, state }: Awaited<ReturnType<TestCustomer['status']>>) =>
    state === 'steady' && running === undefined && different?.some((one) => one.field === field) === true;

describe('what a person has changed in the console before more is sold', () => {
  test('an item that is switched off stays off, and is named; nothing else waits for it', async () => {
    const of = (quantity: number) => [{ product: 'price_both', quantity }];
    const customer = await aSteadyCustomer(of(25));
    await switchOff(customer.tenantId, 'workstations');

    await customer.tell({ items: of(40) });

    await customer.until(isDifferent('offeringItems.workstations'));
    expect(await itemsOf(customer.tenantId)).toEqual({ servers: 40 });
  });

  test('the only item that is switched off stays off, without an operation', async () => {
    const customer = await aSteadyCustomer();
    await switchOff(customer.tenantId, 'workstations');

    await customer.tell({ quantity: 40 });

    const { runs } = await customer.until(isDifferent('offeringItems.workstations'));
    expect(runs).toHaveLength(1);
    expect(await itemsOf(customer.tenantId)).toEqual({});
  });

  test('a tenant that is disabled stays so, and the status says it', async () => {
    const customer = await aSteadyCustomer();
    const { version } = await byHand().tenants.get(customer.tenantId);
    await byHand().tenants.update(customer.tenantId, { enabled: false, version });

    await customer.tell({ quantity: 40 });

    await customer.until(isDifferent('enabled'));
    expect(await itemsOf(customer.tenantId)).toEqual({ workstations: 40 });
    expect(await byHand().tenants.get(customer.tenantId)).toMatchObject({ enabled: false });
  });

  test('a tenant that is deleted is named, and nothing is started', async () => {
    const customer = await aSteadyCustomer();
    const { tenants } = byHand();
    await tenants.update(customer.tenantId, {
      enabled: false,
      version: (await tenants.get(customer.tenantId)).version,
    });
    await tenants.remove(customer.tenantId, (await tenants.get(customer.tenantId)).version);

    await customer.tell({ quantity: 40 });

    const { blocked, runs } = await customer.until(({ state }) => state === 'blocked');
    expect(blocked?.message).toContain('was deleted at');
    expect(runs).toHaveLength(1);
  });
});
