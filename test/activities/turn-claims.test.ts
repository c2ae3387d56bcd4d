import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { ApplicationFailureCategory, WorkflowNotFoundError } from '@temporalio/common';
import { defaultDataConverter } from '@temporalio/common/lib/converter/data-converter.js';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createTurnClaimActivities, queueIdFor } from '../../activities/turn-claims.js';
import type { Claim } from '../../contract/turn-queue.js';
import { silent } from '../support/activity-environment.js';

type Grant = NonNullable<Awaited<ReturnType<typeof claimTurn>>>;

const { claimTurn, claimIsLost, releaseTurn } = createTurnClaimActivities();
const place = 'key:production:crm-42' as const;
const run = { workflowId: 'provisionCustomer:crm-42', runId: 'run-1' };
const spec = {
  cloud: 'eu',
  place,
  runId: 'run-1',
  // searches for earlier runs are shared by claims of later runs
  startedAt: Date.now(),
  passes: false,
  about: { key: 'crm-42' },
};
const granted: Grant = { waited: false, known: false };

/** What a queue hears: a claim or a release, and in which queue. */
interface Heard {
  queue: string;
  said: unknown;
}

/** A Temporal server whose queue answers a query like this, and whose search fails with this error. */
function temporal(answer: () => Promise<Grant | null>, searchError?: unknown) {
  const heard: Heard[] = [];
  let searches = 0;
  async function* list() {
    searches += 1;
    if (searchError !== undefined) throw searchError;
    yield* [];
  }
  const client = {
    withAbortSignal: async (_signal: AbortSignal, act: () => Promise<unknown>) => await act(),
    withDeadline: async (_at: number, act: () => Promise<unknown>) => await act(),
    workflow: {
      list,
      signalWithStart: async (_type: string, { workflowId, signalArgs }: { workflowId: string; signalArgs: [Claim] }) =>
        void heard.push({ queue: workflowId, said: signalArgs[0] }),
      getHandle: (queue: string) => ({
        query: async (_name: string, asked: unknown) => (heard.push({ queue, said: asked }), await answer()),
        signal: async (_name: string, release: unknown) => void heard.push({ queue, said: release }),
      }),
    },
    options: { loadedDataConverter: defaultDataConverter },
  } as unknown as Client;
  const environment = (attempt = 1) =>
    new MockActivityEnvironment({ taskQueue: 'tenantry', attempt, workflowExecution: run }, { logger: silent, client });
  return { heard, environment, searches: () => searches };
}

const withoutSearch = { code: 12 };
const HOUR_MS = 3_600_000;
const setClock = (now: number) => void jest.spyOn(Date, 'now').mockReturnValue(now);
afterEach(() => void jest.restoreAllMocks());

const claims = (heard: readonly Heard[]) => heard.map(({ said }) => said as Partial<Claim>);

describe('all versions of Tenantry agree', () => {
  test.each([
    ['eu', place, 'tenantry', 'turnQueue:eu:8'],
    ['eu', 'tenant:e4b1', 'tenantry', 'turnQueue:eu:2'],
    ['default', 'tenant:e4b1', 'other', 'turnQueue:default:2:other'],
  ])('in cloud %s on the queue of %s, with task queue %s', (cloud, at, taskQueue, id) => {
    expect(queueIdFor(cloud, at, taskQueue)).toBe(id);
  });

  test('on the hash of a key', async () => {
    const { heard, environment } = temporal(async () => granted, withoutSearch);
    await environment().run(claimTurn, spec);

    expect(claims(heard)[0]?.keyHash).toBe('53b8a8ef6aa8');
  });
});

describe('a run that claims the turn of a key', () => {
  test('polls for it first, and needs no signal when it is free', async () => {
    const { heard, environment } = temporal(async () => granted, withoutSearch);

    expect(await environment().run(claimTurn, spec)).toEqual(granted);
    expect(claims(heard)).toEqual([
      {
        ...run,
        place,
        startedAt: spec.startedAt,
        passes: false,
        gaveBack: false,
        quiet: true,
        earlier: [],
        found: [],
        keyHash: expect.any(String),
      },
      { ...run, place },
    ]);
  });

  test.each([
    ['is taken', async () => null],
    ['is not answered', async () => Promise.reject(new Error('deadline exceeded'))],
  ])('waits for a signal when it %s', async (_why, answer) => {
    const { heard, environment } = temporal(answer, withoutSearch);

    expect(await environment().run(claimTurn, spec)).toBeNull();
    expect(claims(heard).map(({ quiet }) => quiet)).toEqual([true, undefined, false]);
  });
});

test('a run that claims the turn of a tenant waits for a signal', async () => {
  const { heard, environment } = temporal(async () => granted, withoutSearch);

  expect(await environment().run(claimTurn, { ...spec, about: {} })).toBeNull();
  expect(claims(heard).map(({ quiet, keyHash }) => [quiet, keyHash])).toEqual([[false, undefined]]);
});

describe('a search for earlier runs that fails', () => {
  const unavailable = Object.assign(new Error('unavailable'), { cause: { code: 14 } });

  test('is repeated for five minutes', async () => {
    const { heard, environment } = temporal(async () => granted, unavailable);

    // Temporal tries a local activity for the ninth time after 227 seconds
    await expect(environment(9).run(claimTurn, spec)).rejects.toThrow('unavailable');
    expect(heard).toEqual([]);
  });

  test('is repeated also by a worker whose clock is an hour ahead', async () => {
    const { environment } = temporal(async () => granted, unavailable);
    setClock(Date.now() + HOUR_MS);

    await expect(environment(1).run(claimTurn, spec)).rejects.toThrow('unavailable');
  });

  test.each([
    ['after that', unavailable, 10],
    ['at once on a server without search', withoutSearch, 1],
    ['at once on a server that says so in the cause', { cause: withoutSearch }, 1],
  ])('counts as none %s', async (_when, error, attempt) => {
    const { environment } = temporal(async () => granted, error);

    expect(await environment(attempt).run(claimTurn, spec)).toEqual(granted);
  });
});

describe('a search for runs whose tenant is not known', () => {
  const BETWEEN_SEARCHES_MS = 1100;
  const pause = async () => await new Promise((resolve) => setTimeout(resolve, BETWEEN_SEARCHES_MS));
  const claimedAt = async ({ environment, searches }: ReturnType<typeof temporal>, startedAt: number) => {
    await environment().run(claimTurn, { ...spec, startedAt });
    return searches();
  };

  test('is shared with runs that were started long before it began', async () => {
    const server = temporal(async () => granted);
    await pause();

    expect(await claimedAt(server, spec.startedAt + HOUR_MS)).toBe(1);
    expect(await claimedAt(server, spec.startedAt)).toBe(1);
  });

  test.each([
    ['an hour behind', -HOUR_MS],
    ['an hour ahead', HOUR_MS],
  ])('is repeated after a second, although the clock of the worker is set to %s meanwhile', async (_words, offset) => {
    const server = temporal(async () => granted);
    await pause();
    expect(await claimedAt(server, spec.startedAt + HOUR_MS)).toBe(1);
    setClock(Date.now() + offset);
    await pause();

    expect(await claimedAt(server, spec.startedAt)).toBe(2);
  });

  test('is not shared with a run that may have been started after it began, on a worker whose clock is ahead', async () => {
    const server = temporal(async () => granted);
    setClock(Date.now() + HOUR_MS);
    await pause();

    expect(await claimedAt(server, spec.startedAt)).toBe(1);
    expect(await claimedAt(server, spec.startedAt + 1)).toBe(2);
  });
});

test('a turn is given back to the queue of its place', async () => {
  const { heard, environment } = temporal(async () => null, withoutSearch);
  await environment().run(releaseTurn, { cloud: 'eu', place, ...run });

  expect(heard).toEqual([{ queue: queueIdFor('eu', place, 'tenantry'), said: { place, ...run } }]);
});

describe('a claim', () => {
  const claim = { cloud: 'eu', place, ...run };
  const turns = (waiting: object[], atWork: object[] = []) => [{ place, atWork, waiting }];

  /** Asks a queue with this status whether the claim is lost. */
  async function ask(status: string | undefined, answer: () => Promise<unknown>) {
    const client = {
      withAbortSignal: async (_signal: AbortSignal, act: () => Promise<unknown>) => await act(),
      withDeadline: async (_at: number, act: () => Promise<unknown>) => await act(),
      options: { loadedDataConverter: defaultDataConverter },
      workflow: {
        getHandle: (workflowId: string) => ({
          describe: async () => {
            if (status === undefined) throw new WorkflowNotFoundError('none', workflowId, undefined);
            return { workflowId, runId: 'q', status: { name: status }, raw: {} };
          },
          query: answer,
        }),
      },
    } as unknown as Client;
    const environment = new MockActivityEnvironment({ taskQueue: 'tenantry' }, { logger: silent, client });
    return await environment.run(claimIsLost, claim);
  }

  test.each<[string, string | undefined, () => Promise<unknown>]>([
    ['there is no queue', undefined, async () => turns([run])],
    ['somebody terminated the queue', 'TERMINATED', async () => turns([run])],
    ['the queue does not know the place', 'RUNNING', async () => []],
    ['only another run waits', 'RUNNING', async () => turns([{ ...run, runId: 'run-0' }])],
    ['the turn was granted, but the run has not heard of it', 'RUNNING', async () => turns([], [run])],
  ])('is lost when %s', async (_why, status, answer) => {
    expect(await ask(status, answer)).toBeUndefined();
  });

  test.each<[string, () => Promise<unknown>]>([
    ['the queue knows it', async () => turns([{ workflowId: 'other', runId: 'o' }, run])],
    ['the queue does not answer', async () => Promise.reject(new Error('deadline exceeded'))],
  ])('is not lost while %s', async (_why, answer) => {
    await expect(ask('RUNNING', answer)).rejects.toMatchObject({
      message: 'turnQueue:eu:8 knows that the run waits',
      category: ApplicationFailureCategory.BENIGN,
    });
  });
});
