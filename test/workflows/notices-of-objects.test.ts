import { expect, test } from '@jest/globals';
import type { ObjectChange } from '../../contract/source-objects.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const readTruth = async ({ object }: Pick<ObjectChange, 'object'>) => ({
  facts: [],
  ignored: [],
  notices: [`shop has no subscription ${object.id}`],
});
const env = useVirtualEnvironment({}, { truth: { readTruth }, afresh: true });

const start = async (...more: unknown[]) =>
  await env.client.workflow.start('changedObject', {
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

  const handle = await start(changes);
  await handle.result();

  expect((await handle.describe()).runId).not.toBe(handle.firstExecutionRunId);
  expect(subjects()).toEqual(new Set(changes.map(({ object }) => `subscription ${object.id}`)));
});

test('a notice that the run before could not send is sent', async () => {
  const unsent = [{ subject: 'subscription sub_1', message: 'it is gone' }, null, 'nonsense', { subject: 5 }];

  await (await start([], unsent)).result();

  expect(env.notices).toEqual([{ about: 'source', source: 'shop', ...(unsent[0] as object) }]);
});
