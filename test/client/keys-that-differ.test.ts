import { expect, jest, test } from '@jest/globals';
import { compareKeys } from '../../client/worker-keys.js';
import { tolerateOutages } from '../../client/cli/follow.js';
import { identityText, keyIdsIn } from '../../contract/worker-identity.js';
import { TenantryError } from '../../contract/errors.js';
import { anOrder } from '../support/orders.js';
import { useProcessEnvironment } from '../support/process-environment.js';

const key = (id: string, fill: number) => ({
  TENANTRY_CODEC_KEYS: `${id}:${Buffer.alloc(32, fill).toString('base64')}`,
});
const [k1, k9, none] = [key('k1', 1), key('k9', 9), { TENANTRY_CODEC_KEYS: '' }];
const env = useProcessEnvironment(k1);
const { tenantry } = env;
const on = (taskQueue: string) => ({ TENANTRY_TASK_QUEUE: taskQueue });
const run = ['run', 'provisionCustomer', '--input', '-'];
const idOf = (order: ReturnType<typeof anOrder>) => `provisionCustomer:${order.customer['customerId'] as string}`;
const blocking = () => anOrder({ onFailure: 'ask', administrator: { login: 'taken.login' } });

async function rowsOf(args: readonly string[], more = {}) {
  const { stdout } = await tenantry(['list', ...args, '--json'], more);
  return JSON.parse(stdout) as { id: string; state: string }[];
}

/** Waits until the list shows this row. */
async function untilListed(args: readonly string[], id: string): Promise<string> {
  for (;;) {
    const row = (await rowsOf(args)).find((one) => one.id === id);
    if (row !== undefined) return row.state;
  }
}

test.each([
  ['no keys anywhere', [], ['no keys'], 'agrees'],
  ['the same key', ['k1'], ['keys k1'], 'agrees'],
  ['a key that is made known everywhere', ['k2', 'k1'], ['keys k1,k2'], 'agrees'],
  ['a key that only the worker has', [], ['keys k1'], 'disagrees'],
  ['a key that the worker lacks', ['k1'], ['no keys'], 'disagrees'],
  ['a new key that is used too early here', ['k2', 'k1'], ['keys k1'], 'disagrees'],
  ['a new key that is used too early by the worker', ['k1'], ['keys k2,k1'], 'disagrees'],
  ['one worker of two', ['k1'], ['no keys', 'keys k1'], 'agrees with some'],
  ['a worker that does not say', ['k1'], ['no keys', 'an older one'], 'agrees with some'],
  ['only workers that do not say', ['k1'], ['an older one'], 'unknown'],
  ['no worker', ['k1'], [], 'unknown'],
])('the keys of program and workers are compared: %s', (_what, ours, theirs, state) => {
  const identities = theirs.map((said) => `tenantry@0.1.0 1@here ${said}`);

  expect(compareKeys(ours, identities).state).toBe(state);
});

test.each([[[]], [['k1']], [['k2', 'k1']]])('a worker says its keys in its identity: %j', (keyIds) => {
  expect(keyIdsIn(identityText({ version: '0.1.0', pid: 1, host: 'here', keyIds }))).toEqual(keyIds);
});

test.each([
  ['without the key of the workers', none, 'encrypts with the key k1, which is missing here'],
  ['with a key that they lack', k9, 'lacks the key k9, which encrypts here'],
])('nothing is started %s', async (_what, keys, why) => {
  const calls = env.simulator.journal.calls().length;
  const order = anOrder();

  const started = await tenantry(run, keys, JSON.stringify(order));

  expect(started).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(why) });
  expect(started.stderr).toMatch(/so nothing was done: the worker tenantry@[^]*Give workers and command line the same/);
  expect((await rowsOf([])).map(({ id }) => id)).not.toContain(idOf(order));
  expect(env.simulator.journal.calls()).toHaveLength(calls);
});

test('a decision that the workers could not read is refused, though the run itself can be read', async () => {
  await env.replaceWorker({ ...none, ...on('plain') });
  const order = blocking();
  const id = idOf(order);
  expect(await tenantry(run, { ...none, ...on('plain') }, JSON.stringify(order))).toMatchObject({ code: 4 });

  const decided = await tenantry(['retry', id, '--reason', 'blindly'], on('plain'));

  expect(decided).toMatchObject({ code: 2, stderr: expect.stringContaining('lacks the key k1') });
  const { stdout } = await tenantry(['status', id, '--json'], { ...none, ...on('plain') });
  expect(JSON.parse(stdout)).not.toHaveProperty('decisions');
  await env.worker.stop();
});

test('a run that nobody has picked up yet is listed as running, and one that cannot be read afterwards goes on', async () => {
  const order = anOrder();
  const id = idOf(order);
  const ended = tenantry(run, { ...none, ...on('late') }, JSON.stringify(order));
  expect(await untilListed(['--state', 'running'], id)).toBe('running');

  await env.replaceWorker(on('late'));

  const sentence = /The run (goes on|has ended \(completed\)), but provisionCustomer:\S+ cannot be read here/;
  expect(await ended).toMatchObject({ code: 1, stderr: expect.stringMatching(sentence) });
  expect(await tenantry(['watch', id], on('late'))).toMatchObject({ code: 0 });
  await env.worker.stop();
});

test('a run that was encrypted meanwhile, and neither worker nor command line has the key: said at once, as for any other', async () => {
  const order = blocking();
  const id = idOf(order);
  const plain = { ...none, ...on('turned-on') };
  await env.replaceWorker(plain);
  await tenantry(run, plain, JSON.stringify(order));
  await env.worker.stop();
  await env.replaceWorker(on('turned-on'));
  await tenantry(['retry', id, '--reason', 'once more'], on('turned-on'));
  await env.worker.stop();
  await env.replaceWorker(plain);

  const joined = await tenantry(run, plain, JSON.stringify(order));

  const sentence = `${id} is running, but its worker cannot read it: it was encrypted with the key k1, which TENANTRY_CODEC_KEYS lacks. Give workers`;
  expect(joined).toMatchObject({ code: 1, stderr: expect.stringContaining(sentence) });
  await env.worker.stop();
});

test('a lack of keys is said at once, and not only after half a minute', async () => {
  const lacking = new TenantryError('unavailable', 'no key', { remedies: [{ do: 'shareKeys' }] });
  const away = new TenantryError('unavailable', 'no worker', { remedies: [{ do: 'startWorker' }] });
  const attempt = async (error: Error) =>
    await tolerateOutages()(async () => {
      throw error;
    });

  await expect(attempt(lacking)).rejects.toBe(lacking);
  await expect(attempt(away)).resolves.toBeUndefined();
});

test('an outage is said once it has lasted some seconds, and once only', async () => {
  const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const times = [0, 100, 1000, 3500, 5000, 9000];
  const attempt = tolerateOutages(() => times.shift()!);
  const fail = async () => {
    throw new TenantryError('unavailable', 'no worker polls the task queue tenantry');
  };

  const texts: string[][] = [];
  for (let nth = 0; nth < 3; nth += 1) {
    await attempt(fail);
    texts.push(said.mock.calls.map(([text]) => String(text)));
  }

  said.mockRestore();
  const sentence = 'No answer yet: no worker polls the task queue tenantry\n';
  expect(texts).toEqual([[], [sentence], [sentence]]);
});

test.each([
  ['without keys', none, true],
  ["with a key that is not the run's", k9, false],
])('a run can be cancelled %s', async (_what, keys, keepsReason) => {
  const order = blocking();
  const id = idOf(order);
  await tenantry(run, {}, JSON.stringify(order));

  const cancelled = await tenantry(['cancel', id, '--actor', 'ann', '--reason', 'withdrawn'], keys);

  expect(cancelled).toMatchObject({ code: 0, stdout: expect.stringContaining(`${id} is being cancelled`) });
  expect(cancelled.stderr.includes('will not say who cancelled it')).toBe(!keepsReason);
  const { code, stdout } = await tenantry(['watch', id, '--json']);
  expect(code).toBe(5);
  const message = keepsReason ? 'the run was cancelled by ann (not verified): withdrawn' : 'the run was cancelled';
  expect(JSON.parse(stdout)).toMatchObject({ state: 'cancelled', reason: { message } });
  const again = await tenantry(['cancel', id, '--reason', 'withdrawn'], keys);
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('has ended (cancelled)') });
});

test('a run that was ended from outside is listed as failed only', async () => {
  const order = blocking();
  const id = idOf(order);
  await tenantry(run, {}, JSON.stringify(order));
  await env.client.workflow.getHandle(id).terminate('by hand');

  expect(await untilListed(['--state', 'failed'], id)).toBe('failed');
  for (const state of ['running', 'blocked'])
    expect((await rowsOf(['--state', state])).map((row) => row.id)).not.toContain(id);
});

test.each([
  ['the same keys', k1, 'ok', 'k1 encrypts, and the workers have it'],
  ['no keys', none, 'fail', 'encrypts with the key k1, which is missing here'],
  ['another key', k9, 'fail', 'lacks the key k9, which encrypts here'],
])('doctor compares the ids of the keys: %s', async (_what, keys, state, message) => {
  const { stdout } = await tenantry(['doctor', '--json'], keys);

  const { checks } = JSON.parse(stdout) as { checks: { name: string }[] };
  expect(checks.find(({ name }) => name === 'keys')).toMatchObject({
    state,
    message: expect.stringContaining(message),
  });
});
