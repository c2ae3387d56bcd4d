import { runOperation, type Begun, type Operation } from '../kernel/operation.js';
import { takeTarget } from '../parts/target.js';
import { CREATE_PLAN, createPlanAmendable, createPlanSteps } from './contract.js';
import type { CreatedPlan, CreatePlanOrder, CreatePlanResult } from './contract.js';

/** Gives a customer a protection plan, applied to nothing yet; or leaves no new plan behind. */
export async function createPlan(input: unknown): Promise<CreatePlanResult> {
  return await runOperation(creatingPlan, input);
}

export const creatingPlan: Operation<CreatePlanOrder, CreatedPlan> = {
  name: CREATE_PLAN,
  steps: () => createPlanSteps,
  amendable: createPlanAmendable,
  story,
};

async function story({ order, cloud, mark, run }: Begun<CreatePlanOrder>) {
  const { name, backup } = order;
  const plan = { name, backup };
  // plans belong to customers and their units
  const { tenantId } = await takeTarget(run, { cloud, tenant: order.tenant, unfit: ['partner', 'folder'] });
  const same = await run.look('findSamePlan', { cloud, tenantId, plan }, { summary: `Is there a plan ${name}?` });
  if (same.planId !== undefined) {
    run.found('ensurePlan');
    return { tenantId, planId: same.planId, warnings: [] };
  }
  const { planId, warnings } = await run.step(
    'ensurePlan',
    { cloud, mark, tenantId, plan },
    { summary: `Plan ${name}`, undo: ['removePlan', { cloud, mark, tenantId }] },
  );
  return { tenantId, planId, warnings };
}
