import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { bundlePath } from '../../worker/bundle.js';

const folder = fileURLToPath(new URL('../../../test/histories-of-open-runs/', import.meta.url));

beforeAll(() => {
  const quiet = { logging: { filter: 'OFF' as const, forward: {} } };
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: quiet });
});
afterAll(async () => {
  await Runtime.instance().shutdown();
});

// in the recorded run the results came one by one; a replay passes them together
test.each(readdirSync(folder))(
  'a run goes on although results come in another rhythm at a replay: %s',
  async (name) => {
    const history: unknown = JSON.parse(readFileSync(`${folder}${name}`, 'utf8'));

    const replay = Worker.runReplayHistory({ workflowBundle: { codePath: bundlePath } }, history);

    await expect(replay).resolves.toBeUndefined();
  },
);
