import { describe, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { expectComplete } from '../support/expect-complete.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';
import { anOrder, exampleOf } from '../support/orders.js';

const env = useVirtualEnvironment();

type Events = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>;

/**
 * Events of workflow tasks that a slow machine adds: of three steps side by side each result can come in a task of its
 * own, and only the last of these tasks leads to anything. A task can also time out.
 */
function eventsOfExtraTasks(events: Events): number {
  const led = new Set(
    events.flatMap((event) =>
      Object.values(event).map((fields) =>
        Number((fields as { workflowTaskCompletedEventId?: unknown } | null)?.workflowTaskCompletedEventId),
      ),
    ),
  );
  const idle = events.filter((one) => one.workflowTaskCompletedEventAttributes && !led.has(Number(one.eventId)));
  const late = events.filter((one) => one.workflowTaskTimedOutEventAttributes);
  return 3 * (idle.length + late.length);
}

describe('on the happy path', () => {
  test('the example becomes a complete customer with eight calls, one token and one look at the root', async () => {
    const status = await env.provision(exampleOf('provisionCustomer'));

    expect(status).toMatchObject({ state: 'completed', changed: true, adopted: [], apiCalls: 8 });
    expectComplete(env.simulator, 'Customer, Inc', 'JohnDoe');
    expect(env.calls().sort()).toEqual([
      'GET /clients/{id}',
      'GET /tenants/{id}/offering_items/available_for_child',
      'GET /users/check_login',
      'POST /idp/token',
      'POST /tenants',
      'POST /users',
      'POST /users/{id}/send-activation-email',
      'PUT /tenants/{id}/mfa/status',
      'PUT /tenants/{id}/offering_items',
      'PUT /users/{id}/access_policies',
    ]);
  });

  test('a run stays within 40 events of its history, without the workflow tasks that only a slow machine adds', async () => {
    const handle = await env.start(anOrder(), 'provisionCustomer:short');
    await handle.result();

    const { events } = await handle.fetchHistory();
    expect(events!.length - eventsOfExtraTasks(events!)).toBeLessThanOrEqual(40);
  });

  test('the mail is the last call of all', async () => {
    env.calls();

    await env.provision(anOrder());

    expect(env.calls().at(-1)).toBe('POST /users/{id}/send-activation-email');
  });

  test('quotas arrive in bytes and pieces', async () => {
    const quotas = { storage: { limit: '1 TiB', overage: '500 GiB' }, workstations: { limit: 25 } };

    const status = await env.provision(anOrder({ quotas }));

    const items = env.simulator.world.items(status.tenantId!);
    expect(Object.fromEntries(items.map(({ name, quota }) => [name, [quota?.value, quota?.overage]]))).toEqual({
      storage: [2 ** 40, 500 * 2 ** 30],
      workstations: [25, null],
    });
  });

  test('access and production are switched as ordered, after everything that can fail', async () => {
    const order = anOrder({
      billingMode: 'production',
      customer: { managedByProvider: false, name: 'Own Boss, Inc' },
      confirm: 'Own Boss, Inc',
    });
    env.calls();

    const status = await env.provision(order);

    expect(status.state).toBe('completed');
    expect(env.simulator.world.tenant(status.tenantId!)).toMatchObject({
      ancestral_access: false,
      pricing_mode: 'production',
    });
    expect(env.calls().slice(-3)).toEqual([
      'POST /users/{id}/send-activation-email',
      'GET /tenants/{id}',
      'PUT /tenants/{id}',
    ]);
  });

  test('a whole edition is switched on by its name', async () => {
    const infraId = env.simulator.world
      .items(env.simulator.rootTenantId)
      .find(({ name }) => name === 'pg_base_storage')!.infra_id!;

    const status = await env.provision(anOrder({ edition: 'pck_per_gigabyte', infraId }));

    expect(status).toMatchObject({ state: 'completed' });
    expect(env.simulator.world.items(status.tenantId!).map((item) => item.name)).toContain('pg_base_workstations');
  });
});
