import { expect, test } from '@jest/globals';
import { narrow, useCaller } from './caller.js';

const caller = useCaller();
const resources = '/api/resource_management/v4/resources';
type Resource = { id: string; name: string; type: string };
const list = async (query = '') => (await caller.callAt('GET', `${resources}${query}`)).body['items'] as Resource[];

test('machines are listed with attributes only when asked, and whatever else a query says', async () => {
  const [machine] = await list('?type=resource.machine');
  const [full] = await list('?include_attributes=true');

  expect(machine).toMatchObject({
    name: 'WS-SEEDED',
    type: 'resource.machine',
    tenant_id: expect.stringMatching(/^\d+$/),
  });
  expect(machine).not.toHaveProperty('attributes');
  expect(full).toHaveProperty('attributes');
  expect(await list(`?${encodeURIComponent('{"type": "resource.group.computers"}')}`)).toHaveLength(2);
});

test('a dynamic group is made without an answer, and holds the machines whose name fits', async () => {
  const { id } = await caller.aTenant();
  const { resourceId } = caller.simulator.world.addMachine({ tenantId: id, hostname: 'test-7.local' });
  await narrow(caller, id);
  const group = {
    type: 'resource.group.computers',
    name: 'Test',
    group_condition: 'test*',
    parent_group_ids: ['301d1574-849e-4714-859f-3a2ec12a218b'],
  };

  const answer = await caller.callAt('POST', resources, group);

  expect([answer.status, answer.text]).toEqual([204, '']);
  const [made] = await list('?type=resource.group.computers');
  expect(made).toMatchObject({ name: 'Test', is_static: false });
  expect((await list(`?has_member_id=${resourceId}`)).map(({ name }) => name)).toEqual(['Test']);
});

test('a machine is not made here, an unknown one is 404 in the form of this interface', async () => {
  expect((await caller.callAt('POST', resources, { type: 'resource.machine', name: 'PC' })).status).toBe(400);
  const answer = await caller.callAt('GET', `${resources}/00000000-0000-4000-8000-000000000000`);
  expect([answer.status, answer.body]).toEqual([
    404,
    expect.objectContaining({ code: 'NotFoundError', domain: 'General' }),
  ]);
});

test('what is deleted is shown only when asked for', async () => {
  const [{ id }] = (await list()) as [Resource];
  await caller.callAt('DELETE', `${resources}/${id}`);

  expect((await list()).map((one) => one.id)).not.toContain(id);
  expect((await list('?include_deleted=true')).map((one) => one.id)).toContain(id);
});
