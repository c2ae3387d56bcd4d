import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { bundlePath } from '../../worker/bundle.js';
import { wrongEnd, type History } from '../support/expected-ends.js';
import * as workflows from '../../workflows/index.js';

const folder = fileURLToPath(new URL('../../../test/histories/', import.meta.url));
const recorded = readdirSync(folder, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.json'));

beforeAll(() => {
  const quiet = { logging: { filter: 'OFF' as const, forward: {} } };
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: quiet });
});
afterAll(async () => {
  await Runtime.instance().shutdown();
});

describe('runs that earlier versions began go on with this one', () => {
  test.each(recorded)('%s', async (name) => {
    const history: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'));

    await expect(
      Worker.runReplayHistory({ workflowBundle: { codePath: bundlePath } }, history),
    ).resolves.toBeUndefined();
  });

  test.each(recorded)('%s ended as its name says', (name) => {
    const history = JSON.parse(readFileSync(join(folder, name), 'utf8')) as History;

    expect(wrongEnd(/-(.*)\.json$/.exec(name)![1]!, history)).toBeUndefined();
  });

  test('a history that this version would not have made is noticed', async () => {
    const name = recorded.find((one) => /^provisionCustomer.*-happy.json/.test(one))!;
    const text = readFileSync(join(folder, name), 'utf8').replaceAll('"assignRole"', '"assignAnotherRole"');

    const replay = Worker.runReplayHistory({ workflowBundle: { codePath: bundlePath } }, JSON.parse(text) as unknown);

    await expect(replay).rejects.toThrow(/assign/);
  });

  test('every workflow type has recorded runs', () => {
    const types = new Set(recorded.map((name) => name.split('/')[0]));
    expect(Object.keys(workflows).filter((type) => !types.has(type))).toEqual([]);
  });
});
