import { PROVISION_CUSTOMER, type ProvisionedCustomer } from '../provision-customer/contract.js';
import { provision } from '../provision-customer/workflow.js';
import { giveUser, lookForMember } from '../parts/giving-user.js';
import { runOperation, type Begun, type Operation } from '../kernel/operation.js';
import { takeTarget } from '../parts/target.js';
import {
  asProvisioning,
  ENABLE_BACKUP_USER,
  enableBackupUserAmendable,
  enableBackupUserSteps,
  type EnableBackupUserOrder,
  type EnableBackupUserResult,
} from './contract.js';

/** Switches backup on for one user, in an existing customer or in a new one; or leaves nothing of it behind. */
export async function enableBackupUser(input: unknown): Promise<EnableBackupUserResult> {
  return await runOperation(enablingBackupUser, input);
}

export const enablingBackupUser: Operation<EnableBackupUserOrder, ProvisionedCustomer> = {
  name: ENABLE_BACKUP_USER,
  steps: enableBackupUserSteps,
  amendable: enableBackupUserAmendable,
  story,
};

async function story({ order, ...begun }: Begun<EnableBackupUserOrder>): Promise<ProvisionedCustomer> {
  if ('customer' in order)
    return await provision(
      { ...begun, order: asProvisioning(order) },
      {
        role: order.role,
        field: 'user',
        operation: ENABLE_BACKUP_USER,
        others: [PROVISION_CUSTOMER],
        ordered: order,
      },
    );
  const { cloud, run, revision } = begun;
  const target = await takeTarget(run, {
    cloud,
    tenant: order.tenant,
    unfit: ['partner', 'folder', 'root'],
    switchedOn: true,
  });
  const { tenantId, kind, parentTenantId, language } = target;
  const { offeringItems, infraId, infra } = order;
  const [{ items, names }, member] = await run.together(
    run.look(
      'findMissingItems',
      { cloud, tenantId, kind, parentTenantId, offeringItems, infraId, infra },
      { summary: `What has ${target.name} of ${offeringItems.join(', ')}?` },
    ),
    lookForMember(run, { ...order, cloud, tenantId }),
  );
  if (items.length === 0) run.found('applyOfferingItems');
  else
    await run.step(
      'applyOfferingItems',
      { cloud, tenantId, items, look: false },
      { summary: items.map(({ name }) => name).join(', '), undo: ['switchItemsOff', { cloud, tenantId, items }] },
    );
  const userId = await giveUser(run, { ...order, cloud, tenantId, language, member, items, revision });
  return { tenantId, userId, offeringItems: names };
}
