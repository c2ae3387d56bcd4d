import { everyAmendable } from '../../contract/orders.js';
import { ONBOARD_CUSTOMER } from '../onboard-customer/contract.js';
import { PROVISION_CUSTOMER, type ProvisionedCustomer } from '../provision-customer/contract.js';
import { provision, provisioningAmendable, provisioningSteps } from '../provision-customer/workflow.js';
import { addMember, findMember, lookUpSteps, memberAmendable, memberSteps } from '../parts/members.js';
import { operation } from '../kernel/operation.js';
import { takeTarget } from '../parts/take-target.js';
import { toProvisioningOrder, ENABLE_BACKUP_USER, type EnableBackupUserOrder } from './contract.js';

/** Enables backup for one user, in an existing or a new customer; or leaves nothing behind. */
export const enableBackupUser = operation<EnableBackupUserOrder, ProvisionedCustomer>({
  name: ENABLE_BACKUP_USER,
  steps(order, revision) {
    if ('customer' in order) return provisioningSteps(toProvisioningOrder(order), revision);
    const lookUps = lookUpSteps(order, revision);
    return ['findTenant', 'findMissingItems', ...lookUps, 'applyOfferingItems', ...memberSteps(order)];
  },
  amendable: {
    ...provisioningAmendable,
    ...memberAmendable,
    ...everyAmendable,
  },

  async run({ order, ...context }) {
    if ('customer' in order)
      return await provision(
        { ...context, order: toProvisioningOrder(order) },
        {
          role: order.role,
          field: 'user',
          operation: ENABLE_BACKUP_USER,
          others: [PROVISION_CUSTOMER, ONBOARD_CUSTOMER],
          ordered: order,
        },
      );
    const { cloud, steps, revision, wasReset, since } = context;
    const target = await takeTarget(steps, {
      cloud,
      tenant: order.tenant,
      unfit: ['partner', 'folder', 'root'],
      switchedOn: true,
    });
    const { tenantId, kind, parentTenantId, language } = target;
    const { offeringItems, infraId, infra } = order;
    const [{ items, names }, member] = await steps.allSettled(
      steps.lookUp(
        'findMissingItems',
        { cloud, tenantId, kind, parentTenantId, offeringItems, infraId, infra },
        { summary: `What has ${target.name} of ${offeringItems.join(', ')}?` },
      ),
      findMember(steps, { ...order, cloud, tenantId, revision }),
    );
    if (items.length === 0) steps.alreadyDone('applyOfferingItems');
    else
      await steps.run(
        'applyOfferingItems',
        { cloud, tenantId, items, look: false, undoable: true },
        { summary: namesOf(items), undo: ['switchItemsOff', { cloud, tenantId, items, came: null }] },
      );
    const joining = { cloud, tenantId, language, member, items, revision, wasReset, since };
    const userId = await addMember(steps, { ...order, ...joining });
    return { tenantId, userId, offeringItems: names };
  },
});

function namesOf(items: readonly { name: string }[]): string {
  return items.map(({ name }) => name).join(', ');
}
