import { describe, expect, test } from '@jest/globals';
import type { OfferingItem as Item } from '../../acronis/index.js';
import { attempt } from '../support/activity-environment.js';
import { waitForCall, consoleClient } from '../support/console.js';
import { useTamperedEnvironment } from '../support/tampered-environment.js';

const env = useTamperedEnvironment({});
const cloud = 'default';
const inDoubt = { unsure: true, doubted: true };
const clean = { undone: false, leftovers: [] };
const GET_ITEMS = 'GET /tenants/{id}/offering_items';

/** As a person in the console, or as a call of ours that comes late. */
const byHand = () => consoleClient(env.simulator);

describe('items whose change was never answered', () => {
  async function aCustomer() {
    const tenantId = env.simulator.world.addTenant({ name: 'Of others too' });
    const { result } = await attempt(env.activities.findOfferingItems, {
      cloud,
      parentTenantId: undefined,
      offeringItems: ['workstations'],
      edition: undefined,
      quotas: {},
    } as never);
    const { items } = result;
    const undo = async (known: object) =>
      (await attempt(env.activities.switchItemsOff, { cloud, tenantId, items, ...known } as never)).result;
    const switchOn = async () =>
      await attempt(env.activities.applyOfferingItems, { cloud, tenantId, items, look: false });
    const isOn = () => env.simulator.world.items(tenantId).some(({ status }) => status === 1);
    return { tenantId, undo, switchOn, isOn };
  }
  const certain = { unsure: true, doubted: false };

  test('are switched off when it comes while the undo looks', async () => {
    const { undo, switchOn, isOn } = await aCustomer();
    const undone = undo(inDoubt);
    await waitForCall(env.simulator, GET_ITEMS);
    await switchOn();

    expect(await undone).toEqual({ undone: true, leftovers: [] });
    expect(isOn()).toBe(false);
  });

  test('are named when it does not come', async () => {
    const { tenantId, undo } = await aCustomer();

    expect(await undo(inDoubt)).toMatchObject({
      undone: false,
      leftovers: [
        { kind: 'setting', id: tenantId, reason: expect.stringMatching(/never answered may still switch on: /) },
      ],
    });
  });

  test('are not looked for where every call was answered', async () => {
    const { undo } = await aCustomer();

    expect(await undo(certain)).toEqual(clean);
  });

  test.each<[string, (tenantId: string) => unknown, RegExp]>([
    [
      'an agent is there whose usage nobody has counted yet',
      (tenantId) => env.simulator.world.addMachine({ tenantId, hostname: 'pc-1' }),
      /an agent is in the tenant: pc-1, so left on: /,
    ],
    [
      'the agents may not be seen',
      () => env.simulator.faults.next('GET /api/1/groups/{id}', { refuse: 403 }),
      /agents may not be seen .*so left on: /,
    ],
    [
      'somebody has changed the quota',
      async (tenantId) => {
        const [{ application_id, name, quota }] = (await byHand().offeringItems.list(tenantId)) as [Item];
        const version = quota?.version ?? 0;
        await byHand().offeringItems.put(tenantId, [
          { application_id, name, status: 1, quota: { value: 7, overage: null, version } },
        ]);
      },
      /somebody has changed the quota, so left on: /,
    ],
  ])('stay on, and are named, when %s', async (_words, happen, reason) => {
    const { tenantId, undo, switchOn, isOn } = await aCustomer();
    await switchOn();
    await happen(tenantId);

    expect(await undo(certain)).toMatchObject({ leftovers: [{ id: tenantId, reason: expect.stringMatching(reason) }] });
    expect(isOn()).toBe(true);
  });
});

describe('an edition whose switch was never answered', () => {
  const applicationId = '6e6d758d-8e74-3ae3-ac84-50eb0dff12eb';
  const [from, to] = ['pck_per_gigabyte', 'pck_per_workload'];
  function aCustomer() {
    const tenantId = env.simulator.world.addTenant({ name: 'Of others too', edition: from });
    const rows = env.simulator.world.items(tenantId).filter(({ edition }) => edition === from);
    const before = rows.map(({ application_id, name, usage_name, infra_id }) => ({
      application_id,
      name,
      usage_name,
      ...(infra_id === undefined ? {} : { infra_id }),
    }));
    const spec = { cloud, tenantId, applicationId, edition: from, to, before, method: 'edition' as const, ...inDoubt };
    const undo = async () => (await attempt(env.activities.restoreEdition, spec as never)).result;
    const editions = () => {
      const on = env.simulator.world.items(tenantId).filter(({ status, edition }) => status === 1 && edition !== null);
      return [...new Set(on.map(({ edition }) => edition))];
    };
    return { tenantId, undo, editions };
  }

  test('is undone when it appears while the undo looks', async () => {
    const { tenantId, undo, editions } = aCustomer();
    const undone = undo();
    await waitForCall(env.simulator, GET_ITEMS);
    await byHand().editions.switch(tenantId, { applicationId, edition: to });

    expect(await undone).toEqual({ undone: true, leftovers: [] });
    expect(editions()).toEqual([from]);
  });

  test('is named when it does not come', async () => {
    const { tenantId, undo } = aCustomer();

    expect(await undo()).toMatchObject({
      undone: false,
      leftovers: [{ kind: 'setting', id: tenantId, reason: expect.stringContaining(`may still switch to ${to}`) }],
    });
  });
});
