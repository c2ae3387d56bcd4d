import { expect, test } from '@jest/globals';
import { PassingRuns, type PassingRun } from '../../workflows/turns/passing-runs.js';

test('two branches of a run that wait at once wait for everybody who is let in meanwhile', async () => {
  const closing = new Map<string, (() => void)[]>();
  const place = 'tenant:one' as const;
  const closes = async ({ run: { workflowId } }: PassingRun) =>
    new Promise<void>((close) => closing.set(workflowId, [...(closing.get(workflowId) ?? []), close]));
  const passingRuns = new PassingRuns(closes, () => undefined);
  const close = async (id: string) => {
    for (const one of closing.get(id) ?? []) one();
    await new Promise((resolve) => setImmediate(resolve));
  };
  let through = 0;
  passingRuns.add({ run: { workflowId: 'one', runId: '1' }, place });
  for (const branch of [passingRuns.allClosed, passingRuns.allClosed]) void branch?.then(() => (through += 1));
  passingRuns.add({ run: { workflowId: 'two', runId: '2' }, place });

  await close('one');
  expect([through, closing.has('two')]).toEqual([0, true]);
  await close('two');

  expect([through, passingRuns.allClosed]).toEqual([2, undefined]);
});
