import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { policiesOf } from '../../activities/plan-settings.js';
import { weekdays } from '../../contract/plan-templates.js';
import { readFixture, runSimulator, type MachineRow, type Simulator } from '../../simulator/index.js';
import { fetchToken } from './caller.js';

let simulator: Simulator;
let customer: string;
let send: (path: string, body: object) => Promise<void>;
beforeAll(async () => {
  const output = { stdout: () => undefined, stderr: () => undefined };
  simulator = await runSimulator({ installAfter: '1ms', scheduledBackups: true }, output);
  customer = simulator.world.addTenant({ name: 'Acme', kind: 'customer' });
  const headers = { authorization: `Bearer ${await fetchToken(simulator)}`, 'content-type': 'application/json' };
  send = async (path, body) =>
    void (await fetch(`${simulator.url}/api${path}`, { method: 'POST', headers, body: JSON.stringify(body) }));
});
afterAll(async () => await simulator.close());

const control = async (method: string, path: string, body?: string) => {
  const answer = await fetch(`${simulator.url}/_simulator${path}`, { method, ...(body === undefined ? {} : { body }) });
  return { status: answer.status, body: (await answer.json()) as { error?: string } };
};

test('a simulator installs a machine after a token, and backs it up by schedule', async () => {
  await send(`/2/tenants/${customer}/registration_tokens`, {
    expires_in: 3600,
    scopes: ['urn:acronis.com:tenant-id::backup_agent_admin'],
  });
  let rows: MachineRow[] = [];
  while (rows.length === 0)
    rows = (await control('GET', `/machines?tenant=${customer}`)).body as unknown as MachineRow[];

  const inTwelveHours = `${String((new Date().getUTCHours() + 12) % 24).padStart(2, '0')}:00`;
  const policy = policiesOf(
    { name: 'Servers', backup: { days: [...weekdays], at: inTwelveHours, keep: '30 days' } },
    { root: crypto.randomUUID(), backup: crypto.randomUUID() },
  );
  await send('/policy_management/v4/policies', { subject: { policy }, override_tenant_id: customer });
  await send('/policy_management/v4/applications', {
    policy_id: policy[0]!.id,
    context: { items: [rows[0]!.resourceId] },
  });

  expect((await control('GET', `/machines?tenant=${customer}`)).body).toEqual([
    { ...rows[0], plans: ['Servers'], nextBackupAt: expect.stringContaining(`T${inTwelveHours}:00.000Z`) },
  ]);
});

describe('is refused with its field:', () => {
  test.each<[string, string, string, string | undefined, number, string]>([
    ['no token', 'POST', '/machines', undefined, 400, 'token: is missing; give a registration token'],
    ['a token that is no text', 'POST', '/machines', '{"token":5}', 400, 'token: must be a text'],
    ['an unknown field', 'POST', '/machines', '{"tokn":"A"}', 400, 'tokn: is not known here; known: token, hostname'],
    [
      'an unknown family',
      'POST',
      '/machines',
      '{"token":"A","family":"DOS"}',
      400,
      'family: "DOS" must be one of WINDOWS',
    ],
    ['a switch that is none', 'POST', '/machines', '{"token":"A","online":"no"}', 400, 'online: must be true or false'],
    ['no JSON', 'POST', '/machines', '{', 400, 'the body: is no JSON'],
    ['a list', 'POST', '/machines', '[]', 400, 'the body: must be a JSON object'],
    ['no id', 'POST', '/machines//online', undefined, 400, 'id: the simulator has no machine'],
    ['an id that cannot be decoded', 'DELETE', '/machines/%zz', undefined, 400, 'the simulator has no machine %zz'],
    ['an unknown deed', 'POST', '/machines/x/toString', undefined, 404, "the simulator's control has no POST"],
    [
      'a script',
      'POST',
      '/world/playMachine',
      '[{"installAfter":"soon"}]',
      400,
      'machine.installAfter: "soon" must be',
    ],
  ])('%s', async (_what, method, path, text, status, words) => {
    const { status: got, body } = await control(method, path, text);

    expect([got, body.error]).toEqual([status, expect.stringContaining(words)]);
  });

  test.each([
    ['{"machines":{}}', 'world.json: machines must be a list'],
    ['{"machines":[null]}', 'world.json: machines[0]: must be an object'],
    ['{"machines":[{"hostnmae":"x"}]}', 'world.json: machines[0].hostnmae: is not known; known: hostname'],
    ['{"machines":[{"hostname":5}]}', 'world.json: machines[0].hostname: must be a text'],
    ['{"machines":[{"life":{}}]}', 'world.json: machines[0].life: must be a list of steps'],
    ['{"machines":[{"installAfter":"1h","life":[{"do":"register"}]}]}', 'world.json: machines[0].life: the first step'],
  ])('the fixture %s', (text, words) => {
    expect(() => readFixture('world.json', text)).toThrow(words);
  });
});
