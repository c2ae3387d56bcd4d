import { expect, test, describe } from '@jest/globals';
import { ServiceError, type Client } from '@temporalio/client';
import { defaultPayloadConverter, WorkflowNotFoundError } from '@temporalio/common';
import { defaultDataConverter } from '@temporalio/common/lib/converter/data-converter.js';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createTurnClaimActivities } from '../../activities/turn-claims.js';
import { WAITING_MEMO } from '../../contract/status.js';
import { placeOfKey, placeOfTenant, type Claim } from '../../contract/turn-queue.js';
import { silent } from '../support/activity-environment.js';

const { claimTurn } = createTurnClaimActivities();
const START = Date.UTC(2026, 0, 1);
const TENANT = '5b5e1b0e-0000-4000-8000-000000000001';

/** An open run, as Temporal lists it. `at` and `delay` are seconds. */
interface Run {
  at: number;
  delay?: number;
  state?: 'running' | 'blocked';
  waiting?: boolean;
  tenantId?: string;
  /** Its tenant is known from the second search on. */
  learns?: true;
  type?: string;
  input?: object | Error;
}

const orderFor = (customerId: string) => ({
  customer: { name: 'Customer, Inc', customerId, contact: { email: 'it@example.com' } },
  offeringItems: ['workstations'],
  administrator: { login: 'jane', email: 'jane@example.com' },
});

let nth = 0;

/** A Temporal server with these runs by workflow id; `asking` claims its turn. Gives the claim that the queue hears. */
async function claimOf(runs: Record<string, Run>, more: Partial<Parameters<typeof claimTurn>[0]> = {}) {
  const claims: Claim[] = [];
  const queries: string[] = [];
  // inputs are kept by run id, and shared searches by start
  nth += 1;
  const start = START + nth * 3_600_000;
  const described = Object.entries(runs).map(
    ([workflowId, { at, delay = 0, state, tenantId, learns, type, waiting }]) => ({
      workflowId,
      runId: `${workflowId} ${nth}`,
      type: type ?? 'disableTenant',
      startTime: new Date(start + at * 1000),
      executionTime: new Date(start + (at + delay) * 1000),
      memo: waiting ? { [WAITING_MEMO]: { waitsFor: 'somebody' } } : {},
      typedSearchAttributes: {
        get: ({ name }: { name: string }) =>
          ({ TenantryState: state, AcronisTenantId: learns && queries.length < 2 ? undefined : tenantId })[name],
      },
      raw: {},
    }),
  );
  const client = {
    withAbortSignal: async (_signal: AbortSignal, act: () => Promise<unknown>) => await act(),
    withDeadline: async (_at: number, act: () => Promise<unknown>) => await act(),
    options: { loadedDataConverter: defaultDataConverter },
    workflow: {
      list: async function* ({ query }: { query: string }) {
        queries.push(query);
        const isThere = query.includes('AcronisTenantId IN');
        for (const run of described)
          if ((run.typedSearchAttributes.get({ name: 'AcronisTenantId' }) !== undefined) === isThere) yield run;
      },
      signalWithStart: async (_type: string, { signalArgs }: { signalArgs: [Claim] }) =>
        void claims.push(signalArgs[0]),
      getHandle: () => ({
        describe: async () => Promise.reject(new WorkflowNotFoundError('none', 'none', undefined)),
        query: async () => null,
      }),
    },
    connection: {
      workflowService: {
        getWorkflowExecutionHistory: async ({ execution }: { execution: { workflowId: string } }) => {
          const { input = { tenant: { id: TENANT } } } = runs[execution.workflowId]!;
          if (input instanceof Error) throw input;
          const payloads = [defaultPayloadConverter.toPayload(input)];
          return { history: { events: [{ workflowExecutionStartedEventAttributes: { input: { payloads } } }] } };
        },
      },
    },
  } as unknown as Client;
  const info = { taskQueue: "tenantry's", workflowExecution: { workflowId: 'asking', runId: `asking ${nth}` } };
  const environment = new MockActivityEnvironment(info, { logger: silent, client });
  const place = placeOfTenant(TENANT);
  const spec = { cloud: 'default', place, runId: `asking ${nth}`, startedAt: start, passes: false, about: {} };
  await environment.run(claimTurn, { ...spec, ...more });
  const { earlier, found, startedAt } = claims.at(-1)!;
  const ids = (all: Claim['earlier']) => all.map(({ workflowId }) => workflowId);
  return { earlier: ids(earlier), found: ids(found), startedAt: (startedAt - start) / 1000, queries };
}

const atTenant = { about: { tenantId: TENANT, name: 'Customer, Inc' } };
const place = placeOfKey({ environment: 'test', key: 'crm-1' });
const atKey = { place, about: { key: 'crm-1' } };

describe('a run goes before another one', () => {
  test('when Temporal began it earlier, and not when its delay or its schedule let it begin later', async () => {
    const { earlier } = await claimOf(
      {
        'started before': { at: -10 },
        'started after': { at: 10 },
        'delayed until before': { at: -100, delay: 50 },
        'delayed until later': { at: -100, delay: 600 },
      },
      atTenant,
    );

    expect(earlier).toEqual(['started before', 'delayed until before']);
  });

  test('also when it learns its tenant between the two searches', async () => {
    const { earlier } = await claimOf({ 'learns meanwhile': { at: -1, tenantId: TENANT, learns: true } }, atTenant);

    expect(earlier).toContain('learns meanwhile');
  });

  test('also when it had a delay itself: it counts from its end', async () => {
    const runs = { asking: { at: 0, delay: 600 }, 'started meanwhile': { at: 300 }, 'started after': { at: 700 } };
    const { earlier, startedAt } = await claimOf(runs, atTenant);

    expect(earlier).toEqual(['started meanwhile']);
    expect(startedAt).toBe(600);
  });

  test('only on the same task queue', async () => {
    const { queries } = await claimOf({}, atTenant);

    expect(queries).toHaveLength(2);
    for (const query of queries) expect(query).toContain(String.raw`TaskQueue = 'tenantry\'s'`);
  });

  test.each<[string, Error]>([
    ['nobody can decrypt', new Error('the key k7 is missing')],
    ['is gone', Object.assign(new Error('not found'), { code: 5, details: '', metadata: {} })],
  ])('unless its input %s', async (_why, input) => {
    expect(await claimOf({ unreadable: { at: -10, input }, other: { at: -5 } }, atTenant)).toMatchObject({
      earlier: ['other'],
    });
  });

  test('and a Temporal that does not answer is asked again', async () => {
    const input = new ServiceError('unavailable', { cause: Object.assign(new Error('away'), { code: 14 }) });

    await expect(claimOf({ unknown: { at: -10, input } }, atTenant)).rejects.toThrow('unavailable');
  });
});

describe('a queue that was terminated, and does not know who has a turn, learns it from the next claim', () => {
  const tenantId = TENANT;

  test('a run that is blocked at the tenant is at work there, whenever it was started', async () => {
    const { found, earlier } = await claimOf(
      {
        'blocked before': { at: -10, state: 'blocked', tenantId },
        'blocked after': { at: 10, state: 'blocked', tenantId },
        'waits here': { at: -5, state: 'running', tenantId, waiting: true },
        'works here': { at: -20, state: 'running', tenantId },
      },
      atTenant,
    );

    expect(found).toEqual(['blocked before', 'blocked after']);
    expect(earlier).toEqual(['waits here', 'works here']);
  });

  const later: Record<string, Run> = {
    'works here': { at: 10, state: 'running', tenantId },
    'waits here': { at: 10, state: 'running', tenantId, waiting: true },
    'has not begun': { at: 10 },
    'looks for its tenant': { at: 10, state: 'running' },
  };

  test('a run that claims again waits for a later one that may have the turn', async () => {
    expect((await claimOf(later, { ...atTenant, again: true })).earlier).toEqual(['works here']);
    expect((await claimOf(later, atTenant)).earlier).toEqual([]);
  });

  test('a run of the same key has its turn, or waits for it, although it has no tenant yet', async () => {
    const input = orderFor('crm-1');
    const ofKey = { type: 'provisionCustomer', input };
    const runs: Record<string, Run> = {
      blocked: { at: -20, state: 'blocked', ...ofKey },
      waits: { at: -10, state: 'running', waiting: true, ...ofKey },
      'works, started later': { at: 10, state: 'running', ...ofKey },
      'of another key': { at: -10, state: 'blocked', type: 'provisionCustomer', input: orderFor('crm-2') },
    };

    expect((await claimOf(runs, atKey)).earlier).toEqual(['blocked', 'waits']);
    expect((await claimOf(runs, { ...atKey, again: true })).earlier).toEqual([
      'blocked',
      'waits',
      'works, started later',
    ]);
  });
});
