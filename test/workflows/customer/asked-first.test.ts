import { describe, expect, test } from '@jest/globals';
import { nextOperation } from '../../../workflows/customer/next-operation.js';
import { emptyLedger, merge } from '../../../workflows/customer/ledger.js';
import { wantedOf } from '../../../workflows/customer/wanted.js';
import { tenantryHere } from '../../support/command-here.js';
import { customersIn, type TestCustomer } from '../../support/customers.js';
import { factReader } from '../../support/fact-reader.js';
import { refusalMessage } from '../../support/runs.js';
import { useTestEnvironment } from '../../support/use-test-environment.js';
import { fact, item, START, terms } from './facts.js';

const abroad = { offeringItems: ['servers'], cloud: 'eu', sold: { store: ['price_abroad'] } };
const asking = { offeringItems: ['workstations'], sold: { store: ['price_asking'] }, administrator: 'ask' };
const env = useTestEnvironment({}, { readFacts: factReader({ abroad, asking }) });
const aCustomer = customersIn(env);

test('a customer whose plan is for another cloud than its source is created nowhere before a person says so', async () => {
  const customer = await aCustomer({ items: [{ product: 'price_abroad', quantity: 3 }] });

  const { blocked, notDone } = await customer.until(({ state }) => state === 'blocked');

  expect(blocked?.message).toMatch(
    /^cloud: its plan is for the cloud eu.*give the source "cloud": "eu" in sources.json/,
  );
  expect(notDone).toMatchObject([{ field: 'cloud' }]);

  await customer.ask('converge', { fields: ['cloud'] });

  expect(await customer.until(({ state }) => state === 'steady')).toMatchObject({ cloud: 'default' });
});

test.each([
  ['of the same cloud is created', 'eu', 'eu', 'operation'],
  ['of the default cloud, named by the plan, is created', undefined, 'default', 'operation'],
  ['of any cloud is created when its plan names none', 'us', undefined, 'operation'],
  ['of another cloud is not created', 'us', 'eu', 'asks'],
  ['of another cloud than the default one is not created', undefined, 'eu', 'asks'],
])('a customer %s', (_, cloud, planCloud, kind) => {
  const desktop = terms['desktop']!;
  const plan = { ...desktop, placement: { ...desktop.placement, ...(planCloud && { cloud: planCloud }) } };
  const ledger = merge(emptyLedger(), fact(1, { sold: [{ ...item('desktop', 1), plan }] }));
  const situation = { ref: 'C-1', wanted: wantedOf(ledger, START * 2), ...(cloud && { cloud }) };
  expect(nextOperation(situation).kind).toBe(kind);
});

describe('where the plan asks who becomes the administrator', () => {
  const cli = async (...args: string[]) =>
    await tenantryHere(['customer', ...args], {
      TEMPORAL_ADDRESS: env.engine.address,
      TENANTRY_TASK_QUEUE: env.taskQueue,
    });
  const converge = async (customer: TestCustomer, administrator: string) =>
    await cli('converge', customer.ref, '--administrator', administrator, '--reason', 'Jane said so');
  async function anAskingCustomer(): Promise<TestCustomer> {
    const customer = await aCustomer({ items: [{ product: 'price_asking', quantity: 1 }] });
    await customer.until(({ state }) => state === 'blocked');
    return customer;
  }
  const usersOf = async (customer: TestCustomer) => {
    const { tenantId } = await customer.until(({ state }) => state === 'steady');
    return env.simulator.world.users().filter((user) => user.tenant_id === tenantId);
  };

  test('the status says what to type, what no order would take is refused, and the named person gets the user', async () => {
    const customer = await anAskingCustomer();
    const { stdout } = await cli(customer.ref);
    expect(stdout).toContain('needs a person: administrator: the plan says that a person names it');
    expect(stdout).toContain(
      `    tenantry customer converge ${customer.ref} --administrator '{"firstName":"…","lastName":"…","email":"…"}' --reason "…"\n` +
        `    tenantry customer converge ${customer.ref} --administrator none --reason "…"\n`,
    );
    for (const [given, message] of [
      ['jane', 'It must be none, or a person as JSON'],
      ['{"email":"jane"}', 'administrator.email: '],
      ['{"email":"jane@new.example","name":"Jane"}', 'administrator.name: '],
      ['{"email":"jane@new.example","login":"zoë"}', 'administrator.login: '],
    ] as const)
      expect(await converge(customer, given)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
    expect(await customer.status()).toMatchObject({ state: 'blocked', runs: [] });

    const email = `jane@${customer.ref.toLowerCase()}.example`;
    expect(await converge(customer, `{"firstName":"Jane","lastName":"Doe","email":"${email}"}`)).toMatchObject({
      code: 0,
    });

    expect(await usersOf(customer)).toMatchObject([{ login: email, contact: { email, firstname: 'Jane' } }]);
    expect(await converge(customer, 'none')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('the customer has a tenant: "addUser" adds a person to it'),
    });
  });

  test('nobody becomes it when a person says so', async () => {
    const customer = await anAskingCustomer();

    await customer.ask('converge', { administrator: 'none' });

    expect(await usersOf(customer)).toEqual([]);
  });

  test('a plan that does not ask takes no name', async () => {
    const customer = await aCustomer({}, { customer: { name: undefined } });
    await customer.until(({ state }) => state === 'waiting');

    expect(await refusalMessage(customer.ask('converge', { administrator: 'none' }))).toBe(
      'administrator: its plan does not ask who becomes the administrator',
    );
  });
});
