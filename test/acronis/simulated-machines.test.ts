import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createAcronis, type Acronis } from '../../acronis/index.js';
import { startSimulator, type Simulator } from '../../simulator/index.js';
import { all } from './endpoint-table.js';
import { failureOf } from './stand-in.js';

let simulator: Simulator;
let acronis: Acronis;
let customerId: string;
let scoped: Acronis;
beforeEach(async () => {
  simulator = await startSimulator();
  const { url: baseUrl, clientId, clientSecret, rootTenantId } = simulator;
  acronis = createAcronis({ baseUrl, clientId, clientSecret, version: '1.0.0' });
  const hits = await acronis.search.find(rootTenantId, 'Seeded Customer');
  customerId = hits[0]!.id;
  scoped = acronis.scopedTo(customerId);
});
afterEach(async () => {
  const { unknownRoutes } = simulator;
  await simulator.close();
  expect(unknownRoutes).toEqual([]);
});

const aPlan = () => {
  const [root, backup] = [randomUUID(), randomUUID()];
  return [
    { id: root, type: 'policy.protection.total', name: 'Nightly', enabled: true, origin: 'upstream' as const },
    {
      id: backup,
      type: 'policy.backup.machine',
      enabled: true,
      origin: 'upstream' as const,
      parent_ids: [root],
      settings_schema: '2.0',
      settings: { splitting: { size: 9_223_372_036_854_775_807n } },
    },
  ];
};

test('uses the number of a tenant wherever it is needed', async () => {
  const number = await acronis.tenants.numberOf(customerId);
  const [agent] = await all(acronis.agents.list({ tenantNumber: number }));

  expect(agent).toMatchObject({ tenant: { id: number }, online: true });
  expect(await acronis.agents.get(agent!.id)).toEqual(agent);
  expect(await failureOf(all(acronis.agents.list({ tenantNumber: customerId })))).toMatchObject({ kind: 'rejected' });
});

test('creates, applies, runs and revokes a plan in the scope of a customer', async () => {
  const [machine] = await all(scoped.resources.list({ type: 'resource.machine' }));
  const plan = aPlan();
  const planId = plan[0]!.id;

  const made = await scoped.plans.create(plan);
  await scoped.plans.create(plan);
  const applicable = await all(scoped.plans.list({ applicableTo: machine!.id }));
  await scoped.planApplications.apply(planId, [machine!.id]);
  await scoped.planApplications.apply(planId, [machine!.id]);
  const applied = await all(scoped.planApplications.list({ resourceId: machine!.id, policyId: planId }));
  await scoped.planApplications.run(planId, [machine!.id]);
  const running = await all(scoped.tasks.list({ state: 'started' }));
  await scoped.planApplications.revoke(planId, machine!.id);
  await scoped.planApplications.revoke(planId, machine!.id);

  expect(made).toMatchObject({ policies: plan.map(({ id, type }) => ({ id, type })), issues: [] });
  expect(applicable.filter(([root]) => root?.id === planId)).toHaveLength(1);
  expect(applied).toMatchObject([plan.map(({ id }) => ({ policy: { id }, context: { id: machine!.id } }))]);
  expect(running).toMatchObject([{ policy: { id: plan[1]!.id } }]);
  expect(await all(scoped.planApplications.list({ policyId: planId }))).toEqual([]);
  await scoped.plans.remove(planId);
  expect(await failureOf(scoped.plans.remove(planId))).toMatchObject({ kind: 'not-found' });
});

test('keeps the settings of a plan digit for digit', async () => {
  const plan = aPlan();
  await scoped.plans.create(plan);

  const found = await all(scoped.plans.list({ policyId: plan[0]!.id, includeSettings: true }));

  expect(found[0]?.[1]?.settings).toEqual(plan[1]!.settings);
});

test('reports why a plan is refused', async () => {
  const [root, { settings: _settings, ...backup } = aPlan()[1]!] = aPlan();

  expect(await failureOf(scoped.plans.create([root!, { ...backup, parent_ids: [root!.id] }]))).toMatchObject({
    kind: 'rejected',
    facts: { status: 422, code: 'PolicySettingsNotSet' },
  });
  expect(await failureOf(acronis.plans.create(aPlan()))).toMatchObject({ kind: 'forbidden' });
});

test('creates a group, finds it by its name, and deletes it', async () => {
  await scoped.resources.createGroup({ name: 'Test machines', group_condition: 'test*' });
  const groups = await all(scoped.resources.list({ type: 'resource.group.computers' }));
  const group = groups.find(({ name }) => name === 'Test machines');

  await scoped.resources.remove(group!.id);

  expect(group).toMatchObject({ group_condition: 'test*' });
  expect(await failureOf(scoped.resources.remove(group!.id))).toMatchObject({ kind: 'not-found' });
});

test('lists tasks, activities and alerts page by page, and alerts also backwards', async () => {
  const [tasks, activities] = [await all(acronis.tasks.list()), await all(acronis.taskActivities.list())];
  const alerts = await all(acronis.alerts.list());
  const first = await acronis.alerts.page({}, { limit: 10 });
  const second = await acronis.alerts.page({}, { limit: 10, after: first.after });
  const third = await acronis.alerts.page({}, { limit: 10, after: second.after });
  const back = await acronis.alerts.page({}, { limit: 10, before: third.before });

  const ids = (all: { id: string }[]) => all.map(({ id }) => id);
  expect(new Set(ids(tasks)).size).toBe(tasks.length);
  expect(tasks.some(({ id }) => !Number.isSafeInteger(Number(id)))).toBe(true);
  expect(activities.every(({ taskId }) => ids(tasks).includes(taskId!))).toBe(true);
  expect(ids(alerts).slice(0, 20)).toEqual([...ids(first.items), ...ids(second.items)]);
  expect(ids(back.items)).toEqual(ids(second.items));
});
