import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { customerWorkflowId } from '../../../catalogue/customer-id.js';
import type { AdoptionAnswer } from '../../../client/adoption/apply.js';
import type { AdoptionPlan } from '../../../client/adoption/plan.js';
import { CUSTOMER_QUERY, CUSTOMER_WORKFLOW, FACTS_SIGNAL, type CustomerStatus } from '../../../contract/customers.js';
import type { SubscriptionFact } from '../../../contract/facts.js';
import { markText } from '../../../contract/mark.js';
import { loadClientSettings } from '../../../settings/client.js';
import { tenantryHere } from '../../support/command-here.js';
import { useProcessEnvironment } from '../../support/process-environment.js';
import { waitUntil } from '../../support/runs.js';

const folder = mkdtempSync(join(tmpdir(), 'tenantry-adopt-'));
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const observed = { kind: 'stripe', secrets: ['env:SIGNING'] };
const plan = { offeringItems: ['workstations'], quotas: { workstations: { perUnit: 1 } } };
const sold = { shop: ['price_1'], panel: ['price_1'] };
const env = useProcessEnvironment({
  TENANTRY_SOURCES: file(
    'sources.json',
    JSON.stringify({ shop: observed, panel: observed, far: { ...observed, cloud: 'eu' } }),
  ),
  TENANTRY_PLANS: file('plans.json', JSON.stringify({ plans: { desktop: { ...plan, sold } } })),
  TENANTRY_CODEC_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
  TENANTRY_ENV: 'migration',
});
const { taskQueue } = loadClientSettings({});
const addTenant = (fields: Parameters<typeof env.simulator.world.addTenant>[0]) =>
  env.simulator.world.addTenant(fields);

/** A source says that a customer has bought something; answers once that was read. */
async function buys(
  ref: string,
  name: string,
  { source = 'panel', state = 'active' }: { source?: string; state?: SubscriptionFact['state'] } = {},
) {
  const handle = await env.client.workflow.signalWithStart(CUSTOMER_WORKFLOW, {
    workflowId: customerWorkflowId(ref),
    taskQueue,
    args: [{ ref }],
    signal: FACTS_SIGNAL,
    signalArgs: [
      [
        {
          source,
          event: { id: `evt-${ref}`, type: 'sold' },
          at: new Date().toISOString(),
          customer: { ref, name, contact: { email: 'it@customer.example' } },
          subscription: { ref: `sub-${ref}`, items: [{ product: 'price_1', quantity: 3 }], state },
        },
      ],
    ],
  });
  await waitUntil(async () => (await handle.query<CustomerStatus>(CUSTOMER_QUERY)).events.length === 1);
}
const statusOf = async (ref: string) =>
  await env.client.workflow.getHandle(customerWorkflowId(ref)).query<CustomerStatus>(CUSTOMER_QUERY);

const adopt = async (...args: string[]) => {
  const { code, stdout, stderr } = await env.tenantry(['adopt', '--json', ...args]);
  return { code, stderr, plan: JSON.parse(stdout) as AdoptionPlan & { answers?: AdoptionAnswer[] } };
};
const APPLY = ['--apply', '--reason', 'day of migration'];
const outcomeOf = ({ plan: made }: { plan: AdoptionPlan }, ref: string) =>
  made.customers.find((one) => one.ref === ref);
/** The calls of the vendor from then on, without tokens. */
function callsSince() {
  const { seq = 0 } = env.simulator.journal.calls().at(-1) ?? {};
  return () => env.simulator.journal.calls().filter((call) => call.seq > seq && !call.route.startsWith('POST /idp'));
}

test('60 customers are linked to 60 tenants without marks: no create, no mail, no change, and a second run is empty', async () => {
  const numbers = Array.from({ length: 60 }, (_none, at) => at + 1);
  const tenants = numbers.map((at) =>
    addTenant({ name: `Old ${at} GmbH`, ...(at % 3 === 0 && { customer_id: `old-${at}` }) }),
  );
  await Promise.all(numbers.map((at) => buys(`old-${at}`, `Old ${at} GmbH`, { source: 'shop' })));
  const before = numbers.map((_at, index) => env.simulator.world.tenant(tenants[index]!));
  const calls = callsSince();

  const shown = await adopt('--source', 'shop');
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  expect(shown.plan.customers.filter(({ outcome }) => outcome === 'link')).toHaveLength(60);
  expect(
    calls()
      .map(({ route }) => route)
      .filter((route) => route.startsWith('GET /tenants')),
  ).toEqual(['GET /tenants']);
  expect((await statusOf('old-1')).tenantId).toBeUndefined();

  const applied = await adopt('--source', 'shop', ...APPLY);
  expect(applied.code).toBe(0);
  expect(applied.plan.answers!.map(({ ref, ...answer }) => [ref, answer])).toEqual(
    expect.arrayContaining(numbers.map((at) => [`old-${at}`, { tenantId: tenants[at - 1] }])),
  );
  expect((await adopt('--source', 'shop', ...APPLY)).plan).toMatchObject({ customers: [], answers: [] });

  await Promise.all(
    numbers.map((at) =>
      env.client.workflow
        .getHandle(customerWorkflowId(`old-${at}`))
        .executeUpdate('act', { args: [{ actor: 'ann', reason: 'act for all' }] }),
    ),
  );
  for (const at of numbers) await waitUntil(async () => (await statusOf(`old-${at}`)).state === 'steady');
  expect(await statusOf('old-60')).toMatchObject({ runs: [], tenantId: tenants[59] });
  expect(calls().filter(({ method }) => method !== 'GET')).toEqual([]);
  expect(numbers.map((_at, index) => env.simulator.world.tenant(tenants[index]!))).toEqual(before);
  expect(env.simulator.world.mails()).toEqual([]);
});

test('what does not fit is named and not linked', async () => {
  const own = addTenant({
    name: 'Own',
    internal_tag: markText({ environment: 'migration', key: 'p-own', runId: randomUUID() }),
  });
  addTenant({
    name: 'Foreign',
    internal_tag: markText({ environment: 'other', key: 'p-foreign', runId: randomUUID() }),
  });
  addTenant({ name: 'A partner', kind: 'partner', customer_id: 'p-partner' });
  addTenant({ name: 'Near, Inc.' });
  addTenant({ name: 'Several', customer_id: 'p-several' });
  addTenant({ name: 'Another', customer_id: 'p-several' });
  await buys('p-own', 'Renamed');
  await buys('p-foreign', 'Nobody');
  await buys('p-partner', 'A partner');
  await buys('p-near', 'NEAR Ltd');
  await buys('p-several', 'Several');
  await buys('p-mail@customer.example', 'Mail');
  await buys('p-ended', 'Own', { state: 'ended' });

  const made = await adopt('--source', 'panel');

  expect(outcomeOf(made, 'p-own')).toMatchObject({ outcome: 'link', by: 'mark', tenant: { tenantId: own } });
  expect(outcomeOf(made, 'p-foreign')).toMatchObject({ outcome: 'nothing' });
  expect(outcomeOf(made, 'p-partner')).toMatchObject({ outcome: 'nothing' });
  expect(outcomeOf(made, 'p-near')).toMatchObject({ outcome: 'near', candidates: [{ name: 'Near, Inc.' }] });
  expect(outcomeOf(made, 'p-several')).toMatchObject({ outcome: 'ambiguous' });
  expect(outcomeOf(made, 'p-mail@customer.example')).toMatchObject({ outcome: 'nothing' });
  expect(outcomeOf(made, 'p-ended')).toBeUndefined();
  const { stdout } = await env.tenantry(['adopt', '--source', 'panel']);
  expect(stdout).toMatch(/^p-near +NEAR Ltd +near names: \S+ Near, Inc\.$/m);
  expect(stdout).toMatch(/^p-several +Several +ambiguous: \S+ \w+ \(customer_id\), .*; several tenants fit$/m);
});

test('a file names customers and tenants; a tenant that another customer has is not linked', async () => {
  const [first, second] = [addTenant({ name: 'File one' }), addTenant({ name: 'File two' })];
  await buys('f-1', 'File one');
  await buys('f-2', 'Other name');
  await buys('f-3', 'Third');
  const rows = ['reference;tenantId;name', `f-1;${second};`, 'f-2;;File one', 'f-unknown;;'];

  const made = await adopt('--from', file('one.csv', rows.join('\r\n')), ...APPLY);
  expect(outcomeOf(made, 'f-1')).toMatchObject({ outcome: 'link', by: 'tenantId', tenant: { tenantId: second } });
  expect(outcomeOf(made, 'f-2')).toMatchObject({ outcome: 'link', by: 'name', tenant: { tenantId: first } });
  expect(outcomeOf(made, 'f-unknown')).toMatchObject({
    outcome: 'nothing',
    why: 'no source has spoken of it in the cloud default',
  });

  const again = [`f-1,${second}`, `f-2,${second}`, `f-3,${first}`];
  // the two rows for one tenant are refused before anything is done
  const doubled = await env.tenantry(['adopt', '--from', file('two.csv', ['reference,tenantId', ...again].join('\n'))]);
  expect(doubled).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`line 3: tenantId: ${second} is in line 2 too`),
  });
  const unknown = await env.tenantry(['adopt', '--source', 'nobody'], { TENANTRY_SOURCES: '' });
  expect(unknown).toMatchObject({ code: 0, stderr: expect.stringContaining('Nothing is known of a source nobody') });
  const piped = await env.tenantry(['adopt', '--from', '-'], {}, 'name\nAnn\n');
  expect(piped.stderr).toBe('Standard input cannot be used:\n  line 1: has no column reference; it has name\n');
  const rest = file('three.csv', ['reference,tenantId', again[0], again[2]].join('\n'));
  const third = await adopt('--from', rest, ...APPLY);
  expect(third.plan).toMatchObject({ linked: 1, answers: [] });
  expect(outcomeOf(third, 'f-3')).toMatchObject({
    outcome: 'nothing',
    why: `${first} File one fits by tenantId, but customer:f-2 has it`,
  });
});

test('a customer that refuses its tenant is named, and the others are linked', async () => {
  const [good, gone] = [addTenant({ name: 'Good' }), addTenant({ name: 'Gone' })];
  await buys('r-good', 'Good');
  await buys('r-gone', 'Gone');
  env.simulator.faults.next('GET /tenants/{id}', { refuse: 403 }, { about: [gone] });

  const made = await adopt('--source', 'panel', ...APPLY);

  expect(made.code).toBe(3);
  expect(made.plan.answers).toEqual(
    expect.arrayContaining([
      { ref: 'r-good', tenantId: good },
      { ref: 'r-gone', tenantId: gone, refused: expect.stringContaining('could not be read') },
    ]),
  );
  expect((await statusOf('r-good')).tenantId).toBe(good);
  expect((await statusOf('r-gone')).tenantId).toBeUndefined();
});

test('the customers of a source are looked for in its cloud; a source that does not exist is refused', async () => {
  expect((await adopt('--source', 'far')).plan).toEqual({ cloud: 'eu', customers: [], unread: 0 });
  const unknown = await env.tenantry(['adopt', '--source', 'shopp']);
  expect(unknown).toMatchObject({ code: 2, stderr: 'There is no source shopp. Known are shop, panel, far.\n' });
});

describe('nothing is done', () => {
  test('while the cloud is away, and the reason is named', async () => {
    await buys('away', 'Away');
    env.simulator.faults.next('GET /tenants', { refuse: 403, message: 'not for you' });
    const { code, stderr, stdout } = await env.tenantry(['adopt', '--source', 'panel']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/The tenants of the cloud default cannot be listed: .*not for you/);
  });

  test('without a worker', async () => {
    await env.stopWorkers();
    const { code, stderr } = await env.tenantry(['adopt', '--source', 'panel']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/The customer \S+ is there, but/) });
    await env.replaceWorker();
  });

  test.each([
    [[], 'Give either --from or --source'],
    [['--source', 'shop', '--from', 'x.csv'], 'Give either --from or --source'],
    [['--source', 'Shop!'], 'is not the name of a source'],
    [['--source', 'shop', '--apply'], 'Say why with --reason'],
    [['--source', 'shop', '--reason', 'because'], '--reason goes with --apply'],
    [['--from', 'none.csv'], 'There is no file called none.csv'],
  ])('with the options %j', async (options, message) => {
    expect(await tenantryHere(['adopt', ...options])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(message),
    });
  });
});
