import { ORDINARY_INFRA } from '../../../simulator/index.js';
import { addExampleTenant, hasSeveralStorages } from '../example-tenant.js';
import type { OperationModel } from './index.js';

/** The example's customer lacks nothing but the user; a new customer has nothing. */
export const enableBackupUser: OperationModel = {
  variants: {
    'of a new customer': ({ tenant: _tenant, ...example }) => ({
      ...example,
      customer: { name: 'Customer, Inc', customerId: 'customer-inc' },
    }),
  },
  prepare(world, input) {
    if (!('customer' in input)) addExampleTenant(world, input);
    else if (hasSeveralStorages(world)) Object.assign(input, { infra: { backup: ORDINARY_INFRA } });
  },
  ambiguous: 'applyOfferingItems',
};
