import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { anOrder } from '../support/orders.js';
import { useProcessEnvironment } from '../support/process-environment.js';

const key = (id: string, first: number) =>
  `${id}:${Buffer.from(Array.from({ length: 32 }, (_none, at) => first + at)).toString('base64')}`;
const [k1, k2] = [key('k1', 1), key('k2', 2)];
const keys = (...ring: string[]) => ({ TENANTRY_CODEC_KEYS: ring.join(',') });
const env = useProcessEnvironment(keys(k1, k2));
const { tenantry } = env;
const json = (text: string) => JSON.parse(text) as Record<string, unknown>;

/** A run that waits for a person. */
async function blocked() {
  const order = anOrder({ onFailure: 'ask', administrator: { login: 'taken.login' } });
  const started = await tenantry(['run', 'provisionCustomer', '--input', '-', '--json'], {}, JSON.stringify(order));
  return { order, id: json(started.stdout)['id'] as string };
}

describe('without the keys of a run', () => {
  const other = key('k9', 9);
  let id: string;
  beforeAll(async () => {
    ({ id } = await blocked());
  });
  afterAll(async () => {
    await tenantry(['abort', id, '--reason', 'end of the test']);
  });

  test.each([
    [['status'], ''],
    [['status'], other],
    [['watch'], ''],
    [['retry', '--reason', 'blindly'], ''],
    [['retry', '--reason', 'blindly'], other],
  ])('%j says only that it cannot be read, and which key it needs', async ([command, ...more], ring) => {
    const ended = await tenantry([command!, id, ...more], keys(ring));

    const sentence = new RegExp(`^${id} cannot be read here: it was encrypted with the key k1`);
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(sentence) });
  });

  test('no decision is accepted, and the list still names it', async () => {
    await tenantry(['retry', id, '--reason', 'blindly'], keys(other));

    expect(json((await tenantry(['status', id, '--json'])).stdout)).not.toHaveProperty('decisions');
    const list = await tenantry(['list', '--state', 'blocked'], keys(other));
    expect(list).toMatchObject({ code: 0, stdout: expect.stringContaining(`${id} cannot be read here`) });
  });

  test('a completed run is not shown as failed', async () => {
    const order = JSON.stringify(anOrder());
    const { id } = json((await tenantry(['run', 'provisionCustomer', '--input', '-', '--json'], {}, order)).stdout);

    const shown = await tenantry(['status', id as string], keys(''));

    expect(shown).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('the key k1') });
    expect((await tenantry(['list'], keys(''))).stdout).toMatch(new RegExp(`${id as string} +completed`));
  });
});

test('lists and histories show every run, also one that cannot be read here', async () => {
  const { id, order } = await blocked();
  await tenantry(['cancel', id, '--reason', 'withdrawn']);
  const key = order.customer['customerId'] as string;
  const sentence = `${id} cannot be read here: it was encrypted with the key k1`;
  const rows = async (args: string[]) => JSON.parse((await tenantry(args, without)).stdout) as Row[];
  interface Row {
    id: string;
    state: string;
    unanswered?: string;
  }
  const without = keys(k2);

  const list = await tenantry(['list'], without);
  const named = await rows(['list', '--json']);
  const cancelled = await rows(['list', '--state', 'cancelled', '--customer', key, '--json']);
  const history = JSON.parse((await tenantry(['customer', key, '--json'], without)).stdout) as { runs: Row[] };

  expect(list).toMatchObject({ code: 0, stderr: '' });
  expect(list.stdout).toMatch(new RegExp(`^${id} +cancelled +cannot be read here`, 'm'));
  expect(list.stdout).toContain(`${sentence}, which TENANTRY_CODEC_KEYS lacks. Use the same keys as the workers.`);
  const row = expect.objectContaining({ id, state: 'cancelled', unanswered: expect.stringContaining(sentence) });
  expect(named).toContainEqual(row);
  expect(named.length).toBeGreaterThan(1);
  expect([cancelled, history.runs]).toEqual([[row], [row]]);
});

test('the input of a run is its current one: amended, and ready to be amended again', async () => {
  const { id, order } = await blocked();
  expect(json((await tenantry(['input', id])).stdout)).toEqual(order);
  const administrator = { ...order.administrator, login: 'taken.login', email: 'new@example.com' };
  const amended = { ...order, administrator };
  await tenantry(['amend', id, '--input', '-', '--reason', 'mail'], {}, JSON.stringify(amended));

  const now = (await tenantry(['input', id])).stdout;
  const free = now.replace('taken.login', `free-${process.pid}`);
  const ended = await tenantry(['amend', id, '--input', '-', '--reason', 'login'], {}, free);

  expect(json(now)).toEqual(amended);
  expect(ended).toMatchObject({ code: 0 });
  expect(await tenantry(['input', 'nobody'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no run nobody'),
  });
});

test('a run goes on with its worker and its people when the key is changed, and the old key is needed for what it wrote', async () => {
  const { id } = await blocked();
  await env.worker.stop();

  await env.replaceWorker(keys(k2, k1));
  const decided = await tenantry(['abort', id, '--reason', 'withdrawn', '--json'], keys(k2, k1));
  const late = await tenantry(['input', id], keys(k2));

  expect(json(decided.stdout)).toMatchObject({ state: 'undone', decisions: [{ choice: 'abort' }] });
  expect(late).toMatchObject({ code: 2, stderr: expect.stringContaining('the key k1') });
  await env.worker.stop();
  await env.replaceWorker();
});

describe('in production', () => {
  const production = { TENANTRY_ENV: 'production', ...keys('') };

  test('no worker starts without keys, and everything missing is reported at once', async () => {
    const ended = await tenantry(['worker'], production);

    expect(ended).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/ACRONIS_BASE_URL[^]*TENANTRY_CODEC_KEYS: is missing; in production/),
    });
  });

  test('a worker with keys starts', async () => {
    const first = env.worker;
    await env.replaceWorker({ TENANTRY_ENV: 'production' });
    expect(env.worker.ready).toMatchObject({ ready: true });
    await env.worker.stop();
    env.worker = first;
  });

  test('nobody starts an unencrypted run by mistake', async () => {
    const ended = await tenantry(['run', 'provisionCustomer', '--input', '-'], production, JSON.stringify(anOrder()));

    expect(ended).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('TENANTRY_CODEC_KEYS: is missing'),
    });
  });
});
