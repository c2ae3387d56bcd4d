import { catalogue } from '../../../catalogue/index.js';
import type { CreateApiClientOrder } from '../../../workflows/create-api-client/contract.js';
import type { OperationModel } from './index.js';

const OLD = '7d1f0a52-6a0e-4b55-9b0e-1f2d3c4b5a69';

/** A first client, and another in the place of one that there is. */
export const createApiClient: OperationModel = {
  variants: { rotate: (example) => ({ ...example, rotate: true }) },
  prepare(world, input) {
    const fields = { name: 'Customer, Inc', customer_id: 'customer-inc', kind: 'customer', parent_id: world.rootId };
    const { id } = world.newTenant(fields);
    const reading = catalogue['createApiClient']!.read(input);
    const { rotate, originId, name } = (reading.ok ? reading.order : {}) as CreateApiClientOrder;
    const [ours] = world.clients.values();
    if (rotate)
      world.clients.set(OLD, {
        ...ours!,
        client_id: OLD,
        tenant_id: id,
        origin_id: originId,
        data: { client_name: name },
      });
  },
};
