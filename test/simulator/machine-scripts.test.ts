import { describe, expect, test } from '@jest/globals';
import { createInProcessSimulator, type Fixture } from '../../simulator/index.js';
import { aPlan } from './a-plan.js';
import { useStillCloud } from './at-a-time.js';

const cloud = useStillCloud({
  machines: [
    { hostname: 'ws-1.local', tenant: 'Acme', installAfter: '2 hours' },
    {
      hostname: 'laptop.local',
      tenant: 'Acme',
      life: [
        { after: '1 day', do: 'register', online: false },
        { after: '3 hours', do: 'online' },
        { do: 'next-backup', result: 'error' },
        { after: '1 hour', do: 'backup' },
        { after: '1 hour', do: 'backup' },
        { after: '2 days', do: 'offline' },
        { after: '1 day', do: 'reinstall' },
        { after: '1 hour', do: 'remove' },
      ],
    },
  ],
});
const seen = () => cloud.simulator.world.agents(cloud.customer).map(({ hostname, online }) => [hostname, online]);
const laptop = () => cloud.simulator.world.agents(cloud.customer).find(({ hostname }) => hostname === 'laptop.local')!;

test('machines install themselves so long after a token was issued in their tenant, each once', async () => {
  await cloud.issueToken();
  cloud.moveTo('2026-12-07T09:59:59Z');
  expect(seen()).toEqual([]);
  cloud.moveTo('2026-12-07T10:00:00Z');
  expect(seen()).toEqual([['ws-1.local', true]]);

  await cloud.issueToken();
  cloud.moveTo('2026-12-08T08:00:00Z');

  expect(seen()).toEqual([
    ['ws-1.local', true],
    ['laptop.local', false],
  ]);
  expect(laptop().registered).toEqual(new Date('2026-12-08T08:00:00Z'));
});

test('a machine comes online late, fails its first backup, goes away, is installed again, and goes for good', async () => {
  await cloud.issueToken({ expires_in: 10 * 86_400 });
  cloud.moveTo('2026-12-08T11:00:00Z');
  const [resource] = (await cloud.rows(`/api/resource_management/v4/resources?agent_id=${laptop().id}`)) as [
    { id: string },
  ];
  await cloud.protect(aPlan().subject.policy, resource.id);

  cloud.moveTo('2026-12-08T14:00:00Z');
  const tasks = await cloud.rows(`/api/task_manager/v2/tasks?resourceId=${resource.id}`);

  expect(tasks.map(({ startedAt, result }) => [startedAt, (result as { code: string }).code])).toEqual([
    ['2026-12-08T12:00:00.000Z', 'error'],
    ['2026-12-08T13:00:00.000Z', 'ok'],
  ]);
  const { id } = laptop();
  cloud.moveTo('2026-12-10T13:00:00Z');
  expect(laptop()).toMatchObject({ id, online: false });
  cloud.moveTo('2026-12-11T13:00:00Z');
  expect(laptop().online).toBe(true);
  expect(laptop().id).not.toBe(id);
  cloud.moveTo('2026-12-11T14:00:00Z');
  expect(seen()).toEqual([['ws-1.local', true]]);
});

test('a machine whose token has expired waits for another one', async () => {
  await cloud.issueToken({ expires_in: 60 });
  cloud.moveTo('2026-12-07T12:00:00Z');
  expect(seen()).toEqual([]);

  await cloud.issueToken();
  cloud.moveTo('2026-12-07T14:00:00Z');

  expect(seen()).toEqual([['ws-1.local', true]]);
});

test('a machine whose token was revoked takes the newest one that is valid', async () => {
  const { id } = await cloud.issueToken();
  await cloud.ask('DELETE', `/api/2/registration_tokens/${id}`);
  await cloud.issueToken();

  cloud.moveTo('2026-12-07T10:00:00Z');

  expect(seen()).toEqual([['ws-1.local', true]]);
});

test('nothing happens in a tenant that is gone, or in another one', async () => {
  await cloud.issueToken();
  const other = cloud.simulator.world.addTenant({ name: 'Other', kind: 'customer' });
  await cloud.ask('POST', `/api/2/tenants/${other}/registration_tokens`, {
    expires_in: 60,
    scopes: ['urn:acronis.com:tenant-id::backup_agent_admin'],
  });
  cloud.simulator.world.remove(cloud.customer);

  cloud.moveTo('2026-12-20T08:00:00Z');

  expect([seen(), cloud.simulator.world.agents(other)]).toEqual([[], []]);
});

describe('a script is refused that', () => {
  test.each<[string, NonNullable<Fixture['machines']>[number], string]>([
    [
      'never registers the machine',
      { life: [{ do: 'online' }] },
      'machines[0].life: the first step must be {"do":"register"}',
    ],
    ['has no step', {}, 'machines[0].life: the first step must be'],
    [
      'has an unknown step',
      { installAfter: '1 day', life: [{ do: 'dance' as 'online' }] },
      'machines[0].life[0].do: "dance"',
    ],
    ['has a bare number', { installAfter: '5' }, 'machines[0].installAfter: "5" must be a duration, such as "2 days"'],
    ['has no duration', { life: [{ after: 'soon', do: 'register' }] }, 'machines[0].life[0].after: "soon"'],
    [
      'has an unknown result',
      { installAfter: '0', life: [{ do: 'backup', result: 'good' }] },
      'machines[0].life[0].result: "good"',
    ],
  ])('%s', (_what, script, message) => {
    expect(() => createInProcessSimulator({ fixture: { machines: [script] } })).toThrow(message);
  });
});
