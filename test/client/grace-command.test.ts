import { expect, test } from '@jest/globals';
import type { OperationStatus } from '../../contract/status.js';
import { waitUntil } from '../support/runs.js';
import { useProcessEnvironment } from '../support/process-environment.js';

const env = useProcessEnvironment();
const { tenantry } = env;
const why = ['--reason', 'a dispute', '--actor', 'ann'];

/** An offboarding whose grace has begun. */
async function inGrace(name: string): Promise<string> {
  const tenantId = env.simulator.world.addTenant({ name });
  const order = { tenant: { id: tenantId }, grace: '30 days', confirm: name };
  await tenantry(['run', 'offboardCustomer', '--input', '-', '--no-wait'], {}, JSON.stringify(order));
  const id = `offboardCustomer:${tenantId}`;
  await waitUntil(async () => (await statusOf(id)).grace !== undefined);
  return id;
}

async function statusOf(id: string): Promise<OperationStatus> {
  return JSON.parse((await tenantry(['status', id, '--json'])).stdout) as OperationStatus;
}

test('an offboarding says until when, and each command that it shows can be typed', async () => {
  const id = await inGrace('Shown');

  const { stdout } = await tenantry(['status', id]);

  expect(stdout).toMatch(/disabled at \d{4}-.*; next: it is deleted at \d{4}-/);
  const commands = [...stdout.matchAll(/^ +tenantry (extend-grace|hold|restore) (\S+)( --by "10 days")? --reason/gm)];
  expect(commands.map(([, command]) => command)).toEqual(['extend-grace', 'hold', 'restore']);
  for (const [, command, run, by] of commands) {
    const decided = await tenantry([command!, run!, ...(by === undefined ? [] : ['--by', '10 days']), ...why]);
    expect(decided).toMatchObject({ code: 0, stdout: expect.stringMatching(/ accepted for grace of /) });
  }
  await waitUntil(async () => (await statusOf(id)).state === 'undone');
  const status = await statusOf(id);
  expect(status.decisions?.map(({ choice, actor }) => [choice, actor])).toEqual([
    ['extendGrace', 'ann'],
    ['hold', 'ann'],
    ['restore', 'ann'],
  ]);
  expect(status.grace).toMatchObject({ disabledAt: expect.any(String) });
  expect(status.grace).not.toHaveProperty('next');
});

test('a decision that makes no sense is refused with a message, and exits with 2', async () => {
  const id = await inGrace('Refused');

  expect(await tenantry(['release', id, ...why])).toMatchObject({ code: 2, stderr: 'nobody holds it\n' });
  expect(await tenantry(['extend-grace', id, '--by', 'soon', ...why])).toMatchObject({ code: 2 });
  expect(await tenantry(['hold', 'nobody', ...why])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no run'),
  });
  await tenantry(['restore', id, ...why]);
});
