import { everyAmendable } from '../../contract/orders.js';
import { operation } from '../kernel/operation.js';
import { possibleDoubles } from '../parts/possible-doubles.js';
import { takeTarget } from '../parts/take-target.js';
import { CREATE_RESOURCE_GROUP } from './contract.js';
import type { CreatedResourceGroup, CreateResourceGroupOrder } from './contract.js';

/** Creates a dynamic group of machines for a customer; or leaves no new group behind. */
export const createResourceGroup = operation<CreateResourceGroupOrder, CreatedResourceGroup>({
  name: CREATE_RESOURCE_GROUP,
  steps: () => ['findTenant', 'findSameGroup', 'ensureResourceGroup'],
  amendable: {
    name: ['ensureResourceGroup'],
    condition: ['ensureResourceGroup'],
    parentGroupId: ['ensureResourceGroup'],
    ...everyAmendable,
  },

  async run({ order, cloud, wasReset, steps }) {
    const { name, condition, parentGroupId } = order;
    const group = { name, condition };
    // machines belong to customers and their units
    const { tenantId } = await takeTarget(steps, { cloud, tenant: order.tenant, unfit: ['partner', 'folder'] });
    const same = await steps.lookUp(
      'findSameGroup',
      { cloud, tenantId, group },
      { summary: `Is there a group ${name}?` },
    );
    if (same.groupId !== undefined) {
      steps.alreadyDone('ensureResourceGroup');
      return { tenantId, groupId: same.groupId };
    }
    const place = { cloud, tenantId, tenantNumber: same.tenantNumber, group };
    const { groupId, inDoubt = [] } = await steps.run(
      'ensureResourceGroup',
      { ...place, parentGroupId, look: wasReset === true },
      { summary: `Group ${name} of ${condition}`, undo: ['removeResourceGroup', { ...place, came: null }] },
    );
    if (inDoubt.length > 0) steps.setFacts({ leftovers: possibleDoubles('group', inDoubt) });
    return { tenantId, groupId };
  },
});
