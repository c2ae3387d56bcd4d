import { expect, test } from '@jest/globals';
import { Guests } from '../../workflows/turns/guests.js';

test('two branches of a run that wait at once wait for everybody who is let in meanwhile', async () => {
  const closing = new Map<string, (() => void)[]>();
  const closes = async ({ workflowId }: { workflowId: string }) =>
    new Promise<void>((close) => closing.set(workflowId, [...(closing.get(workflowId) ?? []), close]));
  const guests = new Guests(closes, () => undefined);
  const close = async (id: string) => {
    for (const one of closing.get(id) ?? []) one();
    await new Promise((resolve) => setImmediate(resolve));
  };
  let through = 0;
  guests.letIn({ workflowId: 'one', runId: '1' });
  for (const branch of [guests.gone, guests.gone]) void branch?.then(() => (through += 1));
  guests.letIn({ workflowId: 'two', runId: '2' });

  await close('one');
  expect([through, closing.has('two')]).toEqual([0, true]);
  await close('two');

  expect([through, guests.gone]).toEqual([2, undefined]);
});
