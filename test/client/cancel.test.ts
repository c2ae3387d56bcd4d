import { expect, test } from '@jest/globals';
import { anOrder } from '../support/orders.js';
import { useProcessHouse } from '../support/process-house.js';

const house = useProcessHouse();
const { tenantry } = house;

test('a run cancelled before a worker starts it says by whom and why', async () => {
  const order = anOrder();
  const id = `provisionCustomer:${order.customer['customerId'] as string}`;
  await house.worker.stop();
  await tenantry(['run', 'provisionCustomer', '--input', '-', '--no-wait'], {}, JSON.stringify(order));
  await tenantry(['cancel', id, '--actor', 'ann', '--reason', 'order withdrawn']);

  await house.replaceWorker();
  const ended = await tenantry(['watch', id, '--json']);

  expect(JSON.parse(ended.stdout)).toMatchObject({
    state: 'cancelled',
    reason: { message: 'the run was cancelled by ann: order withdrawn' },
  });
});
