import { describe, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { ApplicationFailureCategory, WorkflowNotFoundError } from '@temporalio/common';
import { defaultDataConverter } from '@temporalio/common/lib/converter/data-converter.js';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createTurnWatchActivities } from '../../activities/turn-watch.js';
import { createTurnActivities } from '../../activities/turns.js';
import { WAITING_MEMO } from '../../contract/status.js';
import type { WatchedRun } from '../../contract/turn-queue.js';
import { silent } from '../support/activity-environment.js';

const { watchRun, closedRuns } = createTurnWatchActivities();
const { whoseTurn, whoMade, runCloses, turnEnds } = createTurnActivities();

/** A run as Temporal describes it. */
interface Run {
  status?: 'RUNNING' | 'PAUSED' | 'COMPLETED';
  runId?: string;
  firstRunId?: string;
  startTime?: Date;
  closeTime?: Date;
  attributes?: Record<string, string>;
  waiting?: object;
  parent?: { workflowId: string; runId: string };
  historyLength?: number;
  /** The message of its status; absent when no worker answers. */
  message?: string;
}

/** A Temporal server with these runs by workflow id; the calls that cancel one are listed. */
function temporal(runs: Record<string, Run>) {
  const cancelled: string[] = [];
  const describe = (workflowId: string) => {
    const run = runs[workflowId];
    if (run === undefined) throw new WorkflowNotFoundError('none', workflowId, undefined);
    const { status = 'RUNNING', runId = 'run-1', firstRunId = runId, attributes = {}, waiting, parent } = run;
    return {
      workflowId,
      runId,
      status: { name: status },
      startTime: run.startTime ?? new Date(1000),
      closeTime: run.closeTime,
      historyLength: run.historyLength ?? 3,
      memo: waiting === undefined ? {} : { [WAITING_MEMO]: waiting },
      typedSearchAttributes: { get: ({ name }: { name: string }) => attributes[name] },
      raw: { workflowExecutionInfo: { firstRunId, parentExecution: parent } },
    };
  };
  const client = {
    withAbortSignal: async (_signal: AbortSignal, act: () => Promise<unknown>) => await act(),
    withDeadline: async (_at: number, act: () => Promise<unknown>) => await act(),
    options: { loadedDataConverter: defaultDataConverter },
    workflow: {
      list: async function* ({ query }: { query: string }) {
        for (const id of Object.keys(runs)) if (query === `RunId = '${describe(id).runId}'`) yield describe(id);
      },
      getHandle: (id: string, runId?: string) => ({
        describe: async () => describe(id),
        cancel: async () => void cancelled.push(`${id} ${runId}`),
        query: async () => {
          const message = runs[id]?.message;
          if (message === undefined) throw new Error('no worker');
          return { state: message === '' ? 'running' : 'blocked', blocked: { message } };
        },
      }),
    },
  } as unknown as Client;
  const environment = (attempt = 1, workflowId = 'asking', heartbeatDetails?: unknown) => {
    const info = { attempt, heartbeatDetails, workflowExecution: { workflowId, runId: 'r' } };
    return new MockActivityEnvironment(info, { logger: silent, client });
  };
  return { environment, cancelled };
}

const blocked = { TenantryState: 'blocked', TenantryStep: 'ensureUser', TenantryReason: 'Acronis.Taken' };
const stillOpen = { message: 'other is still open', category: ApplicationFailureCategory.BENIGN };
const other = { workflowId: 'other', runId: 'run-1' };

async function watch(run: Run | undefined, spec: Partial<WatchedRun> = {}, attempt = 1) {
  const { environment } = temporal(run === undefined ? {} : { other: run });
  const watched: WatchedRun = { run: other, place: 'tenant:T1', as: 'at work', ...spec };
  return await environment(attempt).run(watchRun, watched);
}

describe('a run that others wait for', () => {
  test.each<[string, Run | undefined, object]>([
    ['was never there', undefined, {}],
    ['has closed', { status: 'COMPLETED', closeTime: new Date(5000) }, { closedAt: 5000 }],
    ['has closed at a time that nobody knows', { status: 'COMPLETED' }, {}],
    ['was followed by another one of its id', { runId: 'run-2', startTime: new Date(7000) }, { closedAt: 7000 }],
  ])('is gone when it %s', async (_why, run, more) => {
    expect(await watch(run)).toEqual({ state: 'gone', ...more });
  });

  test('is the same run after a reset', async () => {
    expect(await watch({ runId: 'run-9', firstRunId: 'run-1' })).toEqual({ state: 'open' });
  });

  test.each(['RUNNING', 'PAUSED'] as const)('is open when it is %s, and is asked about again', async (status) => {
    expect(await watch({ status })).toEqual({ state: 'open' });
    await expect(watch({ status }, { seen: 'open' })).rejects.toMatchObject(stillOpen);
  });

  test.each([
    ['as it says itself', 'taken', 'taken'],
    ['without words, when no worker answers', undefined, ''],
    ['without words, when it is not blocked any more', '', ''],
  ])('is blocked, %s', async (_how, said, message) => {
    const run = { attributes: blocked, ...(said !== undefined && { message: said }) };
    const known = { id: 'other', step: 'ensureUser', type: 'Acronis.Taken', message };

    expect(await watch(run)).toEqual({ state: 'blocked', blocked: known });
    await expect(watch(run, { seen: JSON.stringify(known) })).rejects.toMatchObject(stillOpen);
    expect(await watch(run, { seen: 'open' })).toMatchObject({ state: 'blocked' });
  });

  test('counts as blocked while it waits for a blocked one', async () => {
    const waitsForBlocked = { id: 'third', step: 's', type: 't', message: 'm' };

    expect(await watch({ waiting: { waitsForBlocked } })).toEqual({ state: 'blocked', blocked: waitsForBlocked });
    expect(await watch({ waiting: {} })).toEqual({ state: 'open' });
  });
});

describe('a run that was started earlier', () => {
  const as = 'earlier';
  const FIVE_MINUTES = 60;
  const here = { AcronisTenantId: 't1' };
  const key = 'key:x:y';

  test.each<[string, Run, number?]>([
    ['it is blocked before its turn', { attributes: blocked }],
    ['it waits elsewhere', { waiting: {} }],
    ['it works at another tenant', { attributes: { AcronisTenantId: 'T2' } }],
    ['it is blocked at another tenant', { attributes: { ...blocked, AcronisTenantId: 'T2' } }],
    ['it is paused before its tenant is known', { status: 'PAUSED' }],
    ['its tenant is not known for five minutes', { attributes: { TenantryState: 'running' } }, FIVE_MINUTES],
    ['no worker begins it for five minutes', {}, FIVE_MINUTES],
  ])('may be passed when %s', async (_why, run, attempt = 1) => {
    expect(await watch(run, { as }, attempt)).toMatchObject({
      state: 'blocked',
      blocked: { id: 'other', message: '' },
    });
  });

  test('may be passed five minutes after the last event in its history, when busy workers are slow', async () => {
    const run: Run = {};
    const { environment } = temporal({ other: run });
    const watched: WatchedRun = { place: 'tenant:T1', run: other, as, seen: 'open' };
    let memory: unknown;
    let passedAt: number | undefined;
    for (let attempt = 1; passedAt === undefined; attempt += 1) {
      run.historyLength = attempt < 50 ? 3 : 5;
      const context = environment(attempt, 'asking', memory).on('heartbeat', (details) => (memory = details));
      if (await context.run(watchRun, watched).catch(() => undefined)) passedAt = attempt;
    }

    expect(passedAt).toBe(49 + FIVE_MINUTES);
  });

  test.each<[string, Run, number?]>([
    ['it is paused before it has begun', { status: 'PAUSED' }],
    ['no worker begins it for five minutes', {}, FIVE_MINUTES],
  ])('may be passed at a key when %s', async (_why, run, attempt = 1) => {
    expect(await watch(run, { as, place: key }, attempt)).toMatchObject({ state: 'blocked' });
  });

  test.each<[string, Run, WatchedRun['place'], number?]>([
    ['nothing is known of it', {}, 'tenant:T1'],
    ['it is blocked at the same tenant', { attributes: { ...blocked, ...here } }, 'tenant:T1'],
    ['it waits at the same tenant', { attributes: here, waiting: {} }, 'tenant:T1'],
    ['it is paused at the same tenant', { attributes: here, status: 'PAUSED' }, 'tenant:T1'],
    ['it works at the same tenant for more than five minutes', { attributes: here }, 'tenant:T1', FIVE_MINUTES],
    ['it works at a tenant, and the place is that of a key', { attributes: { AcronisTenantId: 'T2' } }, key],
    ['it is blocked, and the place is that of its key', { attributes: blocked }, key, FIVE_MINUTES],
    [
      'it waits, and the place is that of its key',
      { attributes: { TenantryState: 'running' }, waiting: {} },
      key,
      FIVE_MINUTES,
    ],
  ])('is not passed when %s', async (_why, run, place, attempt = 1) => {
    const seen = attempt === 1 ? undefined : 'open';
    await expect(watch(run, { as, place, seen }, attempt)).rejects.toMatchObject(stillOpen);
  });

  test('is reported as open from the third look on, once', async () => {
    await expect(watch({}, { as }, 2)).rejects.toMatchObject(stillOpen);
    expect(await watch({}, { as }, 3)).toEqual({ state: 'open' });
    await expect(watch({}, { as, seen: 'open' }, 3)).rejects.toMatchObject(stillOpen);
  });
});

test('the runs that have closed are found', async () => {
  const { environment } = temporal({ a: {}, b: { status: 'COMPLETED' }, c: { runId: 'run-2' } });
  const runs = ['a', 'b', 'c', 'd'].map((workflowId) => ({ workflowId, runId: 'run-1', place: 'tenant:T1' as const }));

  expect(await environment().run(closedRuns, runs)).toEqual(runs.slice(1));
});

describe('a turn of an older version', () => {
  const parent = { workflowId: 'holder', runId: 'run-1' };

  test('names its holder, and itself when it has none', async () => {
    const { environment } = temporal({ turn: { parent }, alone: {}, done: { status: 'COMPLETED' } });
    const whose = async (turn: string) => await environment().run(whoseTurn, { turn });

    expect(await whose('turn')).toEqual({ runId: 'run-1', holder: 'holder' });
    expect(await whose('alone')).toEqual({ runId: 'run-1', holder: 'alone' });
    expect(await whose('done')).toBeNull();
  });

  test.each<[string, Record<string, Run>, string, string[]]>([
    ['stays while its holder is open', { holder: {} }, 'asking', []],
    ['stays while its holder is open after a reset', { holder: { runId: 'run-5', firstRunId: 'run-1' } }, 'asking', []],
    ['is cancelled when its holder has closed', { holder: { status: 'COMPLETED' } }, 'asking', ['turn run-1']],
    ['is cancelled when its holder is gone', {}, 'asking', ['turn run-1']],
    ['is cancelled when its holder is the one that asks', { holder: {} }, 'holder', ['turn run-1']],
  ])('%s', async (_what, others, asking, expected) => {
    const { environment, cancelled } = temporal({ turn: { parent }, ...others });

    await expect(environment(1, asking).run(turnEnds, { workflowId: 'turn', runId: 'run-1' })).rejects.toMatchObject({
      message: 'turn is still open',
    });
    expect(cancelled).toEqual(expected);
  });

  test('that has ended is not cancelled', async () => {
    const { environment, cancelled } = temporal({ turn: { parent, status: 'COMPLETED' } });
    await environment().run(turnEnds, { workflowId: 'turn', runId: 'run-1' });

    expect(cancelled).toEqual([]);
  });
});

test('the open run that made a tenant is found by its first run id', async () => {
  const { environment } = temporal({ a: { runId: 'run-7' }, b: { runId: 'run-8', status: 'COMPLETED' } });
  const maker = async (runId: string) => await environment().run(whoMade, { runId });

  expect(await maker('run-7')).toEqual({ workflowId: 'a', runId: 'run-7' });
  expect(await maker('run-8')).toBeNull();
  expect(await maker('run-9')).toBeNull();
});

test('a run that closes is waited for', async () => {
  const { environment } = temporal({ other: {} });

  await expect(environment().run(runCloses, other)).rejects.toMatchObject(stillOpen);
  expect(await environment().run(runCloses, { ...other, runId: 'run-0' })).toBeUndefined();
});
