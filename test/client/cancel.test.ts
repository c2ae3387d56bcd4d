import { expect, test } from '@jest/globals';
import { anOrder } from '../support/orders.js';
import { useProcessEnvironment } from '../support/process-environment.js';

const env = useProcessEnvironment();
const { tenantry } = env;

test('a run cancelled before a worker starts it says by whom and why', async () => {
  const order = anOrder();
  const id = `provisionCustomer:${order.customer['customerId'] as string}`;
  await env.worker.stop();
  await tenantry(['run', 'provisionCustomer', '--input', '-', '--no-wait'], {}, JSON.stringify(order));
  await tenantry(['cancel', id, '--actor', 'ann', '--reason', 'order withdrawn']);

  await env.replaceWorker();
  const ended = await tenantry(['watch', id, '--json']);

  expect(JSON.parse(ended.stdout)).toMatchObject({
    state: 'cancelled',
    reason: { message: 'the run was cancelled by ann (not verified): order withdrawn' },
  });
});
