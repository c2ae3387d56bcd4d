import { describe, expect, test } from '@jest/globals';
import { createAcronis } from '../../acronis/index.js';
import type { Fault } from '../../simulator/index.js';
import { tenantSwitches, type TenantSwitchName } from '../../workflows/tenant-switches/contract.js';
import { startBlocked, decideFor, waitUntil, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment();
const PUT = 'PUT /tenants/{id}';
let made = 0;

/** A customer of its own for each test, made by somebody else. */
function aCustomer(kind = 'customer') {
  made += 1;
  const name = `Switched ${made}`;
  const id = env.simulator.world.addTenant({ name, kind });
  return { id, name, seen: () => env.simulator.world.tenant(id)! };
}

const opposites: Record<TenantSwitchName, TenantSwitchName> = {
  disableTenant: 'enableTenant',
  enableTenant: 'disableTenant',
  limitAdministratorAccess: 'allowAdministratorAccess',
  allowAdministratorAccess: 'limitAdministratorAccess',
  lockTenant: 'unlockTenant',
  unlockTenant: 'lockTenant',
};
const cases = (Object.keys(tenantSwitches) as TenantSwitchName[]).map((operation) => {
  const { to } = tenantSwitches[operation];
  const [field, value] = Object.entries(to)[0] as [string, boolean | { enabled: boolean }];
  return { operation, field, value, opposite: opposites[operation] };
});

describe.each(cases)('$operation', ({ operation, field, value, opposite }) => {
  /** A tenant whose switch is put the other way. */
  async function theOtherWay() {
    const customer = aCustomer();
    await env.run(opposite, { tenant: { id: customer.id }, onFailure: 'undo' });
    env.calls();
    return customer;
  }

  test('flips the switch, and a repeat finds it so and writes nothing', async () => {
    const { id, name, seen } = await theOtherWay();

    const first = await env.run(operation, { tenant: { name } });
    env.calls();
    const second = await env.run(operation, { tenant: { id } });

    expect(first).toMatchObject({ state: 'completed', changed: true, tenantId: id, adopted: [] });
    expect(second).toMatchObject({ state: 'completed', changed: false, tenantId: id, adopted: [operation] });
    expect(seen()).toMatchObject({ [field]: value });
    expect(env.calls()).not.toContain(PUT);
  });

  test('makes the difference although versions move, answers are lost or garbage, and the cloud is busy', async () => {
    const faults: Fault[] = ['bump-version', 'commit-then-drop', 'drop-before', 'garble', { refuse: 503 }];
    const customers = await Promise.all(faults.map(theOtherWay));
    for (const fault of faults) env.simulator.faults.next(PUT, fault);

    const ends = await Promise.all(customers.map(({ id }) => env.run(operation, { tenant: { id } })));

    expect(ends).toEqual(faults.map(() => expect.objectContaining({ state: 'completed', changed: true })));
    for (const { seen } of customers) expect(seen()).toMatchObject({ [field]: value });
  });

  test('that fails after its effect resets the switch', async () => {
    const { id, seen } = await theOtherWay();
    const before = seen()[field];
    env.simulator.faults.next(PUT, { lostThen: { refuse: 403 } });

    const status = await env.run(operation, { tenant: { id }, onFailure: 'undo' });

    expect(status).toMatchObject({ state: 'undone', failureType: 'Undone' });
    expect(seen()[field]).toEqual(before);
  });

  test('that is given up after a refusal leaves the switch as a person has put it meanwhile', async () => {
    const { id, name, seen } = await theOtherWay();
    env.simulator.faults.next(PUT, { refuse: 403 });
    const handle = await startBlocked(env, operation, { tenant: { name }, onFailure: 'ask' });
    const { url: baseUrl, clientId, clientSecret } = env.simulator;
    const byHand = createAcronis({ baseUrl, clientId, clientSecret, version: 'test' });
    await byHand.tenants.update(id, {
      version: (await byHand.tenants.get(id)).version,
      ...tenantSwitches[operation].to,
    });
    env.calls();

    await decideFor(handle, 'abort');

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'undone', failureType: 'Undone' });
    expect(seen()).toMatchObject({ [field]: value });
    expect(env.calls()).toEqual([]);
  });

  test('that is cancelled while its last call is in flight resets the switch', async () => {
    const { id, seen } = await theOtherWay();
    const before = seen()[field];
    env.simulator.faults.next(PUT, { delay: 1500 });
    const handle = await env.begin(operation, { tenant: { id } });
    await waitUntil(async () => env.calls().includes(PUT));

    await handle.cancel();

    expect(await waitForState(handle, 'cancelled')).toMatchObject({
      steps: [{}, { name: operation, state: 'undone' }],
    });
    expect(seen()[field]).toEqual(before);
  });
});
