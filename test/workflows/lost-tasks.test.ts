import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { ActivateInput, LocalActivityInput } from '@temporalio/workflow';
import { interceptors } from '../../workflows/kernel/lost-tasks.js';

const LIMIT_S = 5;
const {
  internals: [guard],
  outbound: [watch],
} = interceptors() as Required<ReturnType<typeof interceptors>>;
const global = globalThis as { tenantryHeard?: object; tenantryLookingUp?: number; tenantryAskedAt?: number };
/** Where the SDK keeps what it knows of a run. */
const ACTIVATOR = '__TEMPORAL_ACTIVATOR__';
const result = [{ resolveActivity: { isLocal: true } }];
const signal = { signalWorkflow: {} };
const query = [{ queryWorkflow: { queryId: '1' } }];
let endLookUp: () => void;

/** Passes jobs to a run; the time, in seconds, and the number of events are those of its workflow task. */
function activate(task: { startedAt: number; events: number }, jobs: object[] = result, more: object = {}): string {
  const { startedAt: seconds, events: historyLength } = task;
  const activation = { timestamp: { seconds, nanos: 0 }, historyLength, isReplaying: false, jobs, ...more };
  let heard = 'nothing';
  guard!.activate!({ activation, batchIndex: 0 } as unknown as ActivateInput, () => (heard = 'news'));
  return heard;
}

function lookUp(): void {
  const looked = new Promise<void>((resolve) => (endLookUp = resolve));
  void watch!.scheduleLocalActivity!({} as LocalActivityInput, async () => await looked);
}

const at = (seconds: number) => jest.setSystemTime(seconds * 1_000);
const first = { startedAt: 10, events: 3 };

beforeEach(() => {
  jest.useFakeTimers({ now: 10_000 });
  Object.assign(globalThis, { [ACTIVATOR]: { info: { taskTimeoutMs: LIMIT_S * 1_000 } } });
  delete global.tenantryHeard;
  delete global.tenantryLookingUp;
  delete global.tenantryAskedAt;
  activate(first, [{ initializeWorkflow: {} }]);
  lookUp();
});

afterEach(() => {
  jest.useRealTimers();
  Reflect.deleteProperty(globalThis, ACTIVATOR);
});

describe('a run does not go on in a task that was lost during a look-up', () => {
  test('when the result comes after the time limit', () => {
    at(15);

    expect(() => activate(first)).toThrow('has taken too long');
  });

  test('when another task came, of which the SDK has skipped signals', () => {
    at(15.5);

    expect(() => activate({ startedAt: 15, events: 5 })).toThrow('has taken too long');
  });

  test('when another task brings a signal', () => {
    at(15.5);

    expect(() => activate({ startedAt: 15, events: 7 }, [signal])).toThrow('has taken too long');
  });
});

test.each<[string, () => string]>([
  [
    'in time',
    () => {
      at(14.9);
      return activate(first);
    },
  ],
  ['after the SDK has asked for more time', () => activate({ startedAt: 14, events: 6 })],
  ['after the SDK has asked for more time, with a signal', () => activate({ startedAt: 14, events: 7 }, [signal])],
  ['in the next try of a task, without a signal', () => activate({ startedAt: 15, events: 6 })],
  ['in a replay', () => activate({ startedAt: 15, events: 5 }, result, { isReplaying: true })],
  [
    'from a worker whose clock differs by more than the limit',
    () => {
      at(16);
      activate({ startedAt: 11, events: 8 });
      at(17);
      return activate({ startedAt: 11, events: 8 });
    },
  ],
])('a result that comes %s reaches the run', (_when, happen) => {
  expect(happen()).toBe('news');
});

describe('a question that was asked during a look-up', () => {
  const next = { startedAt: 11, events: 8 };

  test('divides a task: then no signal reaches the run together with the result', () => {
    expect(activate(first, query)).toBe('news');

    expect(() => activate(next, [signal, ...result])).toThrow('a question has divided');
  });

  test.each<[string, () => string]>([
    ['the result in the same task', () => activate(first)],
    ['the result alone in the next task', () => activate(next)],
    ['news without the result', () => activate(next, [signal])],
    ['a replay', () => activate(next, [signal, ...result], { isReplaying: true })],
    [
      'the result with a signal in the task after the next one',
      () => {
        activate(next);
        return activate({ startedAt: 12, events: 14 }, [signal, ...result]);
      },
    ],
  ])('does not keep %s from the run', (_what, happen) => {
    activate(first, query);

    expect(happen()).toBe('news');
  });

  test('says nothing once the look-up has ended', async () => {
    endLookUp();
    await Promise.resolve();
    await Promise.resolve();
    activate(first, query);

    expect(activate(next, [signal, ...result])).toBe('news');
  });
});

test('a run that looks nothing up may rest for as long as it likes', async () => {
  endLookUp();
  await Promise.resolve();
  await Promise.resolve();
  at(60);

  expect(activate({ startedAt: 60, events: 7 }, [signal])).toBe('news');
});
