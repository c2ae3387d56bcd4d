import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Tenant } from '../../acronis/index.js';
import { attempt, startActivityEnvironment, type ActivityEnvironment } from '../support/activity-environment.js';

const cloud = 'default';
type Row = Pick<Tenant, 'id'> & Partial<Tenant>;
/** How often the list of tenants is still the one of before, and what that one shows. */
let old: { times: number; rows: Record<string, Omit<Row, 'id'>> };
let env: ActivityEnvironment;
let made = 0;

beforeAll(async () => {
  env = await startActivityEnvironment({}, undefined, async (input, init) => {
    const { method, url } = input as Request;
    const answer = await globalThis.fetch(input, init);
    const isList = method === 'GET' && new URL(url).pathname.endsWith('/tenants');
    if (!isList || old.times === 0) return answer;
    old.times -= 1;
    const body = (await answer.json()) as { items: Row[] };
    return Response.json({ ...body, items: body.items.map((row) => ({ ...row, ...old.rows[row.id] })) });
  });
});
afterAll(async () => {
  await env.simulator.close();
});
beforeEach(() => {
  made += 1;
  old = { times: 0, rows: {} };
});

const find = async (tenant: object, fields: object = {}) =>
  await attempt(env.activities.findTenant, { cloud, tenant, ...fields } as never);
const add = (name: string, customer_id?: string) =>
  env.simulator.world.addTenant({ name: `${name} ${made}`, ...(customer_id && { customer_id }) });
const asksBecause = (reason: RegExp) => ({
  type: 'Tenantry.Unexpected',
  nonRetryable: true,
  message: expect.stringMatching(reason) as unknown,
});

/** Two customers that have swapped names and contract numbers. */
function swapped() {
  const [one, other] = [add('One', `one-${made}`), add('Other', `other-${made}`)];
  const rows = {
    [one]: { name: `Other ${made}`, customer_id: `other-${made}` },
    [other]: { name: `One ${made}`, customer_id: `one-${made}` },
  };
  const byNumber = { customerId: `one-${made}` };
  const byName = { name: `One ${made}` };
  return { one, other, rows, byNumber, byName };
}

test.each([
  ['contract numbers', 'byNumber', /customerId: "one-\d+" fits .* list is old: .* contract number "other-\d+".*id/],
  ['names', 'byName', /name: "One \d+" fits .* list is old: .* name "Other \d+".*Retry.*id/],
] as const)(
  'a list from before two customers have swapped %s finds neither of them: a person is asked',
  async (_, by, reason) => {
    const things = swapped();
    old = { times: Infinity, rows: things.rows };

    await expect(find(things[by])).rejects.toMatchObject(asksBecause(reason));
  },
);

test.each(['byNumber', 'byName'] as const)(
  'a list that is old for a moment finds the right customer %s',
  async (by) => {
    const things = swapped();
    old = { times: 1, rows: things.rows };

    expect(await find(things[by])).toMatchObject({ result: { tenantId: things.one } });
  },
);

test('a list that shows a restored customer as deleted does not make it a deleted one', async () => {
  const id = add('Restored');
  old = { times: Infinity, rows: { [id]: { deleted_at: '2026-01-02T03:04:05' } } };

  await expect(find({ name: `Restored ${made}` }, { deleted: 'otherwise' })).rejects.toMatchObject(
    asksBecause(/list is old: .* not deleted/),
  );
});

test('a list that shows a deleted customer as existing finds none that exists', async () => {
  const id = add('Deleted');
  env.simulator.world.remove(id);
  old = { times: Infinity, rows: { [id]: { deleted_at: null } } };

  await expect(find({ name: `Deleted ${made}` }, { deleted: 'otherwise' })).rejects.toMatchObject(
    asksBecause(/list is old: it was deleted at/),
  );
});
