import { afterEach, describe, expect, test } from '@jest/globals';
import { makePlan } from '../../planning/plan.js';
import { startSimulator, type Fixture, type Simulator } from '../../simulator/index.js';
import { catalogue } from '../../catalogue/index.js';
import { REVISION } from '../../contract/revision.js';
import { definitions } from '../../planning/definitions.js';
import { anOrder, exampleOf } from '../support/orders.js';
import { fixtures } from '../support/recorded-scenarios.js';

let simulator: Simulator;
afterEach(async () => {
  await simulator.close();
});

async function aWorld(fixture: Fixture): Promise<NodeJS.ProcessEnv> {
  simulator = await startSimulator({ fixture });
  const { url, clientId, clientSecret } = simulator;
  return { ACRONIS_BASE_URL: url, ACRONIS_CLIENT_ID: clientId, ACRONIS_CLIENT_SECRET: clientSecret };
}

const writes = () =>
  simulator.journal.calls().filter(({ method, route }) => method !== 'GET' && route !== 'POST /idp/token');

describe.each(Object.keys(catalogue))('a plan of %s', (operation) => {
  test('changes nothing, names every step with its calls, and is the same when asked again', async () => {
    const environment = await aWorld(fixtures[operation] ?? fixtures['']!);

    const plan = await makePlan(operation, exampleOf(operation), { environment });
    const again = await makePlan(operation, exampleOf(operation), { environment });

    expect(writes()).toEqual([]);
    expect(plan.refused).toEqual([]);
    const { steps } = definitions.get(operation)!;
    const reading = catalogue[operation]!.read(exampleOf(operation));
    const expected = reading.ok ? steps(reading.order as never, REVISION) : [];
    expect(plan.steps.map(({ step }) => step)).toEqual(expect.arrayContaining([...expected]));
    expect(again.planHash).toBe(plan.planHash);
  });
});

test('a plan says what cannot be undone and what is unlimited', async () => {
  const environment = await aWorld({});
  const order = anOrder({ billingMode: 'production', customer: { name: 'Sure, Inc' }, confirm: 'Sure, Inc' });

  const { cannotBeUndone, warnings } = await makePlan('provisionCustomer', order, { environment });

  expect(cannotBeUndone).toEqual([
    expect.stringContaining('switchToProduction'),
    expect.stringContaining('sendActivationEmail'),
  ]);
  expect(warnings).toEqual(['without a quota, so unlimited: workstations, storage']);
});

test('a plan shows the sum of edition and items, and calls nothing unlimited that is only on or off', async () => {
  const environment = await aWorld({});
  const order = anOrder({ edition: 'pck_per_gigabyte', offeringItems: ['local_storage', 'pu_base_fc_seats'] });

  const { steps, warnings, refused } = await makePlan('provisionCustomer', order, { environment });

  expect(refused).toEqual([]);
  const { summary } = steps.find(({ step }) => step === 'applyOfferingItems')!;
  for (const name of ['pg_base_vms', 'local_storage', 'pu_base_fc_seats', 'pg_base_device_control'])
    expect(summary).toContain(name);
  expect(warnings).toEqual([expect.stringMatching(/without a quota, so unlimited: .*local_storage/)]);
  expect(warnings[0]).not.toContain('device_control');
});

test('a plan refuses what the run refuses: two sites of which none is named, and a quota of a switch', async () => {
  const environment = await aWorld({ drSites: 2 });
  const quotas = { device_control: { limit: 5 } };

  const { refused } = await makePlan('provisionCustomer', anOrder({ edition: 'pck_per_gigabyte', quotas }), {
    environment,
  });

  expect(refused).toEqual([
    expect.stringMatching(/^infra\.dr: several are offered .*; quotas\.device_control\.limit: /),
  ]);
});

test.each(['createApiClient', 'issueAgentToken'])(
  'a plan of %s says that it cannot know whether a worker keeps secrets',
  async (operation) => {
    const environment = await aWorld(fixtures['']!);

    const { warnings } = await makePlan(operation, exampleOf(operation), { environment });

    expect(warnings).toContainEqual(expect.stringMatching(/not known here.*TENANTRY_SECRETS_STORE.*checkSafe/));
  },
);

test('a plan reports every refusal at once', async () => {
  const environment = await aWorld({});
  const order = anOrder({ administrator: { login: 'taken.login' }, offeringItems: ['nothing'] as never });

  const { refused } = await makePlan('provisionCustomer', order, { environment });

  expect(refused).toEqual([expect.stringContaining('"nothing"'), expect.stringContaining('taken')]);
});

test('a plan is the same in whatever order the cloud answers', async () => {
  const environment = await aWorld({});
  const order = anOrder();
  const planHash = async (slow: string) => {
    simulator.faults.next(slow, { delay: 150 }, { times: 9 });
    const made = await makePlan('provisionCustomer', order, { environment });
    simulator.faults.clear();
    return made.planHash;
  };

  const hashes = [
    await planHash('GET /users/check_login'),
    await planHash('GET /tenants/{id}/offering_items/available_for_child'),
  ];

  expect(new Set(hashes).size).toBe(1);
});

test('a plan has another hash once the cloud has changed', async () => {
  const environment = await aWorld({ tenants: [{ name: 'Moving, Inc' }] });
  const order = { tenant: { name: 'Moving, Inc' } };
  const before = await makePlan('disableTenant', order, { environment });
  simulator.world.disable(simulator.world.tenants().find(({ name }) => name === 'Moving, Inc')!.id);

  const after = await makePlan('disableTenant', order, { environment });

  expect(after.steps.at(-1)).toMatchObject({ step: 'disableTenant', calls: [] });
  expect(after.planHash).not.toBe(before.planHash);
});

test('a plan has another hash once somebody has changed what it would change', async () => {
  const environment = await aWorld({ tenants: [{ name: 'Moving, Inc' }] });
  const order = { tenant: { name: 'Moving, Inc' } };
  const before = await makePlan('disableTenant', order, { environment });
  simulator.world.bumpVersion(simulator.world.tenants().find(({ name }) => name === 'Moving, Inc')!.id);

  const after = await makePlan('disableTenant', order, { environment });

  expect(after.steps).toEqual(before.steps);
  expect(after.planHash).not.toBe(before.planHash);
});

describe('what an earlier run has made', () => {
  const runId = '0190c5d2-0000-7000-8000-000000000001';
  const order = {
    customer: { name: 'Earlier, Inc', customerId: 'earlier' },
    administrator: { login: 'Earlier', email: 'earlier@example.com' },
  };
  const made = { name: 'Earlier, Inc', customer_id: 'earlier', internal_tag: `tenantry:development:earlier:${runId}` };

  test('is not made again, and what is missing is done to the tenant that is there', async () => {
    const environment = await aWorld({ tenants: [made] });

    const { steps } = await makePlan('provisionCustomer', order, { environment });

    expect(steps).toContainEqual(
      expect.objectContaining({ step: 'ensureCustomerTenant', state: 'already done', calls: [], undo: null }),
    );
    expect(steps).toContainEqual(
      expect.objectContaining({
        step: 'applyOfferingItems',
        state: 'would do',
        calls: ['GET /tenants/{id}/offering_items', 'PUT /tenants/{id}/offering_items'],
      }),
    );
    expect(steps.flatMap(({ calls }) => calls)).not.toContain('POST /tenants');
  });

  test('is not named among what cannot be undone', async () => {
    const environment = await aWorld({ tenants: [made] });
    const secured = { ...order, customer: { ...order.customer, enhancedSecurity: true }, confirm: 'Earlier, Inc' };

    const { cannotBeUndone } = await makePlan('provisionCustomer', secured, { environment });

    expect(cannotBeUndone).toEqual([expect.stringContaining('sendActivationEmail')]);
  });
});

test('a plan says how many of many tenants would change, and is another one when something else is left to do', async () => {
  const environment = await aWorld(fixtures['updatePartners']!);
  const before = await makePlan('updatePartners', exampleOf('updatePartners'), { environment });
  simulator.world.giveItems(simulator.world.tenants().find(({ name }) => name === 'A partner')!.id, 'pck_per_gigabyte');

  const after = await makePlan('updatePartners', exampleOf('updatePartners'), { environment });

  expect(before.steps.at(-1)).toMatchObject({
    state: 'would do',
    summary: expect.stringMatching(/; 1 would change, 0 would be refused$/),
  });
  expect(before.steps.at(-1)!.calls).toContain('PUT /tenants/{id}/offering_items');
  expect(after.planHash).not.toBe(before.planHash);
});

test('a plan names those of many who would be refused', async () => {
  const environment = await aWorld(fixtures['updatePartners']!);
  simulator.faults.next('GET /tenants/{id}/offering_items', { refuse: 403 });

  const { refused, warnings, steps } = await makePlan('updatePartners', exampleOf('updatePartners'), { environment });

  expect(refused).toEqual([]);
  expect(warnings).toEqual([expect.stringMatching(/^"Seeded Partner" would be refused: .*403/)]);
  expect(steps.at(-1)).toMatchObject({ step: 'updatePartners', summary: expect.stringMatching(/1 would be refused$/) });
});

test('a plan for a cloud that is not configured here is refused, and names those that are', async () => {
  const environment = await aWorld({});

  const planning = makePlan('provisionCustomer', { ...anOrder(), cloud: 'mars' }, { environment });

  await expect(planning).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringMatching(/no cloud "mars" is configured here, only default\. Name one of them in the order/),
  });
  await expect(planning).rejects.toMatchObject({ message: expect.not.stringContaining('worker') });
});

test('there is no plan while the cloud is down', async () => {
  const environment = await aWorld({});
  simulator.faults.next('*', { refuse: 503 }, { times: 99 });

  await expect(makePlan('provisionCustomer', anOrder(), { environment })).rejects.toThrow(/cannot be asked just now/);
});
