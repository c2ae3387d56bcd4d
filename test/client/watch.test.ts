import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, test } from '@jest/globals';
import { cleanEnvironment, emptyFolder, program } from '../support/command.js';
import { tenantryAnywhere as tenantry } from '../support/command-here.js';
import { anOrder } from '../support/orders.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment();

test('watch with an id shows a run to its end and exits as run would', async () => {
  const handle = await env.start(anOrder({ administrator: { login: 'taken.login' } }));

  const ended = await tenantry(['watch', handle.workflowId, '--json'], { TEMPORAL_ADDRESS: env.engine.address });

  expect(JSON.parse(ended.stdout)).toMatchObject({ id: handle.workflowId, state: 'failed' });
  expect(ended.code).toBe(3);
});

test('watch without an id prints each run’s changes of state until it is stopped', async () => {
  const variables = cleanEnvironment({ TEMPORAL_ADDRESS: env.engine.address });
  const watching = spawn(process.execPath, [program, 'watch', '--json'], { env: variables, cwd: emptyFolder });
  const handle = await env.start(anOrder());
  const states: string[] = [];

  for await (const line of createInterface(watching.stdout)) {
    const { id, state } = JSON.parse(line) as { id: string; state: string };
    if (id === handle.workflowId) states.push(state);
    if (state === 'completed') break;
  }
  watching.kill('SIGINT');
  const [code] = (await once(watching, 'close')) as [number | null];

  expect(states.at(-1)).toBe('completed');
  expect(code).toBe(0);
});
