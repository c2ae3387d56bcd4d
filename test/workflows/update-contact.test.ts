import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../../simulator/index.js';
import { consoleClient } from '../support/console.js';
import { anOrder, ordersByKey } from '../support/orders.js';
import { decideFor, startBlocked, waitForState, waitUntil } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();
const { provision } = ordersByKey(env);
const PUT = 'PUT /tenants/{id}';
let made = 0;

const before = { email: 'old@customer.example', firstname: 'Old', phone: '+49 30 1', city: 'Berlin' };
const contact = { email: 'ann@customer.example', firstName: 'Ann', lastName: 'Ox' };
const inVendorsWords = { email: contact.email, firstname: 'Ann', lastname: 'Ox' };

/** A customer of its own for each test, made by somebody else. */
function aCustomer(fields: object = {}) {
  made += 1;
  const name = `Updated ${made}`;
  const { world } = env.simulator;
  const id = world.addTenant({ name, kind: 'customer', language: 'en', contact: { ...before }, ...fields });
  env.calls();
  return { id, name, renamed: `Renamed ${made}`, seen: () => world.tenant(id)! };
}

async function byHand(id: string, change: object): Promise<void> {
  const { tenants } = consoleClient(env.simulator);
  await tenants.update(id, { version: (await tenants.get(id)).version, ...change });
}

const writes = () => env.calls().filter((route) => !route.startsWith('GET ') && route !== 'POST /idp/token');
const update = async (order: object) => await env.run('updateContact', order);

describe('a customer', () => {
  test('gets a new name, language and contact, and a repeat writes nothing', async () => {
    const { id, renamed, seen } = aCustomer();
    const order = { tenant: { id }, name: renamed, language: 'de', contact };

    expect(await update(order)).toMatchObject({ state: 'completed', changed: true, tenantId: id });
    expect(seen()).toMatchObject({ name: renamed, language: 'de', contact: inVendorsWords });
    expect(writes()).toEqual([PUT]);

    expect(await update(order)).toMatchObject({ state: 'completed', changed: false, adopted: ['updateContact'] });
    expect(writes()).toEqual([]);
  });

  test.each([
    [{ name: 'Renamed alone' }, { name: 'Renamed alone' }],
    [{ language: 'de' }, { language: 'de' }],
    [{ contact: { lastName: 'Elk' } }, { contact: { ...before, lastname: 'Elk' } }],
  ])('that gets only %j keeps the rest', async (ordered, set) => {
    const others = { internal_tag: 'crm-7', customer_id: 'c-7', enabled: true, language: 'en', contact: before };
    const { id, name, seen } = aCustomer({ internal_tag: 'crm-7', customer_id: 'c-7' });

    await update({ tenant: { id }, ...ordered });

    expect(seen()).toMatchObject({ name, ...others, ...set });
  });

  test('is sent its whole contact, because the vendor does not say what happens to a part', async () => {
    const { id } = aCustomer();

    await update({ tenant: { id }, contact: { phone: '+49 30 2' } });

    const { body } = env.simulator.journal.calls(PUT).at(-1)!;
    expect(body).toEqual({ version: 1, contact: { ...before, phone: '+49 30 2' } });
  });

  test('is not written to for what only the cloud shows differently', async () => {
    const { id, name } = aCustomer({ language: 'de-AT', contact: { email: 'Ann@Customer.example', phone: '' } });
    const order = { name: ` ${name}  `, language: 'de', contact: { email: 'ann@customer.example' } };

    expect(await update({ tenant: { id }, ...order })).toMatchObject({ state: 'completed', changed: false });
    expect(writes()).toEqual([]);
  });

  test('that is disabled is updated too, and stays disabled', async () => {
    const { id, seen } = aCustomer({ enabled: false });

    expect(await update({ tenant: { id }, contact })).toMatchObject({ state: 'completed', changed: true });
    expect(seen()).toMatchObject({ enabled: false, contact: inVendorsWords });
  });

  test('named by its old name is found no more once it has the new one', async () => {
    const { name, renamed } = aCustomer();

    expect(await update({ tenant: { name }, name: renamed })).toMatchObject({ state: 'completed', changed: true });
    expect(await update({ tenant: { name }, name: renamed })).toMatchObject({ failureType: 'Refused' });
    expect(await update({ tenant: { name: renamed }, name: renamed })).toMatchObject({ changed: false });
  });
});

test.each(['partner', 'folder', 'unit'])('a %s is refused', async (kind) => {
  const { id } = aCustomer({ kind });

  expect(await update({ tenant: { id }, contact })).toMatchObject({ failureType: 'Refused' });
  expect(writes()).toEqual([]);
});

test.each([
  ['nothing', {}, 'name'],
  ['an empty contact', { contact: {} }, 'contact'],
  ['only nulls', { name: null, contact: { email: null } }, 'contact'],
])('an order of %s is refused', async (_words, order, path) => {
  const { id } = aCustomer();

  const status = await update({ tenant: { id }, ...order });

  expect(status).toMatchObject({ failureType: 'InvalidInput' });
  expect(JSON.stringify(status)).toContain(`${path}: `);
});

describe('a name that another customer has', () => {
  test('is refused before the change, and another one can be given', async () => {
    const other = aCustomer();
    const { id, renamed, seen } = aCustomer();
    const order = { tenant: { id }, name: other.name, onFailure: 'ask' };
    const handle = await startBlocked(env, 'updateContact', order);

    expect((await waitForState(handle, 'blocked')).blocked).toMatchObject({
      step: 'findContact',
      type: 'Acronis.Taken',
      message: expect.stringMatching(new RegExp(`^name: .*${other.id}.*choose another`)) as unknown,
    });
    expect(writes()).toEqual([]);
    await decideFor(handle, 'amend', { input: { ...order, name: renamed } });
    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', changed: true });
    expect(seen()).toMatchObject({ name: renamed });
  });

  test('is refused by the cloud where the other one is elsewhere, and nothing is changed', async () => {
    const { world } = env.simulator;
    const parent_id = world.addTenant({ name: `Elsewhere ${made}`, kind: 'partner' });
    const other = aCustomer({ parent_id });
    const { id, name, seen } = aCustomer();

    const status = await update({ tenant: { id }, name: other.name, contact, onFailure: 'undo' });

    const message = expect.stringMatching(/name: .*already exists; choose another name/) as unknown;
    expect(status).toMatchObject({ state: 'failed', failureType: 'Refused', reason: { message } });
    expect(writes()).toEqual([PUT]);
    expect(seen()).toMatchObject({ name, contact: before, version: 1 });
  });

  test('counts no longer once that one is deleted', async () => {
    const other = aCustomer();
    const { id } = aCustomer();
    env.simulator.world.remove(other.id);

    expect(await update({ tenant: { id }, name: other.name })).toMatchObject({ state: 'completed', changed: true });
  });
});

test('makes the difference although versions move, answers are lost or garbage, and the cloud is busy', async () => {
  const faults: Fault[] = ['bump-version', 'commit-then-drop', 'drop-before', 'garble', { refuse: 503 }];
  const customers = faults.map(() => aCustomer());
  for (const fault of faults) env.simulator.faults.next(PUT, fault);

  const ends = await Promise.all(
    customers.map(async ({ id, renamed }) => await update({ tenant: { id }, name: renamed, contact })),
  );

  expect(ends).toEqual(faults.map(() => expect.objectContaining({ state: 'completed', changed: true })));
  for (const { seen, renamed } of customers) expect(seen()).toMatchObject({ name: renamed, contact: inVendorsWords });
});

describe('a run that is given up', () => {
  test('puts back all that it has set, also what was empty before', async () => {
    const { id, name, renamed, seen } = aCustomer();
    env.simulator.faults.next(PUT, { lostThen: { refuse: 403 } });

    const status = await update({ tenant: { id }, name: renamed, language: 'de', contact, onFailure: 'undo' });

    expect(status).toMatchObject({ state: 'undone', failureType: 'Undone' });
    expect(seen()).toMatchObject({ name, language: 'en', contact: { ...before, lastname: null } });
  });

  test('puts back what it has really overwritten, not what it had found first', async () => {
    const { id, renamed, seen } = aCustomer();
    env.simulator.faults.next(PUT, { refuse: 403 });
    const order = { tenant: { id }, name: renamed, contact, onFailure: 'ask' };
    const handle = await startBlocked(env, 'updateContact', order);
    await byHand(id, { contact: { phone: '+49 30 99' } });
    env.simulator.faults.next(PUT, { delay: 1500 });
    env.calls();
    await decideFor(handle, 'retry');
    await waitUntil(async () => env.calls().includes(PUT));
    await handle.cancel();

    await waitForState(handle, 'cancelled');
    expect(seen()).toMatchObject({ contact: { ...before, phone: '+49 30 99' } });
  });

  test('names the customer when somebody has changed it since', async () => {
    const { id, renamed, seen } = aCustomer();
    env.simulator.faults.next(PUT, { lostThen: { refuse: 403 } });
    const handle = await startBlocked(env, 'updateContact', { tenant: { id }, name: renamed, onFailure: 'ask' });
    await byHand(id, { contact: { city: 'Wien' } });

    await decideFor(handle, 'abort');

    expect(await statusAtEnd(handle)).toMatchObject({
      failureType: 'Leftovers',
      leftovers: [{ kind: 'setting', id, reason: expect.stringContaining('others have changed it') as unknown }],
    });
    expect(seen()).toMatchObject({ name: renamed, contact: { city: 'Wien' } });
  });

  test('leaves the customer as a person has put it meanwhile', async () => {
    const { id, renamed, seen } = aCustomer();
    env.simulator.faults.next(PUT, { refuse: 403 });
    const handle = await startBlocked(env, 'updateContact', { tenant: { id }, name: renamed, onFailure: 'ask' });
    await byHand(id, { name: renamed });

    await decideFor(handle, 'abort');

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'undone' });
    expect(seen()).toMatchObject({ name: renamed });
  });
});

test('a run whose own lost call has renamed the customer does not take it for another one’s', async () => {
  const { id, renamed, seen } = aCustomer();
  env.simulator.faults.next(PUT, { lostThen: { refuse: 403 } });
  const order = { tenant: { id }, name: renamed, contact, onFailure: 'ask' };
  const handle = await startBlocked(env, 'updateContact', order);

  await decideFor(handle, 'retry');

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', changed: true });
  expect(seen()).toMatchObject({ name: renamed, contact: inVendorsWords });
});

test('the order that made the customer says which operation changes its name', async () => {
  const order = anOrder();
  expect(await provision(order)).toMatchObject({ state: 'completed' });

  const status = await provision({ ...order, customer: { ...order.customer, language: 'fr' } });

  expect(status).toMatchObject({ failureType: 'Refused' });
  expect(JSON.stringify(status)).toContain('updateContact changes it');
});
