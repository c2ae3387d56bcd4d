import { expect, test } from '@jest/globals';
import { ServiceError, type Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createEarlierRunActivities } from '../../activities/earlier-runs.js';
import type { EarlierRuns, EarlierSpec } from '../../contract/earlier-runs.js';
import { silent } from '../support/activity-environment.js';
import { anOrder } from '../support/orders.js';
import { catalogue } from '../../catalogue/index.js';

const mark = { environment: 'test', key: "o'key", runId: 'first' };
const given = anOrder();
const reading = catalogue['provisionCustomer']!.read(given);
const order = reading.ok ? reading.order : {};
const spec: EarlierSpec = {
  cloud: 'default',
  mark,
  operation: 'provisionCustomer',
  others: ['enableBackupUser'],
  order,
};

const { administrator, customer } = given;
const { login, email } = administrator;
const backupOrder = {
  customer,
  user: { login: ` ${login.toUpperCase()}`, email: email.toUpperCase() },
  offeringItems: ['workstations'],
};

interface Listed {
  runId: string;
  type?: string;
  status?: string;
  firstRunId?: string;
  tenantId?: string;
  closeTime?: Date;
  /** The input of the run. */
  input?: unknown;
  result?: unknown;
}

/** What the activity answers, and its searches, when Temporal has these runs. */
async function asked(runs: readonly Listed[] | Error, more: Partial<EarlierSpec> = {}) {
  const queries: string[] = [];
  async function* list({ query }: { query: string }) {
    queries.push(query);
    if (runs instanceof Error) throw runs;
    for (const { status = 'COMPLETED', type = 'provisionCustomer', firstRunId, tenantId, ...run } of runs)
      yield {
        ...run,
        type,
        workflowId: 'an id',
        status: { name: status },
        typedSearchAttributes: {
          get: ({ name }: { name: string }) => (name === 'AcronisTenantId' ? tenantId : undefined),
        },
        raw: { firstRunId },
      };
  }
  const getHandle = (_id: string, runId: string) => ({
    fetchHistory: async () => {
      const { input, result } = (runs as Listed[]).find((one) => one.runId === runId) ?? {};
      if (input instanceof Error) throw input;
      const payloads = (value: unknown) => ({ payloads: [defaultPayloadConverter.toPayload(value)] });
      return {
        events: [
          { workflowExecutionStartedEventAttributes: { input: payloads(input) } },
          { workflowExecutionCompletedEventAttributes: { result: payloads(result) } },
        ],
      };
    },
  });
  const client = {
    workflow: { list, getHandle },
    withAbortSignal: async (_signal: AbortSignal, act: () => Promise<unknown>) => await act(),
    withDeadline: async (_at: number, act: () => Promise<unknown>) => await act(),
    options: { loadedDataConverter: { payloadCodecs: [], payloadConverter: defaultPayloadConverter } },
  } as unknown as Client;
  const environment = new MockActivityEnvironment(
    { workflowExecution: { workflowId: 'own', runId: 'now' } },
    { logger: silent, client },
  );
  const { earlierRuns } = createEarlierRunActivities();
  const said = await environment.run<[EarlierSpec], EarlierRuns, typeof earlierRuns>(earlierRuns, { ...spec, ...more });
  return { said, queries };
}

test.each([
  [
    'the default cloud',
    'default',
    ['provisionCustomer:', 'enableBackupUser:', 'provisionCustomer:default:', 'enableBackupUser:default:'],
  ],
  ['a cloud with a name', 'eu', ['provisionCustomer:eu:', 'enableBackupUser:eu:']],
])('the runs of a key are looked for under every id that they may have in %s', async (_what, cloud, begins) => {
  const { queries } = await asked([], { cloud });

  expect(queries).toEqual([`WorkflowId IN (${begins.map((begin) => `'${begin}o\\'key'`).join(', ')})`]);
});

test('the runs of a key that an older release took as it was spelled are looked for too', async () => {
  const key = 'Zürich';
  const { queries } = await asked([], { cloud: 'eu', mark: { environment: 'test', key, runId: 'first' } });

  const ids = ['NFC', 'NFD'].flatMap((form) =>
    ['provisionCustomer', 'enableBackupUser'].map((name) => `'${name}:eu:${key.normalize(form)}'`),
  );
  expect(queries).toEqual([`WorkflowId IN (${ids.join(', ')})`]);
});

test('a run is not its own predecessor, also not after a reset', async () => {
  const { said } = await asked([{ runId: 'now' }, { runId: 'first' }]);

  expect(said).toEqual({ known: 'none', tenants: [], parents: [] });
});

test('any other run, with any end, is a reason to look at the cloud', async () => {
  const { said } = await asked([{ runId: 'old', status: 'TERMINATED' }]);

  expect(said.known).toBe('some');
});

test('when Temporal cannot search, nobody knows', async () => {
  const { said } = await asked(new ServiceError('unimplemented'));

  expect(said).toEqual({ known: 'unknown', tenants: [], parents: [] });
});

test('an input that cannot be read any more makes no difference', async () => {
  const { said } = await asked([{ runId: 'old', input: new Error('sealed with another key') }]);

  expect(said).toEqual({ known: 'some', tenants: [], parents: [] });
});

test('an input that Temporal does not give in time does not count as equal: it is asked again', async () => {
  await expect(asked([{ runId: 'old', input: new ServiceError('deadline exceeded') }])).rejects.toThrow('deadline');
});

test('an input that this version would not accept makes no difference', async () => {
  const { said } = await asked([{ runId: 'old', input: { customer: 'Acme' } }]);

  expect(said.completed).toBeUndefined();
});

test('the run that completed last counts, of the same operation only', async () => {
  const at = (minute: number) => new Date(Date.UTC(2024, 0, 1, 0, minute));
  const other = { ...order, twoFactor: false };
  const { said } = await asked([
    { runId: 'last', closeTime: at(3), type: 'enableBackupUser', input: other },
    { runId: 'failed', closeTime: at(2), status: 'FAILED', input: order },
    { runId: 'older', closeTime: at(0), input: order },
    { runId: 'newer', closeTime: at(1), input: other },
  ]);

  expect(said.completed).toEqual({
    workflowId: 'an id',
    differing: ['twoFactor was false and is true (only the management console changes it)'],
  });
});

test('other items and quotas name the operation that changes them', async () => {
  const other = { ...order, offeringItems: ['servers'], quotas: { servers: { limit: 5 } } };
  const { said } = await asked([{ runId: 'old', input: other }]);

  expect(said.completed?.differing).toEqual([
    expect.stringMatching(/^offeringItems .*\(changeEntitlement changes it\)$/),
    expect.stringMatching(/^quotas\.servers .*\(changeEntitlement changes it\)$/),
  ]);
});

const made = (mail: string) => ({
  tenantId: 'a tenant',
  userId: 'a user',
  steps: [
    { name: 'ensureUser', state: 'done' },
    { name: 'sendActivationEmail', state: mail },
  ],
});

test.each([
  ['done', true],
  ['adopted', true],
  ['skipped', false],
])('the same order says what it has made, and with a mail that is %s that letting in is %s', async (mail, letIn) => {
  const { said } = await asked([{ runId: 'old', input: order, result: made(mail) }]);

  expect(said.same).toEqual({ workflowId: 'an id', tenantId: 'a tenant', userId: 'a user', letIn });
});

test.each<[string, object, boolean]>([
  ['a finished run', {}, true],
  ['a run that was ordered otherwise', { input: { ...order, twoFactor: false } }, true],
  ['a run of the other operation', { type: 'enableBackupUser', input: backupOrder }, true],
  [
    'a run for another person',
    { input: { ...order, administrator: { login: 'other', email: 'o@acme.example' } } },
    false,
  ],
  ['a run whose input nobody can read', { input: new Error('sealed with another key') }, false],
  ['a run that has left no user', { result: { tenantId: 'a tenant' } }, false],
])('the user of %s is known for the same person only', async (_what, run, known) => {
  const { said } = await asked([{ runId: 'old', input: order, result: made('done'), ...run }]);

  const user = { workflowId: 'an id', tenantId: 'a tenant', userId: 'a user' };
  expect(said.users).toEqual(known ? [user] : undefined);
});

test.each<[string, object]>([
  ['another order', { input: { ...order, twoFactor: false }, result: made('done') }],
  ['an input that nobody can read', { input: new Error('sealed with another key'), result: made('done') }],
  ['a result without a user', { input: order, result: { tenantId: 'a tenant' } }],
  ['no result', { input: order }],
])('nothing is known to be made for %s', async (_what, run) => {
  const { said } = await asked([{ runId: 'old', ...run }]);

  expect(said.same).toBeUndefined();
});

test('each run says what it had and how it was ordered, by its first run id; so does this run before a reset', async () => {
  const { said } = await asked([
    { runId: 'now', firstRunId: 'first', tenantId: 'not yet' },
    { runId: 'second', firstRunId: 'second', tenantId: 'its tenant', input: order },
    { runId: 'first', firstRunId: 'first', tenantId: 'ours', status: 'TERMINATED', input: new Error('sealed') },
  ]);

  const { name, customerId } = (order as { customer: { name: string; customerId: string } }).customer;
  expect(said).toMatchObject({ tenants: ['its tenant'] });
  expect(said.runs).toEqual([
    { runId: 'second', tenantId: 'its tenant', ordered: [{ name, customerId }] },
    { runId: 'first', tenantId: 'ours' },
  ]);
});

test('of many runs the newest and the oldest are read, since one of those has made the tenant', async () => {
  const { said } = await asked(Array.from({ length: 9 }, (_none, at) => ({ runId: String(at), input: order })));

  expect(said.runs?.map(({ runId }) => runId)).toEqual(['0', '1', '2', '6', '7', '8']);
});
