import { describe, expect, test } from '@jest/globals';
import { createAcronis } from '../../acronis/index.js';
import type { Fault } from '../../simulator/index.js';
import { startBlocked, decideFor, waitUntil, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment();
const POST = 'POST /api/policy_management/v4/policies';
const LIST = 'GET /api/policy_management/v4/policies';
let made = 0;

function aPlanOrder(fields: object = {}) {
  made += 1;
  const tenantId = env.simulator.world.addTenant({ name: `Planning ${made}`, kind: 'customer' });
  return { tenant: { id: tenantId }, name: 'Workstations', onFailure: 'undo', ...fields };
}

const plansOf = ({ tenant }: { tenant: { id: string } }) => env.simulator.world.plans(tenant.id);
const settingsOf = (plan: { policies: object[] }) => (plan.policies[1] as { settings: Settings }).settings;

interface Settings {
  scheduling: { backup_sets: [{ schedule: { alarms: { time: { weekdays: string[]; repeat_at: [object] } } } }] };
  retention: { rules: [{ max_age: { type: 'days'; count: number } }] };
}

function ruleOf(plan: { policies: object[] }) {
  const { scheduling, retention } = settingsOf(plan);
  const { weekdays, repeat_at } = scheduling.backup_sets[0].schedule.alarms.time;
  return { weekdays, ...repeat_at[0], days: retention.rules[0].max_age.count };
}

const writes = () => env.calls().filter((route) => !route.startsWith('GET ') && route !== 'POST /idp/token');

test('a customer has a plan that backs up when the template says, applied to nothing', async () => {
  const order = aPlanOrder();

  const status = await env.run('createPlan', order);

  const [plan] = plansOf(order);
  expect(status).toMatchObject({ state: 'completed', changed: true, planId: plan!.id, warnings: [] });
  expect(plan!.policies).toMatchObject([
    { type: 'policy.protection.total', name: 'Workstations' },
    { type: 'policy.backup.machine', parent_ids: [plan!.id] },
  ]);
  expect(ruleOf(plan!)).toEqual({ weekdays: ['mon', 'tue', 'wed', 'thu', 'fri'], hour: 12, minute: 0, days: 30 });
  expect(env.simulator.world.applications().filter(({ planId }) => planId === plan!.id)).toEqual([]);
});

test('what the order says of the backup counts more than the template', async () => {
  const backup = { days: ['sunday', 'monday'], at: '04:05', keep: '1 year' };
  const order = aPlanOrder({ template: 'servers', backup });

  await env.run('createPlan', order);

  expect(ruleOf(plansOf(order)[0]!)).toEqual({ weekdays: ['mon', 'sun'], hour: 4, minute: 5, days: 366 });
});

test('a repeat finds the plan, whatever the platform has added to it, and writes nothing', async () => {
  const order = aPlanOrder();
  await env.run('createPlan', order);
  const [plan] = plansOf(order);
  Object.assign(plan!.policies[1]!, { ls_features: 'x', settings: { ...settingsOf(plan!), encryption: false } });
  writes();

  const status = await env.run('createPlan', { ...order, backup: { days: daysInAnotherOrder } });

  expect(status).toMatchObject({ state: 'completed', changed: false, adopted: ['ensurePlan'], planId: plan!.id });
  expect(writes()).toEqual([]);
});

const daysInAnotherOrder = ['friday', 'monday', 'tuesday', 'wednesday', 'thursday', 'monday'];

describe('refused, with nothing made', () => {
  test.each<[string, object, RegExp]>([
    ['another plan of this name', { backup: { at: '13:00' } }, /another plan "Workstations" with other settings/],
    ['a plan of this name that backs up on fewer days', { backup: { days: ['monday'] } }, /another plan/],
  ])('%s', async (_words, fields, sentence) => {
    const order = aPlanOrder();
    await env.run('createPlan', order);
    writes();

    const status = await env.run('createPlan', { ...order, ...fields });

    expect(status).toMatchObject({ failureType: 'Refused', reason: { type: 'Refused' } });
    expect(status).toMatchObject({ reason: { message: expect.stringMatching(sentence) } });
    expect(writes()).toEqual([]);
  });

  test('a plan for a partner', async () => {
    const tenantId = env.simulator.world.addTenant({ name: 'Planning partner', kind: 'partner' });

    expect(await env.run('createPlan', aPlanOrder({ tenant: { id: tenantId } }))).toMatchObject({
      failureType: 'Refused',
      reason: { message: expect.stringMatching(/is a partner/) },
    });
  });

  test.each([
    [{ backup: { at: '24:00' } }, /backup\.at: must be hour and minute/],
    [{ backup: { keep: '2 hours' } }, /backup\.keep: must be days, weeks or years/],
    [{ backup: { days: [] } }, /backup\.days/],
  ])('%j, before any call', async (fields, sentence) => {
    const order = aPlanOrder(fields);
    env.calls();

    expect(await env.run('createPlan', order)).toMatchObject({
      failureType: 'InvalidInput',
      reason: { message: expect.stringMatching(sentence) },
    });
    expect(env.calls()).toEqual([]);
  });
});

test('there is one plan although answers are lost or garbage, tokens expire, and the cloud is busy', async () => {
  const faults: Fault[] = [
    'commit-then-drop',
    'drop-before',
    'garble',
    'expire-tokens',
    { refuse: 503 },
    { refuse: 409 },
  ];
  const orders = faults.map(() => aPlanOrder());
  for (const fault of faults) for (const route of [POST, LIST]) env.simulator.faults.next(route, fault);

  const ends = await Promise.all(orders.map((order) => env.run('createPlan', order)));

  expect(ends).toEqual(orders.map(() => expect.objectContaining({ state: 'completed', changed: true })));
  expect(orders.map((order) => plansOf(order).length)).toEqual(orders.map(() => 1));
});

describe('a run that fails after its effect', () => {
  const failing = { lostThen: { refuse: 403 } } as const;

  test('removes its plan', async () => {
    const order = aPlanOrder();
    env.simulator.faults.next(POST, failing);

    expect(await env.run('createPlan', order)).toMatchObject({ state: 'undone', failureType: 'Undone' });
    expect(plansOf(order)).toEqual([]);
  });

  test('leaves a plan that somebody has applied meanwhile, and names it', async () => {
    const order = aPlanOrder({ onFailure: 'ask' });
    env.simulator.faults.next(POST, failing);
    const handle = await startBlocked(env, 'createPlan', order);
    const [plan] = plansOf(order);
    const { resourceId } = env.simulator.world.addMachine({ tenantId: order.tenant.id });
    await applyByHand(plan!.id, resourceId);

    await decideFor(handle, 'abort');

    expect(await statusAtEnd(handle)).toMatchObject({
      failureType: 'Leftovers',
      leftovers: [{ kind: 'plan', id: plan!.id, reason: 'somebody has applied it' }],
    });
    expect(plansOf(order)).toHaveLength(1);
  });

  test('leaves the plan when the order says keep', async () => {
    const order = aPlanOrder({ onFailure: 'keep' });
    env.simulator.faults.next(POST, failing);

    expect(await env.run('createPlan', order)).toMatchObject({ state: 'failed', failureType: 'Kept' });
    expect(plansOf(order)).toHaveLength(1);
  });

  test('makes no second plan when a person tries again', async () => {
    const order = aPlanOrder({ onFailure: 'ask' });
    env.simulator.faults.next(POST, failing);
    const handle = await startBlocked(env, 'createPlan', order);

    await decideFor(handle, 'retry');

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', changed: true });
    expect(plansOf(order)).toHaveLength(1);
  });

  test('that is cancelled removes what it made', async () => {
    const order = aPlanOrder();
    env.simulator.faults.next(POST, { refuse: 503, commit: true }, { times: 99 });
    const handle = await env.begin('createPlan', order);
    await waitUntil(async () => plansOf(order).length === 1);

    await handle.cancel();

    expect(await waitForState(handle, 'cancelled')).not.toHaveProperty('leftovers');
    expect(plansOf(order)).toEqual([]);
  });
});

/** As a person does in the console. */
async function applyByHand(planId: string, resourceId: string): Promise<void> {
  const { url, clientId, clientSecret } = env.simulator;
  const acronis = createAcronis({ baseUrl: url, clientId, clientSecret, version: 'test' });
  await acronis.planApplications.apply(planId, [resourceId]);
}
