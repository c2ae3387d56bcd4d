import { afterEach, expect, test } from '@jest/globals';
import { Context } from '@temporalio/activity';
import { BULK_PRIORITY } from '../../../contract/call-budget.js';
import { customersIn, type TestCustomer } from '../../support/customers.js';
import { readFacts } from '../../support/fact-reader.js';
import { rolloutsIn } from '../../support/rollouts.js';
import { useVirtualEnvironment } from '../../support/use-virtual-environment.js';

/** The priority of each look of a customer for its tenant, before it starts a run. */
const looked: (number | undefined)[] = [];
const env = useVirtualEnvironment(
  {},
  {
    readFacts,
    brake: 'off',
    replaceActivities: ({ findExistingTenants }) => ({
      findExistingTenants: async (...args) => {
        looked.push(Context.current().info.priority?.priorityKey);
        return await findExistingTenants!(...args);
      },
    }),
  },
);
const aCustomer = customersIn(env);
const aRollout = rolloutsIn(env);

afterEach(() => void looked.splice(0));

/** A customer that is only observed. */
const observed = async () => {
  const customer = await aCustomer({}, { source: 'shop' });
  await customer.until(({ events }) => events.length === 1);
  return customer;
};

/** The priorities of the runs of a customer, oldest first; undefined is Temporal's default. */
async function priorities({ status }: TestCustomer): Promise<(number | undefined)[]> {
  const { runs } = await status();
  const found = runs.map(async ({ id }) => (await env.client.workflow.getHandle(id).describe()).priority);
  return (await Promise.all(found)).map((priority) => priority?.priorityKey);
}

test('the runs of a customer are bulk while a rollout acts for it, and no longer once it has come out', async () => {
  const customer = await observed();
  const { result } = await aRollout([customer.ref]);
  await result();
  expect(await priorities(customer)).toEqual([BULK_PRIORITY]);
  expect(looked).toEqual([BULK_PRIORITY]);

  await customer.tell({ state: 'paused' });
  await customer.until(({ state }) => state === 'suspended');

  expect(await priorities(customer)).toEqual([BULK_PRIORITY, undefined]);
});

test('what a person asks of a single customer is not bulk', async () => {
  const customer = await observed();

  await customer.ask('act');
  await customer.until(({ state }) => state === 'steady');

  expect(await priorities(customer)).toEqual([undefined]);
  expect(looked).toEqual([undefined]);
});
