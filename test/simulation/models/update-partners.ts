import type { OperationModel } from './index.js';

/** Two partners that have nothing yet. */
export const updatePartners: OperationModel = {
  forEach: 'updatePartnerItems',
  prepare(world) {
    for (const name of ['Partner One', 'Partner Two'])
      world.newTenant({ name, kind: 'partner', parent_id: world.rootId });
  },
};
