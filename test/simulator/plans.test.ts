import { beforeEach, describe, expect, test } from '@jest/globals';
import { aPlan } from './a-plan.js';
import { narrow, useCaller, type Answer } from './caller.js';

const caller = useCaller();
const plans = '/api/policy_management/v4/policies';
const applications = '/api/policy_management/v4/applications';

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

describe('a plan', () => {
  test('keeps the ids it is given, and saving it again changes the same plan', async () => {
    await narrow(caller, customer);
    const plan = aPlan();
    const [root, backup] = plan.subject.policy.map(({ id }) => id);

    const first = await save(plan);
    const again = await save(plan);

    expect(first.body['result']).toEqual([`${root}@policy.protection.total`, `${backup}@policy.backup.machine`]);
    expect(again.body).toEqual(first.body);
    expect(caller.simulator.world.plans(customer)).toHaveLength(1);
  });

  test('gets new ids when its own are to be ignored, each time another plan; the option may be inside the subject', async () => {
    await narrow(caller, customer);
    const plan = aPlan();
    const inside = { subject: { ignore_policy_and_tenant_ids: true, override_tenant_id: true, ...plan.subject } };

    expect(rootOf(await save(inside))).not.toBe(rootOf(await save(inside)));
    expect(caller.simulator.world.plans(customer)).toHaveLength(2);
  });

  test('belongs to a customer: a partner must say to which, by number or long id', async () => {
    const refused = await save(aPlan());
    expect([refused.status, refused.body]).toEqual([
      403,
      expect.objectContaining({ code: 'AccessDeniedError', domain: 'Access' }),
    ]);

    expect((await save(aPlan({ override_tenant_id: customer }))).status).toBe(200);
    expect(caller.simulator.world.plans(customer)).toHaveLength(1);
  });

  test('without settings for its backup is rejected with an issue', async () => {
    await narrow(caller, customer);
    const plan = aPlan();
    delete (plan.subject.policy[1] as { settings?: unknown }).settings;

    const answer = await save(plan);

    expect([answer.status, answer.body]).toEqual([
      422,
      { issues: [expect.objectContaining({ code: 'PolicySettingsNotSet' })] },
    ]);
  });

  test('is listed with its root first, found by type and by machine, its settings exact to the last digit', async () => {
    await narrow(caller, customer);
    const text = JSON.stringify(aPlan()).replace('"size":1', '"size":9223372036854775807');
    const headers = { authorization: `Bearer ${caller.token}`, 'content-type': 'application/json' };
    await fetch(`${caller.simulator.url}${plans}`, { method: 'POST', headers, body: text });

    const query = `?applicable_to_context_id=${machine}&type=policy.protection.total`;
    const found = await caller.callAt('GET', `/${plans}${query}&include_settings=true`);
    const bare = await caller.callAt('GET', `${plans}${query}`);

    expect(found.body['items']).toMatchObject([
      { policy: [{ type: 'policy.protection.total' }, { type: 'policy.backup.machine' }] },
    ]);
    expect(found.body['paging']).toEqual({ cursors: { total: 1 } });
    expect(found.text).toContain('"size":9223372036854775807');
    expect(bare.text).not.toContain('settings"');
  });

  test('is changed field by field, and goes with all that it was applied to', async () => {
    const root = rootOf(await save(aPlan({ override_tenant_id: customer })));
    await apply(root, machine);

    const renamed = { subject: { policy: [{ id: root, name: 'Renamed', enabled: 'false' }] } };
    expect((await caller.callAt('PATCH', `${plans}/${root}`, renamed)).status).toBe(204);
    expect((await caller.callAt('GET', `${plans}/${root}`)).body).toMatchObject({
      policy: [{ name: 'Renamed', enabled: false }, {}],
    });
    expect((await caller.callAt('DELETE', `${plans}/${root}`)).status).toBe(204);
    expect((await caller.callAt('GET', `${plans}/${root}`)).status).toBe(404);
    expect(caller.simulator.world.applications(machine)).toEqual([]);
  });
});
