import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findEngine } from '../../engine/index.js';
import { cleanEnvironment, emptyFolder, program } from '../support/command.js';
import { tenantryHere } from '../support/command-here.js';

const order = fileURLToPath(new URL('../../../examples/provisionCustomer.json', import.meta.url));
const event = fileURLToPath(new URL('../../../examples/first-sale/event.json', import.meta.url));
let folder: string;
const children: ChildProcess[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenantry-up-test-'));
});
afterAll(() => {
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts `tenantry up` and waits until its output fits. */
async function up(args: readonly string[], isShown: RegExp) {
  const { path } = await findEngine();
  // a real service of Temporal and its encryption, none of which may be used
  const others = { TEMPORAL_ADDRESS: 'temporal.example.com:7233', TENANTRY_CODEC_KEYS: 'nonsense' };
  const env = cleanEnvironment({ TENANTRY_TEMPORAL_CLI: path, ...others });
  const child = spawn(process.execPath, [program, 'up', '--free-ports', ...args], { env, cwd: emptyFolder });
  children.push(child);
  const printed = { stdout: '', stderr: '' };
  child.stderr.on('data', (chunk: Buffer) => (printed.stderr += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      printed.stdout += chunk.toString();
      if (isShown.test(printed.stdout)) resolve();
    });
    void ended.then((code) => reject(new Error(`up ended with ${code}: ${printed.stderr}`)));
  });
  return { child, printed, ended };
}

/** The variables that the shown `export` lines set. */
function exported(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/^export (\w+)=(.+)$/gm)].map(([, name, value]) => [name!, value!]));
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('up shows what a second terminal needs, keeps everything in its folder, and names a part that dies', async () => {
  const first = await up(['--folder', folder], /Ctrl-C stops everything/);
  const settings = exported(first.printed.stdout);
  const ran = await tenantryHere(['run', 'provisionCustomer', '--input', order], settings);
  const sent = await tenantryHere(['event', 'send', event, '--source', 'own'], settings);
  const [, link] = /(http\S+once=\S+)/.exec(first.printed.stdout)!;
  const page = await fetch(link!, { redirect: 'manual' });
  first.child.kill('SIGINT');

  expect(first.printed.stdout).toContain(`npx tenantry run provisionCustomer --input ${order}`);
  expect(first.printed.stdout).toMatch(/unless you unset them: .*TENANTRY_CODEC_KEYS\./);
  expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining('started provisionCustomer:customer-inc') });
  expect(sent).toMatchObject({ code: 0, stdout: expect.stringContaining('"customer":"C-1001"') });
  expect(page.status).toBe(303);
  expect(await first.ended).toBe(0);
  expect(first.printed.stderr).toMatch(/Stopping everything…\nEverything is stopped\. ".* --folder .*" goes on/);

  const second = await up(['--folder', folder, '--json'], /\n/);
  const { environment, pids } = JSON.parse(second.printed.stdout) as {
    environment: Record<string, string>;
    pids: Record<'up' | 'engine' | 'simulator' | 'worker' | 'gateway', number>;
  };
  const again = await tenantryHere(['run', 'provisionCustomer', '--input', order], environment);
  const tree = await tenantryHere(['show', 'tree'], environment);
  const runs = await tenantryHere(['list'], environment);
  process.kill(pids.worker, 'SIGKILL');

  expect(await second.ended).toBe(1);
  expect(again).toMatchObject({ code: 0 });
  expect(tree.stdout.match(/customer-inc/g)).toHaveLength(1);
  expect(runs.stdout).toContain('provisionCustomer:customer-inc');
  const [, error] = second.printed.stdout.trim().split('\n');
  expect(JSON.parse(error!)).toMatchObject({
    error: { type: 'PartEnded', message: expect.stringMatching(/^The worker has ended with exit code 1\. Its last/) },
  });
  expect(Object.values(pids).filter(isAlive)).toEqual([]);
  expect(readFileSync(join(folder, 'worker.log'), 'utf8')).toContain('"msg"');
}, 240_000);

test.each<[string, Record<string, string>, RegExp]>([
  ['a real cloud', { ACRONIS_BASE_URL: 'https://eu2-cloud.acronis.com' }, /^ACRONIS_BASE_URL: names https:\/\/eu2/],
  ['a file that cannot be read', { ACRONIS_BASE_URL_FILE: '/nothere' }, /^ACRONIS_BASE_URL_FILE: names \/nothere/],
  ['clouds in a file', { TENANTRY_CLOUDS: order }, /^TENANTRY_CLOUDS: names .*, which may name a real cloud/],
  ['production', { TENANTRY_ENV: 'production' }, /^TENANTRY_ENV: is "production" here/],
])('up refuses to run beside settings of %s', async (_words, settings, sentence) => {
  const { code, stdout, stderr } = await tenantryHere(['up'], settings);

  expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(sentence) });
  expect(stderr).toContain('"tenantry up" is for trying');
});

test('a folder with other things is refused and left as it is', async () => {
  const other = mkdtempSync(join(tmpdir(), 'tenantry-up-test-'));
  const file = join(other, 'letter.txt');
  writeFileSync(file, 'Dear Jane');
  const refusals = [await tenantryHere(['up', '--folder', other]), await tenantryHere(['up', '--folder', file])];

  expect(refusals.map(({ code, stderr }) => [code, stderr])).toEqual([
    [2, expect.stringContaining('other things are in there. Give an empty folder or a new one.')],
    [2, expect.stringContaining('it cannot be used as a folder. Give another one.')],
  ]);
  expect(existsSync(join(other, 'api-keys.json'))).toBe(false);
  rmSync(other, { recursive: true });
});
