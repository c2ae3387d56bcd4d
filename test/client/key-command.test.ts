import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { tenantryAnywhere as tenantry } from '../support/command-here.js';

const folder = mkdtempSync(join(tmpdir(), 'keys-'));
const settings = { TENANTRY_API_KEYS: join(folder, 'api-keys.json') };
afterAll(() => rmSync(folder, { recursive: true }));

const key = async (...args: string[]) => await tenantry(['key', ...args], settings);

test('a key is shown once, as the last line, and listed without it', async () => {
  const { code, stdout } = await key(
    'create',
    'shop',
    '--role',
    'operate',
    '--operations',
    'provisionCustomer, addUser',
  );
  const secret = stdout.trim().split('\n').at(-1)!;
  const listed = await key('list', '--json');

  expect(code).toBe(0);
  expect(secret).toMatch(/^tk_[\w-]{43}$/);
  expect(JSON.parse(listed.stdout)).toMatchObject([
    { name: 'shop', role: 'operate', operations: ['provisionCustomer', 'addUser'] },
  ]);
  expect(listed.stdout).not.toContain(secret);
});

test('a key is given to programs as JSON, and revoked', async () => {
  const { stdout } = await key('create', 'desk', '--role', 'decide', '--json');
  expect(JSON.parse(stdout)).toEqual({ name: 'desk', role: 'decide', key: expect.stringMatching(/^tk_/) as unknown });

  expect((await key('revoke', 'desk')).stdout).toBe('desk is revoked\n');

  expect((await key('list')).stdout).not.toContain('desk');
});

test.each([
  [['create', 'a b', '--role', 'read'], /a b: a name may hold/],
  [['create', 'a', '--role', 'lord'], /Allowed choices are read, operate, decide/],
  [['create', 'a', '--role', 'read', '--operations', 'dance'], /no operation dance/],
  [['create', 'a', '--role', 'read', '--below', 'Northwind'], /--below Northwind: must be the id of a tenant/],
  [['create', 'a', '--role', 'read', '--cloud', 'eu'], /--cloud goes with --below/],
  [['revoke', 'nobody'], /no key nobody/],
])('%j is refused in words', async (args, words) => {
  const { code, stderr } = await key(...args);

  expect([code, stderr]).toEqual([2, expect.stringMatching(words)]);
});

test('without a file of keys the setting is named', async () => {
  const { code, stderr } = await tenantry(['key', 'list'], { TENANTRY_API_KEYS: '' });

  expect([code, stderr]).toEqual([2, expect.stringContaining('TENANTRY_API_KEYS: is missing')]);
});

test('a key is limited to parts of the tenant tree, by ids in any letters', async () => {
  const [one, other] = ['7d1f0a52-6a0e-4b55-9b0e-1f2d3c4b5a69', '00000000-0000-4000-8000-00000000000a'];
  const limits = ['--below', one, '--below', other.toUpperCase(), '--cloud', 'eu'];

  const { stdout } = await key('create', 'partner', '--role', 'operate', ...limits);

  expect(stdout).toContain(`partner may read, start and cancel, at or below eu/${one}, eu/${other} only.`);
  expect(JSON.parse((await key('list', '--json')).stdout)).toContainEqual(
    expect.objectContaining({
      name: 'partner',
      below: [
        { tenantId: one, cloud: 'eu' },
        { tenantId: other, cloud: 'eu' },
      ],
    }),
  );
  expect((await key('list')).stdout).toMatch(new RegExp(`partner .* eu/${one}, eu/${other}`));
});

test('the gateway logs nobody in while no file of keys is set', async () => {
  const { code, stderr } = await tenantry(['gateway', '--port', '0', '--log-in', 'ann'], { TENANTRY_API_KEYS: '' });

  expect([code, stderr]).toEqual([2, expect.stringContaining('TENANTRY_API_KEYS: is missing')]);
});
