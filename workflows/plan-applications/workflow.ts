import type { PlanResources } from '../../activities/plan-resources.js';
import { everyAmendable } from '../../contract/orders.js';
import { operation, type OperationContext } from '../kernel/operation.js';
import type { Steps } from '../kernel/steps.js';
import { takeTarget } from '../parts/take-target.js';
import type { PlanApplicationName, PlanApplicationOrder, PlanOnResources } from './contract.js';

/** Applies a plan to resources of a customer; the undo revokes it where it was not applied before. */
export const applyPlan = planApplication(
  'applyPlan',
  async ({ cloud, wasReset, steps }, { tenantId, planId, resources }) => {
    const resourceIds = idsOf(resources.filter(({ applied }) => !applied));
    if (resourceIds.length === 0) return nothingLeft(steps, 'applyPlan');
    const input = { cloud, tenantId, planId, resourceIds };
    return await steps.run(
      'applyPlan',
      { ...input, look: wasReset === true },
      { summary: on(resourceIds), undo: ['takePlanOff', { ...input, came: null }] },
    );
  },
);

/** Revokes a plan from resources of a customer; the undo applies it again. */
export const revokePlan = planApplication(
  'revokePlan',
  async ({ cloud, wasReset, steps }, { tenantId, planId, resources }) => {
    const resourceIds = idsOf(resources.filter(({ applied }) => applied));
    if (resourceIds.length === 0) return nothingLeft(steps, 'revokePlan');
    const input = { cloud, tenantId, planId, resourceIds };
    return await steps.run(
      'revokePlan',
      { ...input, look: wasReset === true },
      { summary: on(resourceIds), undo: ['putPlanBack', { ...input, came: null }] },
    );
  },
);

/** Starts a plan on resources that have it. An undo does not stop it. */
export const runPlan = planApplication('runPlan', async ({ cloud, steps }, { tenantId, planId, resources }) => {
  const idle = resources.filter(({ running }) => !running).map(({ id, lastRun }) => ({ id, lastRun }));
  if (idle.length === 0) return nothingLeft(steps, 'runPlan');
  const input = { cloud, tenantId, planId, resources: idle };
  return await steps.run(
    'runPlan',
    { ...input, look: false },
    { summary: on(idle), undo: ['accountForPlanRun', { ...input, came: null }] },
  );
});

/** What an operation does after the look-ups. */
type Change = (
  context: OperationContext<PlanApplicationOrder>,
  found: PlanResources & { tenantId: string },
) => Promise<Pick<PlanOnResources, 'warnings'>>;

/** All three operations first find the plan, the resources, and which of them have the plan. */
function planApplication(name: PlanApplicationName, change: Change) {
  return operation<PlanApplicationOrder, PlanOnResources>({
    name,
    steps: () => ['findTenant', 'findPlanPlaces', name],
    amendable: { plan: [name], resources: [name], ...everyAmendable },

    async run(context) {
      const { order, cloud, steps } = context;
      const { plan, resources } = order;
      const { tenantId } = await takeTarget(steps, { cloud, tenant: order.tenant, unfit: ['partner', 'folder'] });
      const found = await steps.lookUp(
        'findPlanPlaces',
        { cloud, tenantId, plan, resources, purpose: name },
        { summary: `Where is ${Object.values(plan)[0]}?` },
      );
      const { warnings } = await change(context, { tenantId, ...found });
      return { tenantId, planId: found.planId, resourceIds: idsOf(found.resources), warnings };
    },
  });
}

function idsOf(resources: readonly { id: string }[]): string[] {
  return resources.map(({ id }) => id);
}

function nothingLeft(steps: Steps, step: PlanApplicationName) {
  steps.alreadyDone(step);
  return { warnings: [] };
}

function on({ length }: readonly unknown[]): string {
  return `On ${length} resource${length === 1 ? '' : 's'}`;
}
