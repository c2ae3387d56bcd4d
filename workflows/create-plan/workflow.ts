import { everyAmendable } from '../../contract/orders.js';
import { operation } from '../kernel/operation.js';
import { takeTarget } from '../parts/take-target.js';
import { CREATE_PLAN } from './contract.js';
import type { CreatedPlan, CreatePlanOrder } from './contract.js';

/** Creates a protection plan for a customer, not applied yet; or leaves no new plan behind. */
export const createPlan = operation<CreatePlanOrder, CreatedPlan>({
  name: CREATE_PLAN,
  steps: () => ['findTenant', 'findSamePlan', 'ensurePlan'],
  amendable: {
    name: ['ensurePlan'],
    template: ['ensurePlan'],
    backup: ['ensurePlan'],
    ...everyAmendable,
  },

  async run({ order, cloud, mark, steps }) {
    const { name, backup } = order;
    const plan = { name, backup };
    // plans belong to customers and their units
    const { tenantId } = await takeTarget(steps, { cloud, tenant: order.tenant, unfit: ['partner', 'folder'] });
    const same = await steps.lookUp('findSamePlan', { cloud, tenantId, plan }, { summary: `Is there a plan ${name}?` });
    if (same.planId !== undefined) {
      steps.alreadyDone('ensurePlan');
      return { tenantId, planId: same.planId, warnings: [] };
    }
    const { planId, warnings } = await steps.run(
      'ensurePlan',
      { cloud, mark, tenantId, plan },
      { summary: `Plan ${name}`, undo: ['removePlan', { cloud, mark, tenantId }] },
    );
    return { tenantId, planId, warnings };
  },
});
