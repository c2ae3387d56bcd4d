import { expect, test } from '@jest/globals';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import {
  customerRequests,
  type CustomerRequest,
  type CustomerRequestName,
} from '../../../contract/customer-requests.js';
import { customerStates, type CustomerState } from '../../../contract/customers.js';
import { customersIn, subscriptionOf, type TestCustomer } from '../../support/customers.js';
import { factReader } from '../../support/fact-reader.js';
import { useVirtualEnvironment } from '../../support/use-virtual-environment.js';

const ended = { suspendAfter: '0 days', offboard: 'ask' } as const;
const plan = (name: string, grace: string) => ({
  offeringItems: ['workstations'],
  sold: { store: [name] },
  rules: { ended: { ...ended, grace }, pastDue: [{ after: '0 days', do: 'suspend' }] },
});
const plans = { short: plan('price_short', '1 second'), long: plan('price_long', '30 days') };
const env = useVirtualEnvironment({}, { readFacts: factReader(plans), brake: 'off' });
const aCustomer = customersIn(env);

const sold = (product: string) => ({ items: [{ product, quantity: 1 }] });
const over = { state: 'ended', until: '2026-01-01T00:00:00.000Z' } as const;
const failing = (route: string, status: number) =>
  env.simulator.faults.next(route, { refuse: status, message: 'not now' }, { times: Infinity });

async function aSteadyCustomer(product = 'price_desktop'): Promise<TestCustomer> {
  const customer = await aCustomer(sold(product));
  await customer.until(({ state }) => state === 'steady');
  return customer;
}

async function aLeavingCustomer(product: string): Promise<TestCustomer> {
  const customer = await aSteadyCustomer(product);
  await customer.tell({ ...sold(product), ...over });
  await customer.until(({ state }) => state === 'suspended');
  await customer.ask('offboard');
  return customer;
}

/** How a customer gets into each state. */
const ways: Readonly<Record<CustomerState, () => Promise<TestCustomer>>> = {
  observed: async () => await aCustomer({}, { source: 'shop' }),
  waiting: async () => await aCustomer({}, { customer: { name: undefined } }),
  converging: async () => {
    failing('POST /tenants', 503);
    return await aCustomer();
  },
  blocked: async () => {
    failing('PUT /users/{id}/access_policies', 403);
    return await aCustomer();
  },
  steady: async () => await aSteadyCustomer(),
  suspended: async () => {
    const customer = await aSteadyCustomer('price_long');
    await customer.tell({ ...sold('price_long'), state: 'past_due', since: '2026-01-01T00:00:00.000Z' });
    return customer;
  },
  ending: async () => await aLeavingCustomer('price_long'),
  ended: async () => await aLeavingCustomer('price_short'),
  paused: async () => {
    const customer = await aSteadyCustomer();
    await customer.ask('pause');
    return customer;
  },
};

const busy = /is still running: wait for its end, or cancel it$/;
const has = /^the customer has the tenant .*: "release" it first$/;
const none = /^the customer has no tenant$/;
const paid = /^something is still sold: only a customer without a subscription is offboarded$/;

/** What each state refuses besides `move`, and how. Everything else is accepted. */
const refusals: Readonly<Record<CustomerState, Partial<Record<CustomerRequestName, RegExp>>>> = {
  observed: { offboard: none },
  waiting: { offboard: none },
  converging: { offboard: none, adopt: busy, release: busy },
  blocked: { offboard: none, adopt: busy, release: busy },
  steady: { offboard: paid, adopt: has },
  suspended: { offboard: paid, adopt: has },
  ending: { adopt: busy, release: busy },
  ended: { offboard: none },
  paused: { offboard: paid, adopt: has },
};
const unmoved = /^to: no customer C-2 of this cloud has heard of /;

/** What changes the state comes last; `adopt` comes before `release` where there is a tenant. */
function inOrder(state: CustomerState): CustomerRequestName[] {
  const last: CustomerRequestName[] =
    refusals[state].adopt === undefined ? ['release', 'adopt', 'act'] : ['adopt', 'release', 'act'];
  return [...customerRequests.filter((name) => !last.includes(name)), ...last];
}

async function comeBack(customer: TestCustomer, state: CustomerState): Promise<void> {
  const now = await customer.status();
  if (now.state === state) return;
  if (now.state === 'paused' || state === 'paused') await customer.ask(state === 'paused' ? 'pause' : 'resume');
  await customer.until((one) => one.state === state);
}

/** Why the customer refuses it; undefined when it does not. */
async function answerOf(
  customer: TestCustomer,
  name: CustomerRequestName,
  request: Partial<CustomerRequest>,
): Promise<string | undefined> {
  try {
    expect(await customer.ask(name, request)).toMatchObject({ request: name, actor: 'ann' });
    return undefined;
  } catch (error) {
    if (!(error instanceof WorkflowUpdateFailedError)) throw error;
    return error.cause?.message;
  }
}

test.each(customerStates)('a customer that is %s takes each request, or refuses it with a sentence', async (state) => {
  const customer = await ways[state]();
  const tenantId = env.simulator.world.addTenant({ name: `Another for ${customer.ref}` });
  const given: Partial<Record<CustomerRequestName, Partial<CustomerRequest>>> = {
    adopt: { tenantId },
    move: { subscription: `${state === 'observed' ? 'shop' : 'store'}/${subscriptionOf(customer.ref)}`, to: 'C-2' },
  };
  const answers: Partial<Record<CustomerRequestName, string | undefined>> = {};
  for (const name of inOrder(state)) {
    if (!['release', 'adopt', 'act'].includes(name) || name === inOrder(state).at(-3)) await comeBack(customer, state);
    answers[name] = await answerOf(customer, name, given[name] ?? {});
  }

  const expected = { move: unmoved, ...refusals[state] };
  expect(Object.keys(answers).toSorted()).toEqual(customerRequests.toSorted());
  for (const name of customerRequests)
    expect([name, answers[name] ?? 'accepted']).toEqual([
      name,
      expected[name] === undefined ? 'accepted' : expect.stringMatching(expected[name]),
    ]);
});
