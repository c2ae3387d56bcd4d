import { expect, test } from '@jest/globals';
import { changesOf, isPlace, placeOf, type ChangeFacts, type RecentRun } from '../../../client/overview/changes.js';
import { day, known } from './known.js';

const run = (more: Partial<RecentRun> = {}): RecentRun => ({
  id: 'disableTenant:t',
  runId: 'r-1',
  operation: 'disableTenant',
  state: 'completed',
  startedAt: day(-1),
  closedAt: day(-0.9),
  ...more,
});
const changes = (facts: Partial<ChangeFacts>, since = day(-7)) =>
  changesOf({ runs: [], customers: [], brakes: [], ...facts }, since);

const event = { source: 'shop', id: 'evt_1', type: 'subscription.updated', at: day(-1.1), outcome: 'applied' as const };

test('what a customer has begun names its reference and the last event that it had read before', () => {
  const events = [
    { ...event, id: 'earlier', at: day(-2) },
    event,
    { ...event, id: 'repeated', at: day(-1.05), outcome: 'repeated' as const },
    { ...event, id: 'later', at: day(-0.5) },
  ];
  const [change] = changes({ runs: [run({ parent: 'customer:C-1' })], customers: [known({ events })] });

  expect(change).toMatchObject({
    at: day(-0.9),
    kind: 'run',
    what: 'disableTenant',
    state: 'completed',
    ref: 'C-1',
    run: 'disableTenant:t',
    by: { kind: 'customer', id: 'customer:C-1', ref: 'C-1', lastEvent: { source: 'shop', id: 'evt_1' } },
  });
});

test('a run of a customer that nobody could ask still names its workflow', () => {
  const [change] = changes({ runs: [run({ parent: 'customer:C-9', externalRef: 'C-9' })] });

  expect(change).toMatchObject({ ref: 'C-9', by: { kind: 'customer', id: 'customer:C-9' } });
});

test('who has started a run is named where that was recorded, and nobody is invented', () => {
  const runs = [
    run({ startedBy: 'shop-key' }),
    run({ runId: 'r-2', id: 'b' }),
    run({ runId: 'r-3', id: 'c', parent: 'a' }),
  ];

  expect(changes({ runs }).map(({ by }) => by)).toEqual(
    expect.arrayContaining([
      { kind: 'person', name: 'shop-key', verified: false },
      undefined,
      { kind: 'run', id: 'a' },
    ]),
  );
});

test('what people have said to runs, customers and the brake is there with their reasons', () => {
  const decision = {
    choice: 'retry',
    step: 's',
    actor: 'ann',
    verified: false,
    reason: 'granted',
    at: day(-0.5),
  } as const;
  const request = { request: 'hold', actor: 'jane', reason: 'call first', at: day(-0.4) } as const;
  const braked = {
    choice: 'release',
    actor: 'bob',
    verified: false,
    reason: 'fine',
    at: day(-0.3),
    answered: 3,
  } as const;

  const all = changes({
    runs: [run({ decisions: [decision] })],
    customers: [known({ requests: [request] })],
    brakes: [{ cloud: 'eu', decisions: [braked] }],
  });

  expect(all.slice(0, 3)).toMatchObject([
    { kind: 'brake', what: 'release of 3', cloud: 'eu', by: { name: 'bob' }, why: 'fine' },
    { kind: 'request', what: 'hold', ref: 'C-1', by: { name: 'jane' }, why: 'call first' },
    { kind: 'decision', what: 'retry', run: 'disableTenant:t', by: { name: 'ann' }, why: 'granted' },
  ]);
});

test('only what was done since then is there, newest first, whatever the order of the facts', () => {
  const runs = [1, 3, 2, 9].map((days) => run({ runId: `${days}`, id: `x:${days}`, closedAt: day(-days) }));
  const decided = { choice: 'skip', step: 's', actor: 'a', verified: false, reason: 'r', at: day(-1) } as const;

  expect(changes({ runs }).map((one) => one.run)).toEqual(['x:1', 'x:2', 'x:3']);
  expect(changes({ runs: [run({ closedAt: undefined, startedAt: day(-30), decisions: [decided] })] })).toMatchObject([
    { kind: 'decision' },
  ]);
});

test('the places of changes follow their order, so that a list can go on after each', () => {
  const runs = ['a', 'b', 'c'].map((id) => run({ runId: id, id, closedAt: day(-1) }));
  const places = changes({ runs }).map(placeOf);

  expect(places).toEqual(places.toSorted().toReversed());
  expect(new Set(places).size).toBe(3);
  expect(places.every(isPlace)).toBe(true);
  expect(['', 'zzz', day(0), `${day(0)} dance`].some(isPlace)).toBe(false);
});
