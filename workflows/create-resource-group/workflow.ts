import { runOperation, type Begun, type Operation } from '../kernel/operation.js';
import { takeTarget } from '../parts/target.js';
import { CREATE_RESOURCE_GROUP, createResourceGroupAmendable, createResourceGroupSteps } from './contract.js';
import type { CreatedResourceGroup, CreateResourceGroupOrder, CreateResourceGroupResult } from './contract.js';

/** Gives a customer a group of machines that fills itself; or leaves no new group behind. */
export async function createResourceGroup(input: unknown): Promise<CreateResourceGroupResult> {
  return await runOperation(creatingResourceGroup, input);
}

export const creatingResourceGroup: Operation<CreateResourceGroupOrder, CreatedResourceGroup> = {
  name: CREATE_RESOURCE_GROUP,
  steps: () => createResourceGroupSteps,
  amendable: createResourceGroupAmendable,
  story,
};

async function story({ order, cloud, reset, run }: Begun<CreateResourceGroupOrder>) {
  const { name, condition, parentGroupId } = order;
  const group = { name, condition };
  // machines belong to customers and their units
  const { tenantId } = await takeTarget(run, { cloud, tenant: order.tenant, unfit: ['partner', 'folder'] });
  const same = await run.look('findSameGroup', { cloud, tenantId, group }, { summary: `Is there a group ${name}?` });
  if (same.groupId !== undefined) {
    run.found('ensureResourceGroup');
    return { tenantId, groupId: same.groupId };
  }
  const place = { cloud, tenantId, tenantNumber: same.tenantNumber, group };
  const { groupId } = await run.step(
    'ensureResourceGroup',
    { ...place, parentGroupId, look: reset === true },
    { summary: `Group ${name} of ${condition}`, undo: ['removeResourceGroup', { ...place, came: null }] },
  );
  return { tenantId, groupId };
}
