import { expect, test } from '@jest/globals';
import type { ObjectChange } from '../../contract/source-objects.js';
import { useTimeSkippingEnvironment } from '../support/time-skipping-environment.js';

const readTruth = async ({ object }: Pick<ObjectChange, 'object'>) => ({
  facts: [],
  ignored: [],
  notices: [`shop has no subscription ${object.id}`],
});
const env = useTimeSkippingEnvironment({ readTruth });

const start = async (...more: unknown[]) =>
  await env.temporal.client.workflow.start('changedObject', {
    workflowId: 'source:shop:many',
    taskQueue: env.taskQueue,
    args: [{ source: 'shop' }, ...more],
  });
const subjects = () => new Set(env.notices.map((notice) => 'subject' in notice && notice.subject));

test('no notice about an object is lost when its workflow continues as new', async () => {
  const changes = Array.from({ length: 90 }, (_, at): ObjectChange => {
    const event = { id: `evt_${at}`, type: 'customer.subscription.updated' };
    return { object: { type: 'subscription', id: `sub_${at}` }, event };
  });
  await env.withWorker(async () => {
    const handle = await start(changes);
    await handle.result();
    expect((await handle.describe()).runId).not.toBe(handle.firstExecutionRunId);
  });
  expect(subjects()).toEqual(new Set(changes.map(({ object }) => `subscription ${object.id}`)));
});

test('a notice that the run before could not send is sent', async () => {
  const unsent = [{ subject: 'subscription sub_1', message: 'it is gone' }, null, 'nonsense', { subject: 5 }];
  await env.withWorker(async () => await (await start([], unsent)).result());
  expect(env.notices).toEqual([{ about: 'source', source: 'shop', ...(unsent[0] as object) }]);
});
