import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ImportResult } from '../../../client/import-results.js';
import { waitingRollouts } from '../../../client/rollouts.js';
import type { RolloutStatus } from '../../../contract/rollout.js';
import { useProcessEnvironment } from '../../support/process-environment.js';
import { waitUntil } from '../../support/runs.js';

const folder = mkdtempSync(join(tmpdir(), 'tenantry-import-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, content: string): string {
  writeFileSync(at(name), content);
  return at(name);
}
const plan = { offeringItems: ['workstations'], quotas: { workstations: { perUnit: 1 } } };
const env = useProcessEnvironment({
  TENANTRY_SOURCES: file(
    'sources.json',
    JSON.stringify({ csv: { kind: 'csv' }, shop: { kind: 'stripe', secrets: ['file:x'] } }),
  ),
  TENANTRY_PLANS: file('plans.json', JSON.stringify({ plans: { desktop: plan } })),
  TENANTRY_ARTEFACTS_DIR: at('store'),
  TENANTRY_CODEC_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
});

const customers = at('customers.csv');
const folderOfResults = at('results.csv');
mkdirSync(folderOfResults);
const rowOf = (ref: string, { email = `it@${ref.toLowerCase()}.example`, quantity = 3 } = {}) =>
  `${ref},Customer ${ref},${email},desktop,${quantity}`;
const write = (...rows: string[]) =>
  file('customers.csv', ['reference,name,email,plan,quantity', ...rows, ''].join('\n'));
const run = async (...args: string[]) => await env.tenantry(['import', customers, ...args]);
const results = (): string[] => readFileSync(at('customers.result.csv'), 'utf8').trimEnd().split('\r\n');
const names = () => env.simulator.world.customers().map(({ name }) => name);

const good = ['C-1', 'C-2', 'C-3', 'C-4'].map((ref) => rowOf(ref));
beforeEach(() => void write(...good));

describe('before anybody is asked, the command refuses', () => {
  test.each<[string[], string]>([
    [['--source', 'shop'], 'shop is of the kind stripe, not csv; those of the kind csv: csv.'],
    [['--source', 'crm'], 'There is no source crm; those of the kind csv: csv.'],
    [['--plan', '--retry'], 'Give either --plan or --retry.'],
    [['--result', 'out.txt'], 'must end with .csv or .json'],
    [['--result', folderOfResults], `${folderOfResults} is a folder: name a file.`],
    [['--canary', '10001'], 'It must be a whole number from 0 to 10000.'],
    [['--at-once', '0'], 'It must be a whole number from 1 to 100.'],
    [['--max-failures', 'many'], 'It must be a whole number, or a share such as 5%.'],
  ])('%j', async (args, message) => {
    expect(await run(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });

  test('where no source is of the kind csv, and says how to have one', async () => {
    const without = file('others.json', JSON.stringify({ own: { kind: 'standard-webhooks', secrets: ['env:X'] } }));

    const { code, stderr } = await env.tenantry(['import', customers], { TENANTRY_SOURCES: without });

    expect([code, stderr]).toEqual([2, expect.stringContaining('There is no source csv: give')]);
  });

  test('a file with problems, and nothing has begun', async () => {
    write(...good, rowOf('C-4'));

    expect(await run('--json')).toMatchObject({ code: 2, stdout: expect.stringContaining('C-4 is in line 5 too') });
    expect(names()).toEqual([]);
  });
});

test('the plan says what would be done, and changes nothing', async () => {
  const { code, stdout } = await run('--plan');

  expect([code, names()]).toEqual([0, []]);
  expect(stdout).toContain('2     C-1       Customer C-1  3 × desktop  new  provisionCustomer\n');
  expect(stdout).toContain('4 rows: 4 new, 0 changed, 0 unchanged\n');
});

test('a bad row stops the import where it is; a corrected file goes on with it, and repeats no other row', async () => {
  write(...good, rowOf('C-5', { email: 'it@c-1.example' }), rowOf('C-6'));
  const stopped = await run('--canary', '4', '--at-once', '1', '--max-failures', '0');

  expect(stopped).toMatchObject({
    code: 4,
    stdout: expect.stringContaining('rollout:import waits for a person: 4 of 6 done'),
  });
  expect(stopped.stderr).toContain(
    `remove what the rows failed for, then begin once more with them: tenantry import ${customers} --retry\n`,
  );
  await waitUntil(async () => (await waitingRollouts(env.client)).join() === 'rollout:import');
  expect(results()).toEqual([
    'ref,line,outcome,state,tenantId,why',
    ...['C-1', 'C-2', 'C-3', 'C-4'].map((ref, nth) =>
      expect.stringMatching(`^${ref},${nth + 2},done,steady,[\\da-f-]{36},$`),
    ),
    expect.stringMatching(/^C-5,6,failed,blocked,,.*it@c-1\.example/),
    'C-6,7,waiting,,,',
  ]);
  const [stored] = readdirSync(at('store/imports'));
  expect(readFileSync(at(`store/imports/${stored}`), 'utf8')).toMatch(/^tenantry-sealed:k1:/);

  write(...good);
  expect(await run()).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(
      'rollout:import imports other rows, and 1 of its 6 rows have not come out: it waits for a person: resume it, or stop it.',
    ),
  });

  expect(await env.tenantry(['rollout', 'resume', 'rollout:import', '--reason', 'later'])).toMatchObject({ code: 3 });
  await waitUntil(async () => readdirSync(at('store/imports')).length === 0);
  await waitUntil(async () => (await waitingRollouts(env.client)).length === 0);
  const { code, stdout } = await run('--json', '--result', at('outcome.json'));
  expect(code).toBe(0);
  const { rows, ...status } = JSON.parse(stdout) as RolloutStatus & { rows: ImportResult[] };
  expect(status).toMatchObject({ state: 'completed', counts: { done: 4 }, reason: `import of ${customers}` });
  expect(JSON.parse(readFileSync(at('outcome.json'), 'utf8'))).toEqual(rows);
  expect(names().toSorted()).toEqual(['C-1', 'C-2', 'C-3', 'C-4', 'C-6'].map((ref) => `Customer ${ref}`));
});

test('once more changes nothing and starts nothing; the plan says so', async () => {
  const again = await run();

  expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('has come out before: nothing is started') });
  expect(results()[1]).toMatch(/^C-1,2,done,steady,/);
  expect((await run('--plan')).stdout).toContain('4 rows: 0 new, 0 changed, 4 unchanged\n');
});

test('failed rows begin once more when somebody says so', async () => {
  write(...good, rowOf('C-7', { email: 'it@c-1.example' }));
  expect(await run()).toMatchObject({ code: 4 });
  // whoever has cleared the store has the file still
  rmSync(at('store/imports'), { recursive: true });
  expect(await run('--retry')).toMatchObject({ code: 4, stderr: expect.stringContaining('retries: rollout:import') });
  expect(readdirSync(at('store/imports'))).toHaveLength(1);

  expect(await env.tenantry(['rollout', 'stop', 'rollout:import', '--reason', 'no'])).toMatchObject({ code: 5 });
  const resumed = await run('--retry', '--reason', 'once more');
  expect(resumed).toMatchObject({ code: 4, stderr: expect.stringContaining('goes on: rollout:import for 5 rows') });
});

test('a worker that dies while it begins rows, or looks at them, is noticed within seconds', async () => {
  const { events } = await env.client.workflow.getHandle('rollout:import').fetchHistory();
  const tasks = events!.flatMap(({ activityTaskScheduledEventAttributes: task }) => task ?? []);

  for (const name of ['rollOut', 'lookAtCustomers']) {
    const [task] = tasks.filter(({ activityType }) => activityType?.name === name);
    expect(Number(task?.heartbeatTimeout?.seconds)).toBe(10);
  }
});
