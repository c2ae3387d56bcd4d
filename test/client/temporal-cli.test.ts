import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { findEngine } from '../../engine/index.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const run = promisify(execFile);
const example = fileURLToPath(new URL('../../../examples/provisionCustomer.json', import.meta.url));
const env = useTestEnvironment();

/** Runs Temporal's own command line, without any setting of the person who runs the tests. */
async function temporal(...args: string[]): Promise<unknown> {
  const { path } = await findEngine();
  const environment = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  const all = [...args, '--address', env.engine.address, '-o', 'json'];
  const { stdout } = await run(path, all, { env: environment });
  return JSON.parse(stdout) as unknown;
}

test('an operation started by Temporal’s own command line runs to its end and answers the status query there', async () => {
  const start = ['--type', 'provisionCustomer', '--task-queue', env.taskQueue, '--workflow-id', 'typed by hand'];

  const ended = await temporal('workflow', 'execute', ...start, '--input-file', example);
  const asked = await temporal('workflow', 'query', '--workflow-id', 'typed by hand', '--type', 'status');

  const tenantId = env.simulator.world.customers()[0]!.id;
  expect(ended).toMatchObject({ status: 'COMPLETED', result: { state: 'completed', tenantId } });
  expect(JSON.stringify(asked)).toContain(tenantId);
});
