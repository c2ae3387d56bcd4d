import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import {
  ASK_BRAKE_SIGNAL,
  BRAKE_WORKFLOW,
  startOfBrake,
  type BrakeDecision,
  type BrakeQuestion,
  type BrakeStatus,
} from '../../contract/brake.js';
import { loadClientSettings } from '../../settings/client.js';
import { questionsOf } from '../support/brakes.js';
import { useProcessEnvironment } from '../support/process-environment.js';
import { waitUntil } from '../support/runs.js';

const env = useProcessEnvironment({ TENANTRY_CODEC_KEYS: `k1:${randomBytes(32).toString('base64')}` });
const brake = async (...args: string[]) => await env.tenantry(['brake', ...args]);

async function shown(cloud: string): Promise<BrakeStatus> {
  const { stdout, code } = await brake('status', '--cloud', cloud, '--json');
  expect(code).toBe(0);
  return JSON.parse(stdout) as BrakeStatus;
}

/** Customers have asked the brake of a cloud. */
async function asked(cloud: string, questions: readonly BrakeQuestion[]): Promise<void> {
  const start = startOfBrake(cloud, loadClientSettings({}).taskQueue);
  for (const question of questions)
    await env.client.workflow.signalWithStart(BRAKE_WORKFLOW, {
      ...start,
      signal: ASK_BRAKE_SIGNAL,
      signalArgs: [question],
    });
}

test('a brake that was never asked says so, and can be engaged by hand', async () => {
  expect(await brake('status', '--cloud', 'c1')).toMatchObject({
    code: 0,
    stdout: 'Cloud c1: no customer has asked the brake yet\n',
  });
  expect(await shown('c1')).toEqual({ cloud: 'c1', waiting: [], decisions: [] });
  expect(await brake('release', '--all', '--cloud', 'c1', '--reason', 'why not')).toMatchObject({
    code: 2,
    stderr: 'No customer has asked the brake of the cloud c1 yet: nothing waits.\n',
  });

  const on = await brake('on', '--cloud', 'c1', '--reason', 'the shop sends nonsense', '--actor', 'ann');

  expect(on).toMatchObject({ code: 0, stderr: 'engage accepted\n' });
  expect(on.stdout).toMatch(/^Cloud c1: engaged since \d{4}-\S+Z: ann \(not verified\): the shop sends nonsense\n/);
  const again = await brake('on', '--cloud', 'c1', '--reason', 'once more');
  expect(again).toMatchObject({ code: 2, stderr: expect.stringMatching(/^engaged already since .*nonsense\n$/) });
});

test('what waits is shown with what can be typed, granted and dropped by customer, and granted all at once', async () => {
  await asked('c2', questionsOf(9));
  await waitUntil(async () => (await shown('c2')).waiting.length === 4);

  const { stdout } = await brake('status', '--cloud', 'c2');
  const lines = stdout.split('\n');
  expect(lines[0]).toMatch(/^Cloud c2: engaged since \S+Z: 6 changes that take something away within an hour/);
  expect(lines[1]).toMatch(
    /^ {2}granted without a person: 5 of 5 within an hour, 5 of 10 within a day; creations: 0 of 20/,
  );
  expect(lines[3]).toMatch(/^ {2}\d{4}-\S+Z +C-5 +disable +disable +not paid$/);
  expect(stdout).toContain('    tenantry brake release --all --reason "…" --cloud c2\n');

  const drop = await brake('drop', 'C-5', 'C-7', '--cloud', 'c2', '--reason', 'still customers', '--json');
  expect(JSON.parse(drop.stdout) as BrakeDecision).toMatchObject({ choice: 'drop', answered: 2, verified: false });
  const release = await brake('release', 'C-6', '--cloud', 'c2', '--reason', 'it has paid', '--actor', 'ann');
  expect(release).toMatchObject({ code: 0, stderr: 'release accepted for 1 intent(s)\n' });
  expect(release.stdout).toContain('ann (not verified) chose release for 1: it has paid\n');
  expect(await brake('release', 'C-6', '--cloud', 'c2', '--reason', 'again')).toMatchObject({
    code: 2,
    stderr: 'nothing waits for C-6\n',
  });

  const all = await brake('release', '--all', '--cloud', 'c2', '--reason', 'the shop is repaired');
  expect(all.stdout).toMatch(/^Cloud c2: within the limits\n/);
  expect(all.stdout).toContain('  nothing waits\n');
  expect(await shown('c2')).toMatchObject({ waiting: [], decisions: [{}, {}, { reason: 'the shop is repaired' }] });
});

test.each([
  [['release', '--reason', 'r'], 'Name the customers that wait, or give --all.'],
  [['release', 'C-1', '--all', '--reason', 'r'], 'Name the customers that wait, or give --all.'],
  [['release', '--all'], "required option '--reason <text>' not specified"],
  [['drop', '--reason', 'r'], "missing required argument 'customer'"],
])('brake %j is refused with what is missing', async (args, message) => {
  expect(await brake(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
});

test('a brake is no run', async () => {
  expect(await env.tenantry(['status', 'brake:c1'])).toMatchObject({
    code: 2,
    stderr: 'brake:c1 is a brake, not a run. "tenantry brake status --cloud c1" shows it.\n',
  });
});

test('a worker takes its limits from TENANTRY_BRAKE, and does not start with others than it can use', async () => {
  await env.replaceWorker({ TENANTRY_BRAKE: 'off' });
  await env.stopWorkers();
  await expect(env.replaceWorker({ TENANTRY_BRAKE: '{"hours": 1}' })).rejects.toThrow(
    /TENANTRY_BRAKE: has no field hours/,
  );
});
