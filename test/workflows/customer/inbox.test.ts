import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createFactActivities } from '../../../activities/facts.js';
import type { FactReading } from '../../../contract/customers.js';
import { acceptable, firstBatch, unpack } from '../../../workflows/customer/inbox.js';
import { anyFacts, fact, item } from './facts.js';

test('a plan crosses from the worker to the workflow once, however many items have it', async () => {
  await fc.assert(
    fc.asyncProperty(anyFacts, async (facts) => {
      const readings: FactReading[] = facts.map((mapped) => ({ mapped }));
      const { mapFacts } = createFactActivities({ readFacts: () => readings });
      expect(unpack(await mapFacts([]))).toEqual(readings);
    }),
  );
  const many = Array.from({ length: 100 }, (_, at) => ({ mapped: fact(at, { sold: [item('server', at)] }) }));
  const { mapFacts } = createFactActivities({ readFacts: () => many });
  expect(Object.keys((await mapFacts([])).plans)).toHaveLength(1);
});

test('facts of a source that a worker does not know are answered at once, and again when it knows one of them', async () => {
  const unknown: FactReading = { refused: 'no', mayBeKnownSoon: true, source: 'new', event: { id: 'e', type: 'x' } };
  let readings: FactReading[] = [unknown, { mapped: fact(1) }];
  const { mapFacts, mapFactsOnceSourceIsKnown } = createFactActivities({ readFacts: () => readings });
  expect(unpack(await mapFacts([]))).toEqual(readings);
  expect(unpack(await mapFactsOnceSourceIsKnown([]))).toEqual(readings);
  readings = [unknown, unknown];
  await expect(mapFactsOnceSourceIsKnown([])).rejects.toMatchObject({ nonRetryable: false });
});

test('batches are small, keep the order, and lose nothing', () => {
  const inbox = [
    [1, 2],
    'x',
    undefined,
    [['nested']],
    Array.from({ length: 120 }, (_, at) => ({ at, text: 'x'.repeat(at * 50) })),
  ];
  let rest = inbox.flatMap(acceptable);
  const all: unknown[] = [];
  while (rest.length > 0) {
    const batch = firstBatch(rest);
    expect(batch.length).toBeGreaterThan(0);
    expect(batch.length).toBeLessThanOrEqual(50);
    if (batch.length > 1) expect(JSON.stringify(batch).length).toBeLessThan(70_000);
    all.push(...batch);
    rest = rest.slice(batch.length);
  }
  expect(all).toEqual(inbox.flat());
});

test('a fact that is too large for a batch is read alone', () => {
  const large = { text: 'x'.repeat(200_000) };
  expect(firstBatch([large, 1])).toEqual([large]);
  expect(firstBatch([1, large])).toEqual([1]);
});

test.each([
  ['a long text', 'x'.repeat(300_000)],
  ['a long text with three bytes a letter', '漢'.repeat(100_000)],
  ['a deep list', JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)) as unknown],
])('%s in a signal becomes nothing', (_, content) => {
  expect(acceptable([content, 1])).toEqual([null, 1]);
});
