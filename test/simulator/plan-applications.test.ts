import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { aPlan } from './a-plan.js';
import { useCaller, type Answer } from './caller.js';

const caller = useCaller();
const plans = '/api/policy_management/v4/policies';
const applications = '/api/policy_management/v4/applications';
const statuses = '/api/resource_management/v4/resource_statuses';

/** A customer with one machine. */
let machine: string;
let customer: string;
beforeEach(async () => {
  customer = (await caller.aTenant()).id;
  machine = caller.simulator.world.addMachine({ tenantId: customer, hostname: 'ws-1.local' }).resourceId;
});

const save = async (plan: unknown) => await caller.callAt('POST', plans, plan);
const rootOf = ({ body }: Answer) => (body['result'] as string[])[0]!.split('@')[0]!;
const apply = async (policy_id: string, ...items: string[]) =>
  await caller.callAt('POST', applications, { policy_id, context: { items } });
const status = async () =>
  (await caller.callAt('GET', `${statuses}?resource_id=${machine}`)).body['items'] as {
    aggregate: { status: string };
  }[];

describe('a plan on a machine', () => {
  test('is one application for each policy; applying it again adds none', async () => {
    const root = rootOf(await save(aPlan({ override_tenant_id: customer })));

    expect([(await apply(root, machine)).status, (await apply(root, machine)).status]).toEqual([204, 204]);

    const { body } = await caller.callAt('GET', `${applications}?context_id=${machine}`);
    expect(body['items']).toEqual([
      [
        expect.objectContaining({ policy: expect.objectContaining({ id: root, type: 'policy.protection.total' }) }),
        expect.objectContaining({
          policy: expect.objectContaining({ parent_ids: [root] }),
          context: { id: machine, type: 'resource.machine' },
        }),
      ],
    ]);
  });

  test('of another customer is hindered', async () => {
    const root = rootOf(await save(aPlan({ override_tenant_id: customer })));
    const other = caller.simulator.world.addMachine({ tenantId: (await caller.aTenant()).id }).resourceId;

    expect((await apply(root, other)).body).toMatchObject({ issues: [{ code: 'PolicyNotApplicable' }] });
    expect((await apply(root, randomUUID())).status).toBe(404);
    expect((await apply(root)).status).toBe(400);
  });

  test('is revoked as a whole by its root; revoking what is not there does no harm', async () => {
    const root = rootOf(await save(aPlan({ override_tenant_id: customer })));
    await apply(root, machine);
    const revoke = async () =>
      (await caller.callAt('DELETE', `${applications}?context_id=${machine}&policy_id=${root}`)).status;

    expect([await revoke(), await revoke()]).toEqual([204, 204]);
    expect(caller.simulator.world.applications(machine)).toEqual([]);
  });

  test('runs in the background: seen as running, then as a good backup, in the tasks too', async () => {
    const root = rootOf(await save(aPlan({ override_tenant_id: customer })));
    await apply(root, machine);
    expect(await status()).toMatchObject([{ aggregate: { status: 'scheduled' } }]);

    const run = await caller.callAt('PUT', `${applications}/run`, {
      state: 'running',
      policy_id: root,
      context_ids: [machine],
    });

    expect([run.status, run.text]).toEqual([202, '']);
    const tasks = `/api/task_manager/v2/tasks?resourceId=${machine}`;
    expect((await caller.callAt('GET', tasks)).body).toMatchObject({
      size: 1,
      items: [{ state: 'started', result: null }],
    });
    expect((await caller.callAt('GET', tasks)).body).toMatchObject({
      items: [{ state: 'completed', result: { code: 'ok' } }],
    });
    expect(await status()).toMatchObject([{ aggregate: { status: 'ok' } }]);
  });

  test('runs on while a backup of another machine ends', async () => {
    const root = rootOf(await save(aPlan({ override_tenant_id: customer })));
    const other = caller.simulator.world.addMachine({ tenantId: customer, hostname: 'ws-2.local' }).resourceId;
    await apply(root, machine, other);
    await caller.callAt('PUT', `${applications}/run`, { state: 'running', policy_id: root, context_ids: [machine] });

    caller.simulator.world.backUp(other);

    expect((await caller.callAt('GET', `/api/task_manager/v2/tasks?resourceId=${machine}`)).body).toMatchObject({
      items: [{ state: 'started' }],
    });
  });

  test('cannot run where it is not applied, or while it is disabled', async () => {
    const plan = aPlan({ override_tenant_id: customer });
    for (const policy of plan.subject.policy) policy.enabled = false;
    const root = rootOf(await save(plan));
    const run = async () =>
      (await caller.callAt('PUT', `${applications}/run`, { state: 'running', policy_id: root })).status;

    expect(await run()).toBe(404);
    await apply(root, machine);
    expect(await run()).toBe(422);
  });
});

test('the status of a machine shows its protection: none, a bad backup, a good one', async () => {
  expect(await status()).toMatchObject([{ aggregate: { status: 'not_protected' } }]);
  const root = rootOf(await save(aPlan({ override_tenant_id: customer })));
  await apply(root, machine);
  caller.simulator.world.backUp(machine, 'error');
  expect(await status()).toMatchObject([{ aggregate: { status: 'error' } }]);
  caller.simulator.world.backUp(machine);
  expect(await status()).toMatchObject([
    { aggregate: { status: 'ok' }, policies: [{}, { last_success_run: expect.any(String) }] },
  ]);
});
