import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import type { ActivateInput } from '@temporalio/workflow';
import { UNREAD_NEWS } from '../../contract/unread-news.js';
import converter from '../../vault/failure-converter.cjs';
import { repeatedQueries } from '../../vault/index.js';
import { interceptors } from '../../workflows/kernel/query-guard.js';

const { failureConverter } = converter;
const [guard] = interceptors().internals!;
/** A signal; what a run gets with a query that has waited begins with these. */
const news = [{ signalWorkflow: {} }];

/** Passes jobs to a run; the time and size belong to the workflow task, as a server begins it. */
function activate(task: { startedAt: number; bytes: number; events: number }, more: object = {}): string {
  const activation = {
    timestamp: { seconds: task.startedAt, nanos: 0 },
    historySizeBytes: task.bytes,
    historyLength: task.events,
    isReplaying: false,
    jobs: news,
    ...more,
  };
  let heard = 'nothing';
  guard!.activate!({ activation, batchIndex: 0 } as unknown as ActivateInput, () => (heard = 'news'));
  return heard;
}

const first = { startedAt: 10, bytes: 500, events: 13 };

beforeEach(() => {
  delete (globalThis as { tenantryTask?: object }).tenantryTask;
});

test('news that come with a query, before their own workflow task, are refused, and so the worker forgets the run', () => {
  expect(activate(first)).toBe('news');

  expect(() => activate({ ...first, events: 16 })).toThrow(UNREAD_NEWS);
});

test('news that come after a replay, with the query that made it necessary, are refused', () => {
  expect(activate({ startedAt: 5, bytes: 200, events: 3 }, { isReplaying: true })).toBe('news');
  expect(activate(first, { isReplaying: true })).toBe('news');

  expect(() => activate({ ...first, events: 16 })).toThrow(UNREAD_NEWS);
});

test.each<[string, { startedAt: number; bytes: number; events: number }, object]>([
  ['of the next workflow task', { startedAt: 11, bytes: 700, events: 17 }, {}],
  ['of the same workflow task, such as the result of a look-up', first, {}],
  ['of a replay', { ...first, events: 16 }, { isReplaying: true }],
  ['that are only a question', { ...first, events: 16 }, { jobs: [{ queryWorkflow: {} }] }],
])('news %s reach the run', (_what, task, more) => {
  activate(first);

  expect(activate(task, more)).toBe('news');
});

describe('a query that comes alone', () => {
  const query = { jobs: [{ queryWorkflow: { queryId: 'legacy_query' } }] };
  const replayed = { startedAt: 5, bytes: 200, events: 3 };
  const load = () => activate(replayed, { isReplaying: true });

  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  test('at once after the first task of a run that was just loaded, is refused: another worker may have begun this task', () => {
    load();
    activate(first);
    jest.setSystemTime(500);

    expect(() => activate(first, query)).toThrow(UNREAD_NEWS);
  });

  test('also after look-ups of this task', () => {
    load();
    activate(first);
    activate(first);

    expect(() => activate(first, query)).toThrow(UNREAD_NEWS);
  });

  test.each<[string, () => void]>([
    [
      'later',
      () => {
        load();
        activate(first);
        jest.setSystemTime(3_000);
      },
    ],
    [
      'after one more task',
      () => {
        load();
        activate(first);
        activate({ startedAt: 11, bytes: 700, events: 17 });
      },
    ],
    ['after a replay without news', load],
    ['after the first task of all', () => activate(first)],
    [
      'after a task of a run that its worker knows',
      () => {
        activate(replayed);
        activate({ ...first, startedAt: 30 });
      },
    ],
    [
      'to a server that does not say the size of the history',
      () => {
        load();
        activate({ ...first, bytes: 0 });
      },
    ],
  ])('%s is answered', (_when, happen) => {
    happen();

    expect(activate(first, query)).toBe('news');
  });

  test('a query that comes with a task is answered', () => {
    load();
    activate(first);

    expect(activate(first, { jobs: [{ queryWorkflow: { queryId: 'of the task' } }] })).toBe('news');
  });
});

test('a server that does not say the size of the history may begin two tasks in one moment', () => {
  activate({ ...first, bytes: 0 });

  expect(activate({ ...first, bytes: 0, events: 16 })).toBe('news');
});

test('the clients of this product ask again until a worker has read the news', async () => {
  const [asking] = repeatedQueries.workflow as unknown as [
    { query(input: object, next: () => Promise<string>): Promise<string> },
  ];
  let asked = 0;
  const answer = async () => {
    asked += 1;
    if (asked < 3) throw new Error(`Failed to query: ${UNREAD_NEWS}`);
    return 'well';
  };
  const other = async () => {
    throw new Error('no such query');
  };

  expect(await asking.query({}, answer)).toBe('well');
  expect(asked).toBe(3);
  await expect(asking.query({}, other)).rejects.toThrow('no such query');
});

test('the refusal is readable where runs are encrypted, also when it has lost its type', () => {
  const failed = (error: Error) => failureConverter.errorToFailure(error, defaultPayloadConverter).message;

  expect(failed(new Error(UNREAD_NEWS))).toBe(UNREAD_NEWS);
  expect(failed(new Error('anything else'))).toBe('Encoded failure');
});
