import { describe, expect, test } from '@jest/globals';
import { customersIn, type TestCustomer } from '../../support/customers.js';
import { readFacts } from '../../support/fact-reader.js';
import { useTestEnvironment } from '../../support/use-test-environment.js';

const env = useTestEnvironment({}, { readFacts });
const aCustomer = customersIn(env);

const isSteady = ({ state }: { state: string }) => state === 'steady';
const tenantOf = async (customer: TestCustomer) => {
  const { tenantId } = await customer.status();
  return env.simulator.world.tenant(tenantId!);
};

describe('a customer that is acted for', () => {
  test('gets a tenant when it has bought something', async () => {
    const customer = await aCustomer();

    const status = await customer.until(isSteady);

    expect(status).toMatchObject({
      tenantId: expect.any(String),
      applied: { exists: true, enabled: true, quotas: { workstations: { limit: 25 } } },
      runs: [{ operation: 'provisionCustomer', id: `provisionCustomer:${customer.ref}`, state: 'completed' }],
    });
    expect(status).not.toHaveProperty('observed');
    expect(await tenantOf(customer)).toMatchObject({ name: `Customer ${customer.ref}`, customer_id: customer.ref });
  });

  test('is disabled when it does not pay, and enabled when it pays again', async () => {
    const customer = await aCustomer();
    await customer.until(isSteady);

    await customer.tell({ state: 'past_due', since: new Date().toISOString() });
    await customer.until(({ state }) => state === 'suspended');
    expect(await tenantOf(customer)).toMatchObject({ enabled: false });

    await customer.tell({ state: 'active' });
    await customer.until(isSteady);
    expect(await tenantOf(customer)).toMatchObject({ enabled: true });
  });
});
