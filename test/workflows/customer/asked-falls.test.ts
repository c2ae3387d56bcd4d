import { describe, expect, test } from '@jest/globals';
import { customersIn, subscriptionOf } from '../../support/customers.js';
import { factReader } from '../../support/fact-reader.js';
import { refusalMessage } from '../../support/runs.js';
import { useVirtualEnvironment } from '../../support/use-virtual-environment.js';

const quotas = { workstations: { perUnit: 1 } };
const office = { offeringItems: ['servers', 'workstations'], quotas, sold: { store: ['price_office'] } };
const plain = { offeringItems: ['workstations'], quotas, sold: { store: ['price_plain'] } };
const env = useVirtualEnvironment({}, { readFacts: factReader({ office, plain }), brake: 'off' });
const aCustomer = customersIn(env);
const sold = (quantity: number, product = 'price_office') => ({ items: [{ product, quantity }] });
const isSteady = ({ state }: { state: string }) => state === 'steady';
const isBlocked = ({ state }: { state: string }) => state === 'blocked';

async function aSteadyOffice() {
  const customer = await aCustomer(sold(100));
  const { tenantId } = await customer.until(isSteady);
  const itemsOn = () => env.simulator.world.items(tenantId!).map(({ name, quota }) => [name, quota?.value]);
  return { ...customer, tenantId: tenantId!, itemsOn };
}

describe('a customer asks before', () => {
  test('small falls are steep together, and a yes is where later ones begin', async () => {
    const customer = await aSteadyOffice();
    await customer.tell(sold(60));
    await customer.until(({ applied, state }) => applied?.quotas['workstations']?.limit === 60 && state === 'steady');

    await customer.tell(sold(35));

    const { blocked } = await customer.until(isBlocked);
    expect(blocked).toMatchObject({
      type: 'Tenantry.Asks',
      message: expect.stringMatching(/^quotas.workstations: it falls from 60 to 35, and was 100 until /),
    });
    await customer.ask('converge', { fields: ['quotas.workstations'] });
    await customer.until(isSteady);
    await customer.tell(sold(20));
    await customer.until(({ applied, state }) => applied?.quotas['workstations']?.limit === 20 && state === 'steady');
  });

  test('an item goes that is no longer sold; one in use stays all the same', async () => {
    const customer = await aSteadyOffice();
    env.simulator.world.setUsage(customer.tenantId, 'servers', 3);

    await customer.tell(sold(100, 'price_plain'));

    expect(await customer.until(isBlocked)).toMatchObject({
      notDone: [{ field: 'offeringItems.servers', why: expect.stringMatching(/no longer sold.*unlimited/) }],
    });
    const wrong = customer.ask('converge', { fields: ['quotas.servers'] });
    expect(await refusalMessage(wrong)).toMatch(/choose from offeringItems.servers/);
    await customer.ask('converge', { fields: ['offeringItems.servers'] });
    const used = await customer.until(({ runs, state }) => runs.length === 2 && state === 'steady');
    expect(used.notDone).toMatchObject([{ field: 'offeringItems.servers', why: expect.stringContaining('3') }]);
    expect(customer.itemsOn().map(([name]) => name)).toContain('servers');
  });
});

test('the end of a subscription is not asked about', async () => {
  const customer = await aSteadyOffice();
  const ref = `${subscriptionOf(customer.ref)}, the other one`;
  await customer.tell({ ...sold(100, 'price_plain'), ref });
  await customer.until(({ applied, state }) => applied?.quotas['workstations']?.limit === 200 && state === 'steady');

  await customer.tell({ ...sold(100), state: 'ended' });

  await customer.until(({ runs, state }) => runs.length === 3 && state === 'steady');
  expect(customer.itemsOn()).toEqual([['workstations', 100]]);
});
