import { describe, expect, test } from '@jest/globals';
import { anOrder } from '../support/orders.js';
import { useProcessEnvironment } from '../support/process-environment.js';

const env = useProcessEnvironment();
const { tenantry } = env;

const run = ['run', 'provisionCustomer', '--input', '-'];
const json = (text: string) => JSON.parse(text) as Record<string, unknown>;

describe('run', () => {
  test('shows each step as it ends and exits with 0', async () => {
    const ended = await tenantry(run, {}, JSON.stringify(anOrder()));

    expect(ended.stdout).toMatch(/ensureCustomerTenant[^]*sendActivationEmail[^]*completed/);
    expect(ended.code).toBe(0);
    const customers = await fetch(`${env.simulator.url}/_simulator/customers`);
    expect(await customers.json()).toEqual([
      expect.objectContaining({ users: [expect.objectContaining({ mails: 1 })] }),
    ]);
  });

  test('with --json prints one document, the final status', async () => {
    const order = anOrder();

    const ended = await tenantry([...run, '--json'], {}, JSON.stringify(order));

    expect(json(ended.stdout)).toMatchObject({
      state: 'completed',
      id: `provisionCustomer:${order.customer['customerId'] as string}`,
    });
  });

  test('ten at once with the same input are one run', async () => {
    const input = JSON.stringify(anOrder());
    const before = env.simulator.world.customers().length;

    const all = await Promise.all(Array.from({ length: 10 }, () => tenantry([...run, '--json'], {}, input)));

    expect(all.filter(({ code }) => code !== 0)).toEqual([]);
    expect(new Set(all.map(({ stdout }) => json(stdout)['tenantId'])).size).toBe(1);
    expect(env.simulator.world.customers()).toHaveLength(before + 1);
  });

  test('reports every problem of an input and connects to nothing', async () => {
    const input = { customer: { name: 5, nmae: 'x' }, administrator: { login: 'a', email: 'no' }, bogus: 1 };

    const ended = await tenantry([...run, '--json'], { TEMPORAL_ADDRESS: '127.0.0.1:1' }, JSON.stringify(input));

    expect(ended.code).toBe(2);
    const { error } = json(ended.stdout) as { error: { problems: { path: string }[] } };
    expect(error.problems.map(({ path }) => path)).toEqual([
      'customer.name',
      'customer.nmae',
      'administrator.email',
      'bogus',
    ]);
  });

  test('exits with 3 when the cloud refuses', async () => {
    const ended = await tenantry(run, {}, JSON.stringify(anOrder({ administrator: { login: 'taken.login' } })));

    expect(ended).toMatchObject({ code: 3, stdout: expect.stringContaining('Refused') });
  });

  test('exits with 5 when it is cancelled meanwhile, says by whom and why, and nothing is left', async () => {
    const order = anOrder();
    env.simulator.faults.next('POST /users', { delay: 15_000 });
    const running = tenantry([...run, '--json'], {}, JSON.stringify(order));
    const id = `provisionCustomer:${order.customer['customerId'] as string}`;
    while (!env.simulator.world.customers().some((tenant) => tenant.name === order.customer.name)) await pause(20);

    const cancelled = await tenantry(['cancel', id, '--actor', 'ann', '--reason', 'order withdrawn']);

    expect(cancelled.code).toBe(0);
    const ended = await running;
    const { state, reason } = json(ended.stdout);
    expect({ code: ended.code, state, reason }).toEqual({
      code: 5,
      state: 'cancelled',
      reason: { type: 'Cancelled', message: 'the run was cancelled by ann (not verified): order withdrawn' },
    });
    expect((await tenantry(['status', id])).stdout).toContain('cancelled by ann (not verified): order withdrawn');
    expect(env.simulator.world.customers().map((tenant) => tenant.name)).not.toContain(order.customer.name);
  });

  test.each([
    [
      'no JSON',
      'nonsense',
      /^Standard input is not valid JSON: line 1, column 1: JSON value expected but got 'n'\.\n$/,
    ],
    ['a comma too many', '{"a": 1,\n "b": 2,\n}', /^Standard input is not valid JSON: line 3, column 1: .*\n$/],
    ['a line break in a text', '{"a": "b\nc"}', /line 1, column 9: Invalid character '\\n'\.\n$/],
    ['an empty input', '', /line 1, column 1: JSON value expected but reached end of input/],
    [
      'a key that is there twice',
      '{"customer": {"name": "One", "name": "Two"}}',
      /^Standard input cannot be used: customer\.name is there twice, and only the last one would count: remove one\.\n$/,
    ],
  ])('refuses %s with 2', async (_what, input, message) => {
    const ended = await tenantry(run, {}, input);

    expect(ended).toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
  });
});

describe('an error is one message with its remedy', () => {
  test.each([
    [
      'an unknown operation',
      ['run', 'fly', '--input', '-'],
      2,
      /no operation fly\. Known are: addUser, allow.*, provisionCustomer, .*updatePartners\./,
    ],
    [
      'a misspelt operation',
      ['run', 'provisionCustomr', '--input', '-'],
      2,
      /no operation provisionCustomr. Did you mean provisionCustomer\?/,
    ],
    ['a misspelt operation of a plan', ['plan', 'addUsr', '--input', '-'], 2, /Did you mean addUser\?/],
    [
      'a file that is not there',
      ['run', 'lockTenant', '--input', '/nothere.json'],
      2,
      /^There is no file called \/nothere.json\.\n$/,
    ],
    ['a folder', ['run', 'lockTenant', '--input', '/'], 2, /^\/ is a folder, not a file\.\n$/],
    ['a name that objects inherit', ['run', 'constructor', '--input', '-'], 2, /no operation constructor/],
    ['a missing option', ['run', 'provisionCustomer'], 2, /--input/],
    ['an unknown run', ['status', 'nobody'], 2, /no run nobody.*"tenantry customer nobody".*tenantry list/],
    ['an empty id', ['status', ''], 2, /no run "".*tenantry list/],
    ['no day of retention', ['setup', '--retention', '0'], 2, /--retention.*at least one day/],
    ['an unknown state', ['list', '--state', 'sleepy'], 2, /--state.*Allowed choices are running, blocked/],
  ])('%s', async (_what, args, code, message) => {
    const ended = await tenantry(args);

    expect(ended).toMatchObject({ code, stderr: expect.stringMatching(message) });
  });

  test('Temporal that does not answer', async () => {
    const ended = await tenantry(['list'], { TEMPORAL_ADDRESS: '127.0.0.1:1' });

    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/does not answer at 127.0.0.1:1.*tenantry engine/),
    });
  });

  test.each([
    ['unavailable', ['list', '--json'], { TEMPORAL_ADDRESS: '127.0.0.1:1' }],
    ['notFound', ['status', 'nobody', '--json'], {}],
    ['refused', ['list', '--state', 'sleepy', '--json'], {}],
  ])('an error in JSON has the kind %s', async (kind, args, settings) => {
    expect(json((await tenantry(args, settings)).stdout)).toMatchObject({ error: { kind } });
  });

  test.each([
    [
      'an unreachable Temporal',
      { TEMPORAL_ADDRESS: '127.0.0.1:1' },
      1,
      /does not answer at 127.0.0.1:1.*TEMPORAL_ADDRESS/,
    ],
    ['a missing namespace', { TEMPORAL_NAMESPACE: 'nowhere' }, 1, /nowhere.*tenantry setup/],
    ['an unusable environment', { TENANTRY_ENV: 'Not Good' }, 2, /TENANTRY_ENV/],
    ['a base URL that goes on', { ACRONIS_BASE_URL: 'http://127.0.0.1:7/api/2' }, 2, /ACRONIS_BASE_URL: .*\/api\/2/],
    ['a certificate that is not there', { TEMPORAL_TLS_CLIENT_CERT_PATH: '/nope' }, 2, /TEMPORAL_.*\/nope/],
    ['an address that is none', { TEMPORAL_ADDRESS: 'nonsense://' }, 2, /TEMPORAL_ADDRESS: must be host and port/],
  ])('a worker with %s', async (_what, wrong, code, message) => {
    const ended = await tenantry(['worker'], { ...env.cloud(), ...wrong });

    expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(message) });
    expect(ended.stderr).not.toContain(env.simulator.clientSecret);
  });

  test('a worker without credentials, every missing variable named', async () => {
    const ended = await tenantry(['worker']);

    expect(ended).toMatchObject({ code: 2, stderr: expect.stringMatching(/BASE_URL[^]*CLIENT_ID[^]*CLIENT_SECRET/) });
  });

  test('a namespace without search attributes, until setup has run', async () => {
    const namespace = { TEMPORAL_NAMESPACE: `other-${process.pid}` };
    const made = await tenantry(['setup', '--json'], namespace);
    const again = await tenantry(['setup', '--json'], namespace);

    expect(json(made.stdout)).toMatchObject({ namespace: 'made', retentionDays: 30 });
    expect(json(again.stdout)).toMatchObject({ namespace: 'was there', added: [] });
  });
});

test('a closed run answers without any worker, and a list finds it by its customer', async () => {
  const order = anOrder({ externalRef: `crm-${process.pid}` });
  const id = `provisionCustomer:crm-${process.pid}`;
  await tenantry(run, {}, JSON.stringify(order));
  await env.worker.stop();

  const status = await tenantry(['status', id, '--json']);
  await env.replaceWorker();

  expect(json(status.stdout)).toMatchObject({ state: 'completed', externalRef: `crm-${process.pid}` });
  const list = await tenantry(['list', '--customer', `crm-${process.pid}`, '--state', 'completed', '--json']);
  expect(JSON.parse(list.stdout)).toEqual([expect.objectContaining({ id, state: 'completed' })]);
});

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
