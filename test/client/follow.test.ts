import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { exitCodeOf } from '../../client/cli/exit-codes.js';
import { follow, tolerateOutages } from '../../client/cli/follow.js';
import { createProgress } from '../../client/cli/progress.js';
import { TenantryError } from '../../contract/errors.js';
import type { OperationStatus } from '../../contract/status.js';

const running = { operation: 'lockTenant', id: 'lockTenant:jane', state: 'running', steps: [] };
const options = { loadedDataConverter: { payloadCodecs: [] } };
const completed = { ...running, state: 'completed', apiCalls: 2, changed: true };

/** A run that was still running when it was asked, and has closed by the next look. */
function closingMeanwhile(): Client {
  const looks = ['RUNNING', 'RUNNING', 'COMPLETED'];
  const handle = {
    describe: async () => ({ status: { name: looks.shift() ?? 'COMPLETED' }, raw: {}, workflowId: running.id }),
    query: async () => running,
    result: async () => completed,
  };
  const workflow = { getHandle: () => handle };
  return { workflow, options, withDeadline: async (_at: number, ask: () => Promise<unknown>) => await ask() } as never;
}

test('a run that closes between two queries is shown to its end', async () => {
  const shown: string[] = [];
  const note = ({ state }: OperationStatus) => shown.push(state);

  const last = await follow(closingMeanwhile(), running, 'tenantry', { show: note, end: note });

  expect(last.state).toBe('completed');
  expect(shown).toEqual(['completed']);
});

/** The run `ours`, which ends; then one that somebody else has started under its id, which goes on. */
function followedByAnother(): Client {
  let looks = 0;
  const getHandle = (_id: string, runId?: string) => ({
    describe: async () => {
      const ours = runId === 'ours' || (runId === undefined && (looks += 1) === 1);
      const status = { name: ours ? (looks > 1 ? 'COMPLETED' : 'RUNNING') : 'RUNNING' };
      return { status, runId: ours ? 'ours' : 'theirs', raw: {}, workflowId: running.id };
    },
    query: async () => ({ ...running, id: runId }),
    result: async () => ({ ...completed, id: runId }),
  });
  return {
    workflow: { getHandle },
    options,
    withDeadline: async (_at: number, ask: () => Promise<unknown>) => await ask(),
  } as never;
}

test('a run that somebody starts later under the same id is not taken for the one that was started here', async () => {
  const last = await follow(followedByAnother(), { id: running.id, runId: 'ours' }, 'tenantry', {
    show: () => undefined,
    end: () => undefined,
  });

  expect(last).toMatchObject({ id: 'ours', state: 'completed' });
});

test.each([
  ['InvalidInput', 2],
  ['Different', 2],
  ['Refused', 3],
  ['Kept', 3],
  ['Leftovers', 3],
])('a run that failed as %s ends the command with %i', (type, code) => {
  const status = { ...running, state: 'failed', reason: { type, message: 'no' } } as unknown as OperationStatus;

  expect(exitCodeOf(status)).toBe(code);
});

test('a terminal of few lines shows the end of the current status, and the last one in full', () => {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 3 });
  const written = () => String(stream.read());
  const progress = createProgress(stream as unknown as NodeJS.WriteStream);
  const steps = ['one', 'two', 'three', 'four'].map((name) => ({ name, state: 'done' as const, attempts: 1 }));
  const status = { ...completed, steps } as unknown as OperationStatus;

  progress.show(status);
  expect(written()).not.toContain('one');
  progress.end(status);
  expect(written()).toMatch(/lockTenant:jane completed[^]*one[^]*two[^]*three[^]*four[^]*2 API calls/);
});

/** What a pipe gets of a run with these statuses, the last of which is its end. */
function appended(...statuses: object[]): string[] {
  const stream = new PassThrough();
  const progress = createProgress(stream as unknown as NodeJS.WriteStream);
  const all = statuses.map((one) => ({ ...running, startedAt: 'a', updatedAt: 'b', ...one }) as OperationStatus);
  for (const status of all.slice(0, -1)) progress.show(status);
  progress.end(all.at(-1)!);
  return String(stream.read()).trimEnd().split('\n').map(stripVTControlCharacters);
}

/** Steps named `a`, `b` and so on, in these states. The second number is the milliseconds that each took. */
const stepsIn = (...states: (readonly [state: string, ms?: number | undefined, lastError?: string])[]) => ({
  steps: states.map(([state, ms, lastError], at) => ({
    name: 'abcdef'[at],
    state,
    attempts: 1,
    ...(ms === undefined ? {} : { startedAt: new Date(0).toISOString(), endedAt: new Date(ms).toISOString() }),
    ...(lastError === undefined ? {} : { lastError }),
  })),
});

test('in a pipe each step has one line, once it has ended and in the order of the steps; the headline is last', () => {
  const lines = appended(
    stepsIn(['running'], ['running'], ['pending']),
    stepsIn(['running'], ['done', 7], ['pending']),
    stepsIn(['done', 9], ['done', 7], ['running']),
    // looked up again, with another duration
    stepsIn(['done', 25], ['done', 7], ['running']),
    { ...completed, ...stepsIn(['done', 9], ['done', 8], ['adopted', 3]) },
  );

  expect(lines).toEqual(['✔ a, 9 ms', '✔ b, 7 ms', '✔ c adopted, 3 ms', 'lockTenant lockTenant:jane completed']);
});

test('in a pipe a step that is undone has a second line, and one that is tried again says why once', () => {
  const reason = { type: 'Acronis.Forbidden', message: 'no' };
  const lines = appended(
    stepsIn(['done', 9], ['running', undefined, 'no answer']),
    stepsIn(['done', 9], ['running', undefined, 'no answer']),
    { state: 'undoing', reason, ...stepsIn(['done', 9], ['failed', 5, 'no']) },
    { state: 'undone', reason, ...stepsIn(['undone', 9], ['failed', 5, 'no']) },
  );

  expect(lines).toEqual([
    '✔ a, 9 ms',
    'b is tried again: no answer',
    '✘ b failed, 5 ms  (no)',
    'lockTenant lockTenant:jane undoing: Acronis.Forbidden: no',
    '↩ a undone, 9 ms',
    'lockTenant lockTenant:jane undone: Acronis.Forbidden: no',
  ]);
});

test('in a pipe a run says what it waits for, and at its end what can be done', () => {
  const blocked = { step: 'a', type: 'Tenantry.Secret', message: 'no', since: 'noon', choices: ['retry'] };
  const lines = appended(
    { waitsFor: 'another', ...stepsIn(['pending']) },
    { state: 'blocked', blocked, ...stepsIn(['failed', 5, 'no']) },
  );

  expect(lines).toEqual([
    'lockTenant lockTenant:jane running, waits for another',
    '✘ a failed, 5 ms  (no)',
    'lockTenant lockTenant:jane blocked: Tenantry.Secret: no',
    '  waits at a since noon; decide by one of',
    '    tenantry retry lockTenant:jane --reason "…"',
  ]);
});

test('an outage ends what is shown after half a minute, and never where it may last', async () => {
  const times = [0, 1000, 2000, 3_600_000, 0, 1000, 2000, 3_600_000];
  const now = () => times.shift()!;
  const fail = async () => {
    throw new TenantryError('unavailable', 'no worker polls the task queue tenantry');
  };
  const impatient = tolerateOutages(now);
  await impatient(fail);
  await expect(impatient(fail)).rejects.toThrow('no worker polls');

  const patient = tolerateOutages(now, Infinity);
  await patient(fail);
  await expect(patient(fail)).resolves.toBeUndefined();
});
