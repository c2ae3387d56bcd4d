import { addExampleTenant } from '../example-tenant.js';
import type { OperationModel } from './index.js';

export const updateContact: OperationModel = {
  variants: { 'another name': (example) => ({ ...example, name: 'Customer International, Inc' }) },
  /** The customer has another contact before, of which one field stays. */
  prepare(world, input) {
    addExampleTenant(world, { tenant: input['tenant'] });
    const customer = [...world.tenants.values()].find(({ name }) => name === 'Customer, Inc')!;
    customer.contact = { email: 'old@customer.example', lastname: 'Elk', city: 'Berlin' };
  },
  expected: ({ name }) => ({
    [`tenants ${String(name)}`]: { language: 'de', contact: { firstname: 'Ann', lastname: 'Ox', city: 'Berlin' } },
  }),
};
