import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSimulator, type MachineRow, type Simulator } from '../../simulator/index.js';
import { aPlan } from '../simulator/a-plan.js';
import { fetchToken } from '../simulator/caller.js';
import { tenantryHere } from '../support/command-here.js';

let simulator: Simulator;
let customer: string;
let send: (path: string, body: object) => Promise<Record<string, unknown>>;
beforeAll(async () => {
  simulator = await startSimulator();
  customer = simulator.world.addTenant({ name: 'Acme', kind: 'customer' });
  const authorization = `Bearer ${await fetchToken(simulator)}`;
  send = async (path, body) => {
    const headers = { authorization, 'content-type': 'application/json' };
    const answer = await fetch(`${simulator.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    const text = await answer.text();
    return (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  };
});
afterAll(async () => await simulator.close());

const issueToken = async () => {
  const body = { expires_in: 3600, scopes: ['urn:acronis.com:tenant-id::backup_agent_admin'] };
  return String((await send(`/api/2/tenants/${customer}/registration_tokens`, body))['token']);
};
const machine = async (...args: string[]) =>
  await tenantryHere(['simulator', 'machine', ...args, '--url', simulator.url]);
const machines = async (...args: string[]) =>
  await tenantryHere(['simulator', 'machines', ...args, '--url', simulator.url]);
const registered = async (...args: string[]) =>
  JSON.parse((await machine('register', '--token', await issueToken(), '--json', ...args)).stdout) as MachineRow;

test('a machine is registered, goes, comes, backs up, fails, and is listed', async () => {
  const { id, resourceId } = await registered('--hostname', 'ws-1.local');
  const { policy } = aPlan().subject;
  await send('/api/policy_management/v4/policies', { subject: { policy }, override_tenant_id: customer });
  await send('/api/policy_management/v4/applications', { policy_id: policy[0]!.id, context: { items: [resourceId] } });

  expect((await machine('offline', id)).stdout).toBe(`ws-1.local (${id}) of Acme is offline\n`);
  const refused = await machine('backup', id);
  expect([refused.code, refused.stderr]).toEqual([
    2,
    'id: ws-1.local is offline, so it cannot back up; bring it online first\n',
  ]);
  expect((await machine('online', id)).stdout).toContain('is online');
  expect((await machine('backup', id, '--result', 'error')).stdout).toContain('has made a backup: error');
  expect((await machines('--tenant', customer)).stdout).toMatch(
    new RegExp(`^ID +HOST +TENANT +ONLINE +PLANS +LAST BACKUP\n${id}  ws-1.local  Acme +yes +Workstations  error `),
  );
  expect((await machine('backup', resourceId)).stdout).toContain('has made a backup: ok');
});

test('a machine is installed again beside the old one, and taken away', async () => {
  const old = await registered('--hostname', 'ws-2.local', '--offline', '--family', 'LINUX');
  expect(old.online).toBe(false);

  const fresh = JSON.parse((await machine('reinstall', old.id, '--keep-old', '--json')).stdout) as MachineRow;

  expect([fresh.hostname, fresh.id === old.id]).toEqual(['ws-2.local', false]);
  expect((await machine('remove', old.id)).stdout).toContain('is removed');
  const left = JSON.parse((await machines('--json')).stdout) as MachineRow[];
  expect(left.map(({ id }) => id)).toContain(fresh.id);
  expect(left.map(({ id }) => id)).not.toContain(old.id);
});

describe('is refused in words:', () => {
  test.each<[string, string[], string]>([
    ['an unknown token', ['machine', 'register', '--token', 'AAAA-BBBB-CCCC'], 'token: AAAA-BBBB-CCCC does not exist'],
    ['no token', ['machine', 'register'], "required option '--token <token>' not specified"],
    [
      'an empty name',
      ['machine', 'register', '--token', 'A', '--hostname', ' '],
      'hostname: must be a text of 1 to 255',
    ],
    [
      'an unknown machine',
      ['machine', 'online', 'nobody'],
      'id: the simulator has no machine nobody; "tenantry simulator',
    ],
    ['an id with a slash', ['machine', 'remove', 'a/b'], 'the simulator has no machine a/b'],
    ['an unknown result', ['machine', 'backup', 'x', '--result', 'good'], 'Allowed choices are ok, warning, error'],
    ['an unknown tenant', ['machines', '--tenant', 'nobody'], 'tenant: the simulator has no tenant nobody'],
    ['an unknown command', ['mashine'], "too many arguments for 'simulator'"],
  ])('%s', async (_what, args, words) => {
    const url = args.length > 1 ? ['--url', simulator.url] : [];

    const { code, stdout, stderr } = await tenantryHere(['simulator', ...args, ...url]);

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
  });

  test('an address that is none, one where nobody answers, and one of something else', async () => {
    const at = async (url: string) => await tenantryHere(['simulator', 'machines', '--url', url]);

    expect((await at('simulator')).stderr).toContain(
      '--url simulator: must be an address, such as http://127.0.0.1:8080',
    );
    const nobody = await at('http://127.0.0.1:1');
    expect([nobody.code, nobody.stderr]).toEqual([1, expect.stringContaining('no simulator answers there. Start one')]);
  });
});
