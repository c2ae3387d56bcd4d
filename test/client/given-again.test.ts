import { describe, expect, test } from '@jest/globals';
import { anOrder } from '../support/orders.js';
import { useProcessEnvironment } from '../support/process-environment.js';

const env = useProcessEnvironment();
const { tenantry } = env;

const run = ['run', 'provisionCustomer', '--input', '-'];
const json = (text: string) => JSON.parse(text) as Record<string, unknown>;

describe('an order that is given again', () => {
  test('a finished order changes nothing and sends no mail', async () => {
    const input = JSON.stringify(anOrder());
    const first = json((await tenantry([...run, '--json'], {}, input)).stdout);
    const writes = () => env.simulator.journal.calls().filter(({ method }) => method !== 'GET').length;
    const before = writes();

    const again = await tenantry([...run, '--json'], {}, input);

    expect(again.code).toBe(0);
    expect(json(again.stdout)).toMatchObject({ state: 'completed', changed: false, tenantId: first['tenantId'] });
    expect(writes()).toBe(before);
  });

  test('a finished order whose tenant is gone creates it again', async () => {
    const input = JSON.stringify(anOrder());
    const first = json((await tenantry([...run, '--json'], {}, input)).stdout);
    env.simulator.world.remove(first['tenantId'] as string);

    const again = json((await tenantry([...run, '--json'], {}, input)).stdout);

    expect(again).toMatchObject({ state: 'completed', changed: true });
    expect(again['tenantId']).not.toBe(first['tenantId']);
  });

  test('with other input than a finished run it is refused, naming what differs', async () => {
    const order = anOrder();
    await tenantry(run, {}, JSON.stringify(order));
    const other = { ...order, administrator: { ...order.administrator, email: 'other@example.com' } };

    const ended = await tenantry(run, {}, JSON.stringify(other));

    expect(ended).toMatchObject({ code: 2, stdout: expect.stringContaining('administrator.email was') });
    expect(ended.stdout).not.toContain('administrator.login was');
  });

  test('with other input than an open run it is refused, naming what differs', async () => {
    const order = anOrder({ onFailure: 'ask' });
    env.simulator.faults.next('POST /users', { refuse: 403 });
    expect(await tenantry(run, {}, JSON.stringify(order))).toMatchObject({ code: 4 });
    const other = { ...order, administrator: { ...order.administrator, email: 'other@example.com' } };

    const ended = await tenantry(run, {}, JSON.stringify(other));

    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('administrator.email is') });
  });
});
