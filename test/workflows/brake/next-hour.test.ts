import { expect, test } from '@jest/globals';
import { ASK_BRAKE_SIGNAL, BRAKE_QUERY, BRAKE_WORKFLOW, brakeId, type BrakeStatus } from '../../../contract/brake.js';
import { questionsOf } from '../../support/brakes.js';
import { pause } from '../../support/pause.js';
import { waitUntil } from '../../support/runs.js';
import { useVirtualEnvironment } from '../../support/use-virtual-environment.js';

const env = useVirtualEnvironment();
const THIRTY_ONE_MINUTES_MS = 1_860_000;

test('creations above the limit go on by themselves in the next hour, also after restarts of the worker', async () => {
  const brake = await env.client.workflow.start(BRAKE_WORKFLOW, {
    workflowId: brakeId(),
    taskQueue: env.taskQueue,
    args: [{ cloud: 'default' }],
  });
  const status = async () => await brake.query<BrakeStatus>(BRAKE_QUERY);
  for (const question of questionsOf(22, 'creation')) await brake.signal(ASK_BRAKE_SIGNAL, question);
  await waitUntil(async () => (await status()).waiting.length === 2);
  expect(await status()).toMatchObject({ counts: { creations: { granted: 20, limit: 20 } } });

  for (let restarts = 0; restarts < 2; restarts += 1) {
    env.replaceWorker();
    await pause(THIRTY_ONE_MINUTES_MS);
  }

  const { waiting, counts } = await status();
  expect(waiting).toEqual([]);
  expect(counts.creations.granted).toBe(2);
  await brake.terminate();
});
