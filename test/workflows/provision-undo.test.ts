import { describe, expect, test } from '@jest/globals';
import type { WorkflowFailedError } from '@temporalio/client';
import { isCancellation } from '@temporalio/workflow';
import { tenantryReason } from '../../contract/search-attributes.js';
import { consoleClient } from '../support/console.js';
import { expectComplete } from '../support/expect-complete.js';
import { decideFor, startBlocked } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { pause } from '../support/pause.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';
import { anOrder } from '../support/orders.js';

const env = useVirtualEnvironment();

describe('a run that fails half-way', () => {
  test('removes what it made and reports it', async () => {
    const order = anOrder();
    env.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 403 });

    const status = await env.provision(order);

    expect(status).toMatchObject({ state: 'undone', failureType: 'Undone', reason: { step: 'assignRole' } });
    expect(env.simulator.world.customers().map((tenant) => tenant.name)).not.toContain(order.customer.name);
  });

  test('leaves everything as it is when its input says keep', async () => {
    const order = anOrder({ onFailure: 'keep' });
    env.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 403 });

    const status = await env.provision(order);

    expect(status).toMatchObject({ state: 'failed', failureType: 'Kept' });
    expect(env.simulator.world.customers().map((tenant) => tenant.name)).toContain(order.customer.name);
  });

  test('never removes a tenant into which somebody else has moved, but names it', async () => {
    const order = anOrder();
    env.simulator.faults.next('PUT /users/{id}/access_policies', 'hang');
    env.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 403 });
    const handle = await env.start(order);
    const tenant = await appeared(order.customer.name);
    env.simulator.world.addUser({ tenant_id: tenant, login: `stranger-${tenant}` });

    const failure = await handle.result().catch((error: unknown) => (error as WorkflowFailedError).cause);

    expect(failure).toMatchObject({
      type: 'Leftovers',
      details: [{ state: 'failed', leftovers: [{ kind: 'tenant', id: tenant, link: `${env.simulator.url}/mc/` }] }],
    });
    expect((await handle.describe()).typedSearchAttributes.get(tenantryReason)).toBe('Leftovers');
    expect(env.simulator.world.tenant(tenant)).toBeDefined();
  });

  test('leaves a tenant that a person has locked meanwhile, and names it', async () => {
    const order = anOrder({ onFailure: 'ask' });
    env.simulator.faults.next('POST /users/{id}/send-activation-email', { refuse: 403 });
    const handle = await startBlocked(env, 'provisionCustomer', order);
    const id = await appeared(order.customer.name);
    const { tenants } = consoleClient(env.simulator);
    await tenants.update(id, { version: (await tenants.get(id)).version, update_lock: { enabled: true } });

    await decideFor(handle, 'abort');

    expect(await statusAtEnd(handle)).toMatchObject({
      failureType: 'Leftovers',
      leftovers: [{ kind: 'tenant', id, reason: expect.stringContaining('it is locked') as unknown }],
    });
    expect(env.simulator.world.tenant(id)).toMatchObject({ enabled: true });
  });

  test('is cancelled, not failed, when the call in flight gets no answer', async () => {
    const order = anOrder({ onFailure: 'keep' });
    const before = env.simulator.journal.calls('POST /users').length;
    env.simulator.faults.next('POST /users', 'hang');
    const handle = await env.start(order);
    await until(() => env.simulator.journal.calls('POST /users').length > before);

    await handle.cancel();
    const failure = await handle.result().catch((error: unknown) => (error as WorkflowFailedError).cause);

    expect(isCancellation(failure)).toBe(true);
    expect(env.simulator.world.customers().map((tenant) => tenant.name)).not.toContain(order.customer.name);
  });

  test('that is cancelled waits for the call in flight and removes what it made', async () => {
    const order = anOrder();
    const before = env.simulator.journal.calls('POST /tenants').length;
    // longer than an undo would look for what may be listed late
    env.simulator.setLatency(2500);
    const handle = await env.start(order);
    await until(() => env.simulator.journal.calls('POST /tenants').length > before);
    env.simulator.setLatency(0);

    await handle.cancel();
    const failure = await handle.result().catch((error: unknown) => (error as WorkflowFailedError).cause);
    // had it not waited, the tenant would come about now
    await pause(2500);

    expect(isCancellation(failure)).toBe(true);
    expect(env.simulator.world.customers().map((tenant) => tenant.name)).not.toContain(order.customer.name);
  });
});

describe('a second run for the same customer', () => {
  test('adopts what the first one made and mails nobody twice for nothing', async () => {
    const order = anOrder();
    env.simulator.faults.next('PUT /users/{id}/access_policies', 'hang');
    const first = await env.start(order);
    await until(() => env.simulator.world.users().some((user) => user.login === order.administrator.login));
    await first.terminate('as if somebody had stopped it in the middle');

    const status = await env.provision(order);

    expect(status).toMatchObject({
      state: 'completed',
      adopted: expect.arrayContaining(['ensureCustomerTenant', 'ensureUser']),
    });
    expectComplete(env.simulator, order.customer.name, order.administrator.login);
  });
});

async function appeared(name: string): Promise<string> {
  let id: string | undefined;
  await until(() => {
    const tenant = env.simulator.world.customers().find((one) => one.name === name);
    id = env.simulator.world.users(tenant?.id ?? '-').length > 0 ? tenant?.id : undefined;
    return id !== undefined;
  });
  return id!;
}

async function until(true_: () => boolean): Promise<void> {
  while (!true_()) await pause(20);
}
