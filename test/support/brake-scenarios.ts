import type { WorkflowHandle } from '@temporalio/client';
import { ASK_BRAKE_SIGNAL, BRAKE_QUERY, WITHDRAW_SIGNAL, type BrakeStatus } from '../../contract/brake.js';
import { questionOf, questionsOf } from './brakes.js';
import type { Scenario } from './recorded-scenarios.js';
import { waitUntil } from './runs.js';

/** What is recorded of a brake. */
export const brakeScenarios: Scenario[] = [
  ['invalid', {}],
  ['engaged-and-released', { cloud: 'default' }, undefined, undefined, { meanwhile: engageAndRelease }],
];

/** Customers ask, one of them is dropped, the brake is released, and somebody terminates it. */
async function engageAndRelease(brake: WorkflowHandle): Promise<void> {
  const waiting = async () => (await brake.query<BrakeStatus>(BRAKE_QUERY)).waiting.length;
  const because = { actor: 'ann', reason: 'the shop was broken' };
  for (const question of questionsOf(8)) await brake.signal(ASK_BRAKE_SIGNAL, question);
  await waitUntil(async () => (await waiting()) === 3);
  await brake.signal(WITHDRAW_SIGNAL, questionOf(7));
  await waitUntil(async () => (await waiting()) === 2);
  await brake.executeUpdate('drop', { args: [{ ...because, refs: ['C-5'] }] });
  await brake.executeUpdate('release', { args: [{ ...because, all: true }] });
  for (const question of questionsOf(22, 'creation', 100)) await brake.signal(ASK_BRAKE_SIGNAL, question);
  await waitUntil(async () => (await waiting()) === 2);
  await brake.terminate();
}
