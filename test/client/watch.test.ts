import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, test } from '@jest/globals';
import { cleanEnvironment, emptyFolder, program, tenantry } from '../support/command.js';
import { anOrder } from '../support/orders.js';
import { useHouse } from '../support/use-house.js';

const house = useHouse();

test('watch with an id shows a run to its end and exits as run would', async () => {
  const handle = await house.start(anOrder({ administrator: { login: 'taken.login' } }));

  const ended = await tenantry(['watch', handle.workflowId, '--json'], { TEMPORAL_ADDRESS: house.engine.address });

  expect(JSON.parse(ended.stdout)).toMatchObject({ id: handle.workflowId, state: 'failed' });
  expect(ended.code).toBe(3);
});

test('watch without an id prints each run’s changes of state until it is stopped', async () => {
  const env = cleanEnvironment({ TEMPORAL_ADDRESS: house.engine.address });
  const watching = spawn(process.execPath, [program, 'watch', '--json'], { env, cwd: emptyFolder });
  const handle = await house.start(anOrder());
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
