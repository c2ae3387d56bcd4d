import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { findEngine } from '../../engine/index.js';
import { runProgram } from '../support/command.js';

const soak = fileURLToPath(new URL('../../bench/soak.js', import.meta.url));

test('whatever dies, repeats and comes late, twelve customers end as sold, and what people have changed stays', async () => {
  const { path } = await findEngine();
  const options = ['--events', '--customers', '12', '--seed', '1', '--patience', '3', '--json'];
  const { code, stdout, stderr } = await runProgram(soak, options, { TENANTRY_TEMPORAL_CLI: path });

  const { problems, ...figures } = JSON.parse(stdout || '{}') as {
    problems: string[];
    deliveries: number;
    lost: number;
  };
  expect({ code, problems, figures, stderr }).toMatchObject({
    code: 0,
    problems: [],
    figures: { passed: true, customers: 12, gatewayKilled: 2, workerKilled: 2, changedByHand: 5 },
  });
  expect(figures.deliveries).toBeGreaterThanOrEqual(60);
  expect(figures.lost).toBeGreaterThan(0);
});
