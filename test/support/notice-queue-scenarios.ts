import type { WorkflowHandle } from '@temporalio/client';
import { HOLD_NOTICE_SIGNAL } from '../../contract/notice-queue.js';
import type { Scenario } from './recorded-scenarios.js';
import { blockedRun } from './routed-notices.js';
import { waitUntil } from './runs.js';

const YEAR_MS = 365 * 86_400_000;

/** What is recorded of a queue of notices. */
export const noticeQueueScenarios: Scenario[] = [
  ['invalid', {}],
  ['delivered-and-held', { target: 'desk' }, undefined, undefined, { meanwhile: deliverAndHold }],
];

/** Two notices of one cause are sent, what is not a notice is dropped, one waits for quiet hours; somebody terminates it. */
async function deliverAndHold(queue: WorkflowHandle): Promise<void> {
  const count = async (event: string) =>
    (JSON.stringify((await queue.fetchHistory()).events).match(new RegExp(`"${event}":{`, 'g')) ?? []).length;
  for (const name of ['first', 'second']) await queue.signal(HOLD_NOTICE_SIGNAL, blockedRun({ name, gatherMs: 2000 }));
  await queue.signal(HOLD_NOTICE_SIGNAL, { id: 'nonsense' });
  await waitUntil(async () => (await count('activityTaskCompletedEventAttributes')) === 1);
  const quiet = [[0, Date.now() + YEAR_MS]] as const;
  await queue.signal(HOLD_NOTICE_SIGNAL, blockedRun({ name: 'third', step: 'other', times: { quiet } }));
  await waitUntil(async () => (await count('timerStartedEventAttributes')) === 2);
  await queue.terminate();
}
