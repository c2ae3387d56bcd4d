import { expect, test } from '@jest/globals';
import { useCaller } from './caller.js';

const caller = useCaller({ rootName: 'My MSP' });
const slow = useCaller({ searchLagMs: 3_600_000 });

async function search(text: string, more = '', by = caller) {
  const path = `/search?tenant=${by.simulator.rootTenantId}&text=${encodeURIComponent(text)}${more}`;
  return await by.call('GET', path);
}

test('finds tenants and users by the beginnings of words, each with the names above it', async () => {
  const { id } = await caller.aTenant({ name: 'Northwind (demo)', customer_id: 'crm-77' });
  const contact = { email: 'jane@example.com', firstname: 'Jane', lastname: 'Roe' };
  const user = await caller.aUser(id, { login: 'jroe', contact });

  expect((await search('north')).body['items']).toMatchObject([{ obj_type: 'tenant', id, path: ['My MSP'] }]);
  expect((await search('CRM-77')).body['items']).toMatchObject([{ id }]);
  expect((await search('jane roe')).body['items']).toMatchObject([
    { obj_type: 'user', id: user.id, parent_id: id, first_name: 'Jane', path: ['My MSP', 'Northwind (demo)'] },
  ]);
  expect((await search('wind')).body['items']).toEqual([]);
});

test('needs three letters and gives ten hits, unless the call says otherwise', async () => {
  for (let made = 0; made < 12; made += 1) await caller.aTenant({ name: `Same ${made}` });

  expect((await search('sa')).status).toBe(400);
  expect((await search('same')).body['items']).toHaveLength(10);
  expect((await search('same', '&limit=300')).body['items']).toHaveLength(12);
  expect((await search('same', '&limit=0')).status).toBe(400);
});

test('can be late: a tenant that was just made is not found', async () => {
  await slow.aTenant({ name: 'Northwind' });

  expect((await search('north', '', slow)).body['items']).toEqual([]);
});
