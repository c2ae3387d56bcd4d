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
});

describe('an error is one message with its remedy', () => {
  test.each([
    ['an unknown run', ['status', 'nobody'], 2, /no run nobody.*"tenantry customer nobody".*tenantry list/],
    ['an empty id', ['status', ''], 2, /no run "".*tenantry list/],
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

test('an order of fields alone: its last line says what it has made, and so does its status; lists show it', async () => {
  const { customer, administrator: person } = anOrder();
  const id = `provisionCustomer:${customer['customerId'] as string}`;
  const fields = { 'customer.name': customer.name, 'customer.customerId': customer['customerId'] as string };
  const ofPerson = { 'administrator.login': person.login, 'administrator.email': person.email };
  const set = Object.entries({ ...fields, ...ofPerson }).flatMap(([field, value]) => ['--set', `${field}=${value}`]);

  const ended = await tenantry(['run', 'provisionCustomer', ...set, '--wait', '5 minutes'], env.cloud());

  const lastOf = ({ stdout }: { stdout: string }) => stdout.trimEnd().split('\n').at(-1)!;
  const [, tenant, user] = /^result: tenant (\S+), user \S+ \((\S+)\), /.exec(lastOf(ended)) ?? [];
  const to = `activation mail sent to ${person.email}`;
  const line = `result: tenant ${tenant}, user ${person.login} (${user}), ${to}, console ${env.simulator.url}/mc/`;
  expect({ code: ended.code, last: lastOf(ended) }).toEqual({ code: 0, last: line });
  expect(lastOf(await tenantry(['status', id], env.cloud()))).toBe(line);
  expect(lastOf(await tenantry(['watch', id]))).toBe(line.replace(/, console .*/, ''));
  const again = await tenantry(['run', 'provisionCustomer', ...set, '--quiet']);
  expect(again).toEqual({ code: 0, stdout: `${tenant}\n${user}\n`, stderr: '' });
  const newest = ['list', '--operation', 'provisionCustomer', '--since', '1 hour', '--limit', '1'];
  await until(async () => (await tenantry([...newest, '-q'])).stdout === `${id}\n`);
  const csv = (await tenantry([...newest, '--output', 'csv'])).stdout.split('\r\n');
  expect(csv[0]).toBe('id,runId,operation,state,reason,step,tenantId,externalRef,waitsFor,startedAt,closedAt');
  expect(csv[1]).toContain(`${id},`);
  expect((await tenantry(newest)).stderr).toMatch(/^Older ones are not shown; the next page: --before \d{4}-/);
});

test('--wait ends before the run does: exit code 4, and the run goes on', async () => {
  env.simulator.faults.next('POST /users', { delay: 3000 });
  const order = anOrder();

  const ended = await tenantry([...run, '--wait', '1ms', '-q'], {}, JSON.stringify(order));

  expect(ended).toMatchObject({
    code: 4,
    stdout: '',
    stderr: expect.stringMatching(/It is running still\. The run goes on/),
  });
  const id = `provisionCustomer:${order.customer['customerId'] as string}`;
  expect((await tenantry(['watch', id, '--json'])).code).toBe(0);
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

/** The list of the service is late. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(50);
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
