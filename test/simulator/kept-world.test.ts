import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startSimulator } from '../../simulator/index.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-world-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a simulator with a file remembers everything, and what was new at the first start still is', async () => {
  const db = join(folder, 'simulator.db');
  const first = await startSimulator({ db, fixture: { tenants: [{ name: 'Old, Inc', kind: 'customer' }] } });
  const made = first.world.addTenant({ name: 'Customer, Inc' });
  const user = first.world.addUser({ tenant_id: made, login: 'jane' });
  const before = first.world.tenants();
  await first.close();

  const second = await startSimulator({ db });
  try {
    expect(second.rootTenantId).toBe(first.rootTenantId);
    expect(second.world.tenants()).toEqual(before);
    expect(second.world.customers().map(({ id }) => id)).toEqual([made]);
    expect(second.world.users(made).map(({ id, login }) => [id, login])).toEqual([[user, 'jane']]);
  } finally {
    await second.close();
  }
  expect(existsSync(`${db}.new`)).toBe(false);
});

test('how the platform behaves is said by each start', async () => {
  const db = join(folder, 'simulator.db');
  const names = async (uniqueNames: boolean) => {
    const simulator = await startSimulator({ db, fixture: { uniqueNames } });
    const { url, clientId, clientSecret, rootTenantId } = simulator;
    const headers = { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` };
    const form = new URLSearchParams({ grant_type: 'client_credentials' });
    const reply = await fetch(`${url}/api/2/idp/token`, { method: 'POST', headers, body: form });
    const { access_token: token } = (await reply.json()) as { access_token: string };
    const tenant = { name: 'Twice, Inc', kind: 'customer', parent_id: rootTenantId };
    const made = await fetch(`${url}/api/2/tenants`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(tenant),
    });
    await simulator.close();
    return made.status;
  };

  expect([await names(true), await names(true), await names(false)]).toEqual([201, 409, 201]);
});

test.each([
  ['of something else', 'Dear Jane'],
  ['that is empty', ''],
])('a file %s is refused and stays', async (_words, text) => {
  const db = join(folder, 'letter.txt');
  writeFileSync(db, text);

  await expect(startSimulator({ db })).rejects.toThrow(
    `${db} is not a file of a simulator. Remove it, or give another`,
  );
  expect(existsSync(db)).toBe(true);
});
