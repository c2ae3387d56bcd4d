import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { noticeQueueId, NOTICE_QUEUE, type NoticeBatch } from '../../../contract/notice-queue.js';
import type { Notice } from '../../../contract/notices.js';
import { readNotices, type NoticesFile } from '../../../notice-routes/notices-file.js';
import { RoutedNotices } from '../../../worker/notices/routed.js';
import { pause } from '../../support/pause.js';
import { useVirtualEnvironment } from '../../support/use-virtual-environment.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What has arrived at each target. */
const arrived: (NoticeBatch & { target: string; at: number })[] = [];
/** Targets that are away. */
const away = new Set<string>();
const tries: string[] = [];
const env = useVirtualEnvironment(
  {},
  {
    sendToTarget: async (target, batch) => {
      tries.push(`${target} ${batch.id}`);
      if (away.has(target)) throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
      arrived.push({ ...batch, target, at: Date.now() });
    },
  },
);

beforeEach(() => {
  for (const list of [arrived, tries]) list.length = 0;
  away.clear();
});
afterEach(async () => {
  for (const target of ['desk', 'pager'])
    await env.client.workflow
      .getHandle(noticeQueueId(target))
      .terminate()
      .catch(() => undefined);
});

const target = { kind: 'chat', app: 'slack', url: 'env:CHAT' };
const urgentToPager = { when: { severity: ['urgent'] }, to: ['pager', 'desk'] };

/** Sends notices by these settings, as the activity of a worker does. */
function notifier(settings: object = {}, route: object = {}) {
  const file = { targets: { desk: target, pager: target }, routes: [urgentToPager, { to: ['desk'], ...route }] };
  const current = readNotices({ ...file, ...settings }) as NoticesFile;
  const opened = { current: { ...current, secrets: {} } };
  const parts = { client: env.client, taskQueue: env.taskQueue, clouds: () => ['default'], proxyFor: () => undefined };
  const { messenger } = new RoutedNotices(opened, parts);
  return async (notice: Notice, id = `${Math.random()}`) => await messenger.send(notice, id);
}

function blocked(run: string): Notice {
  const where = { operation: 'provisionCustomer', step: 'requireTwoFactor', type: 'Acronis.Forbidden' };
  return { about: 'run', run, ...where, message: 'no', since: new Date().toISOString(), skippable: true, nth: 0 };
}

const trouble = (): Notice => {
  const why = { type: 'Acronis.Unavailable', message: 'it does not answer' };
  return { about: 'cloud', cloud: 'default', ...why, since: new Date().toISOString(), nth: 0 };
};

const toDesk = () => arrived.filter((one) => one.target === 'desk');
const countsAt = (name: string) =>
  arrived.filter((one) => one.target === name).flatMap(({ groups }) => groups.map(({ count }) => count));

test('300 runs that block for the same cause are one message, and what follows is the next one after the pause', async () => {
  const notify = notifier();
  for (let nth = 0; nth < 300; nth += 1) await notify(blocked(`provisionCustomer:c-${nth}`));
  await pause(2 * MINUTE);
  await notify(blocked('provisionCustomer:late'));
  await pause(HOUR);
  expect(countsAt('desk')).toEqual([300]);

  await pause(3 * HOUR);
  expect(countsAt('desk')).toEqual([300, 1]);
  expect(toDesk()[1]?.groups[0]).toMatchObject({ earlier: 300, names: ['provisionCustomer:late'] });
});

test('quiet hours hold everything but what is urgent, also when the worker dies, and then it is one message', async () => {
  const inAnHour = new Date(Date.now() + HOUR);
  const until = inAnHour.toISOString().slice(11, 16);
  const from = new Date(Date.now() - HOUR).toISOString().slice(11, 16);
  const notify = notifier({ quiet: [{ from, until }] });
  await notify(blocked('provisionCustomer:a'));
  await notify({ about: 'source', source: 'shop', subject: 'sub_1', message: 'It is gone.' });
  await notify(trouble());
  env.replaceWorker();
  await pause(40 * MINUTE);
  expect(new Map(arrived.map((one) => [one.target, one.groups.map(({ severity }) => severity)]))).toEqual(
    new Map([
      ['desk', ['urgent']],
      ['pager', ['urgent']],
    ]),
  );
  expect(arrived).toHaveLength(2);
  env.replaceWorker();

  await pause(25 * MINUTE);
  const [, morning] = toDesk();
  expect(morning?.groups.map(({ notice }) => notice.about)).toEqual(['run', 'source']);
  expect(new Date(morning!.at).toISOString().slice(11, 16)).toBe(until);
});

test('what is held survives that the queue continues as new', async () => {
  const [from, until] = [-1, 1].map((hours) => new Date(Date.now() + hours * HOUR).toISOString().slice(11, 16));
  const notify = notifier({ quiet: [{ from, until }] });
  const queue = env.client.workflow.getHandle(noticeQueueId('desk'));
  await notify(blocked('provisionCustomer:first'));
  const { runId } = await queue.describe();
  let sent = 1;
  for (; sent < 1000 && (await queue.describe()).runId === runId; sent += 1) {
    await notify(blocked(`provisionCustomer:c-${sent}`));
    // a task for each signal, so that the history grows
    await pause(1);
  }

  expect((await queue.describe()).runId).not.toBe(runId);
  expect(arrived).toEqual([]);
  await pause(2 * HOUR);
  expect(countsAt('desk')).toEqual([sent]);
});

test('a digest comes once a day with everything since the last one', async () => {
  const digest = new Date(Date.now() + 2 * HOUR).toISOString().slice(11, 16);
  const notify = notifier({ digest }, { digest: true });
  await notify(blocked('provisionCustomer:a'));
  await pause(HOUR);
  await notify(blocked('provisionCustomer:b'));
  expect(arrived).toEqual([]);
  await pause(4 * HOUR);
  await notify(blocked('provisionCustomer:c'));
  await pause(24 * HOUR);

  expect(countsAt('desk')).toEqual([2, 1]);
  expect(toDesk().map(({ at }) => new Date(at).toISOString().slice(11, 16))).toEqual([digest, digest]);
});

test('a target that is away delays no other one, and gets the same message with the same id when it is back', async () => {
  const notify = notifier();
  away.add('pager');
  await notify(trouble());
  await pause(HOUR);
  expect(arrived.map((one) => one.target)).toEqual(['desk']);
  env.replaceWorker();
  away.clear();
  await pause(11 * MINUTE);

  expect(countsAt('pager')).toEqual([1]);
  expect(new Set(tries.filter((one) => one.startsWith('pager'))).size).toBe(1);
});

test('a target that is away for more than a day hears how much it has missed', async () => {
  const notify = notifier();
  away.add('desk');
  for (const name of ['a', 'b']) await notify(blocked(`provisionCustomer:${name}`));
  await pause(25 * HOUR);
  away.clear();
  expect(arrived).toEqual([]);

  await notify(blocked('provisionCustomer:c'));
  await pause(MINUTE);
  expect(toDesk()).toMatchObject([{ lost: 2, groups: [{ count: 1 }] }]);
});

test('a notice that a worker gives twice counts once, and a signal that is none is dropped', async () => {
  const notify = notifier();
  for (const id of ['same', 'same', 'other']) await notify(blocked(`provisionCustomer:${id}`), id);
  const queue = env.client.workflow.getHandle(noticeQueueId('desk'));
  for (const nonsense of [null, 'text', { id: 'x', notice: {}, severity: 'urgent' }])
    await queue.signal('holdNotice', nonsense);
  await pause(MINUTE);

  expect(countsAt('desk')).toEqual([2]);
});

test('a queue that is started without a target is refused', async () => {
  const start = { workflowId: 'noticeQueue:', taskQueue: env.taskQueue, args: [{}] };
  const queue = await env.client.workflow.start(NOTICE_QUEUE, start);
  await expect(queue.result()).rejects.toMatchObject({ cause: { message: 'target: is missing: it names the target' } });
});
