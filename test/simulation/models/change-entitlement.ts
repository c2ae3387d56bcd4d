import type { InProcessSimulator } from '../../../simulator/index.js';
import { addExampleTenant } from '../example-tenant.js';
import type { OperationModel } from './index.js';

const NAME = 'Customer, Inc';
const TIB = 2 ** 40;

/** The variant in which the customer uses more than it may. */
const isInUse = (input: object) => (input as { quotas: { servers?: object } }).quotas.servers === undefined;

/** The customer has workstations and storage, both unlimited. */
export const changeEntitlement: OperationModel = {
  variants: {
    'of which a part is in use': (example) => ({ ...example, quotas: { storage: { limit: '1 TiB' } } }),
  },
  prepare(world, input) {
    addExampleTenant(world, input);
    if (isInUse(input)) useMuch(world);
  },
  ambiguous: 'changeOfferingItems',
  expected: (input) => ({
    [`items ${NAME}`]: isInUse(input)
      ? [
          { name: 'storage', status: 1, quota: {} },
          { name: 'servers', status: 1, quota: {} },
          { name: 'workstations', status: 1 },
        ]
      : [
          { name: 'storage', status: 1, quota: { value: 2 * TIB, overage: 500 * 2 ** 30 } },
          { name: 'servers', status: 1, quota: { value: 5 } },
        ],
  }),
};

function useMuch({ tenants, usages }: InProcessSimulator['memory']): void {
  const { id } = [...tenants.values()].find(({ name }) => name === NAME)!;
  const used = { workstations: 3, storage: 2 * TIB };
  usages.set(id, new Map(Object.entries(used)));
}
