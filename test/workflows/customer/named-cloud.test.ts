import { expect, test } from '@jest/globals';
import { customersIn } from '../../support/customers.js';
import { readFacts } from '../../support/fact-reader.js';
import { useVirtualEnvironment } from '../../support/use-virtual-environment.js';

const env = useVirtualEnvironment({}, { readFacts, brake: 'off', clouds: ['default', 'eu'] });
const aCustomer = customersIn(env);

test('every run of a customer is in the cloud of the customer', async () => {
  const customer = await aCustomer({ quantity: 5 }, { cloud: 'eu' });
  await customer.until(({ state }) => state === 'steady');
  await customer.tell({ quantity: 9 });
  await customer.until(({ state, applied }) => state === 'steady' && applied?.quotas['workstations']?.limit === 9);
  await customer.tell({ state: 'paused', quantity: 9 });

  const { runs } = await customer.until(({ state }) => state === 'suspended');

  expect(runs.map(({ operation, id }) => [operation, id.split(':')[1]])).toEqual([
    ['provisionCustomer', 'eu'],
    ['changeEntitlement', 'eu'],
    ['disableTenant', 'eu'],
  ]);
});
