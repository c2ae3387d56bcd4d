import type { PlanPlaces } from '../../activities/plan-places.js';
import { runOperation, type Begun, type Operation } from '../kernel/operation.js';
import type { Teller } from '../kernel/step-runner.js';
import { takeTarget } from '../parts/target.js';
import { planApplicationAmendable, type PlanApplicationName } from './contract.js';
import type { PlanApplicationOrder, PlanApplicationResult, PlanOnResources } from './contract.js';

/** Puts a plan on resources of a customer, or leaves none of them with it that did not have it before. */
export async function applyPlan(input: unknown): Promise<PlanApplicationResult> {
  return await runOperation(applyingPlan, input);
}

/** Takes a plan off resources of a customer, or leaves all with it that had it before. */
export async function revokePlan(input: unknown): Promise<PlanApplicationResult> {
  return await runOperation(revokingPlan, input);
}

/** Starts a plan on resources of a customer that have it. What has begun is not stopped again. */
export async function runPlan(input: unknown): Promise<PlanApplicationResult> {
  return await runOperation(runningPlan, input);
}

export const applyingPlan = operation('applyPlan', async ({ cloud, reset, run }, { tenantId, planId, resources }) => {
  const resourceIds = idsOf(resources.filter(({ applied }) => !applied));
  if (resourceIds.length === 0) return nothingLeft(run, 'applyPlan');
  const spec = { cloud, tenantId, planId, resourceIds };
  const look = reset === true;
  return await run.step(
    'applyPlan',
    { ...spec, look },
    {
      summary: on(resourceIds),
      undo: ['takePlanOff', { ...spec, came: null }],
    },
  );
});

export const revokingPlan = operation('revokePlan', async ({ cloud, reset, run }, { tenantId, planId, resources }) => {
  const resourceIds = idsOf(resources.filter(({ applied }) => applied));
  if (resourceIds.length === 0) return nothingLeft(run, 'revokePlan');
  const spec = { cloud, tenantId, planId, resourceIds };
  const look = reset === true;
  return await run.step(
    'revokePlan',
    { ...spec, look },
    {
      summary: on(resourceIds),
      undo: ['putPlanBack', { ...spec, came: null }],
    },
  );
});

export const runningPlan = operation('runPlan', async ({ cloud, run }, { tenantId, planId, resources }) => {
  const idle = resources.filter(({ running }) => !running).map(({ id, lastRun }) => ({ id, lastRun }));
  if (idle.length === 0) return nothingLeft(run, 'runPlan');
  const spec = { cloud, tenantId, planId, resources: idle };
  const telling = { summary: on(idle), undo: ['accountForPlanRun', { ...spec, came: null }] } as const;
  return await run.step('runPlan', { ...spec, look: false }, telling);
});

/** What is left to be done once plan and resources are found. */
type Act = (
  begun: Begun<PlanApplicationOrder>,
  places: PlanPlaces & { tenantId: string },
) => Promise<Pick<PlanOnResources, 'warnings'>>;

/** All three find the plan and the resources first, and see where it is. */
function operation(name: PlanApplicationName, act: Act): Operation<PlanApplicationOrder, PlanOnResources> {
  return {
    name,
    steps: () => ['findTenant', 'findPlanPlaces', name],
    amendable: planApplicationAmendable(name),
    async story(begun) {
      const { order, cloud, run } = begun;
      const { plan, resources } = order;
      const { tenantId } = await takeTarget(run, { cloud, tenant: order.tenant, unfit: ['partner', 'folder'] });
      const places = await run.look(
        'findPlanPlaces',
        { cloud, tenantId, plan, resources, purpose: name },
        { summary: `Where is ${Object.values(plan)[0]}?` },
      );
      const { warnings } = await act(begun, { tenantId, ...places });
      return { tenantId, planId: places.planId, resourceIds: idsOf(places.resources), warnings };
    },
  };
}

function idsOf(resources: readonly { id: string }[]): string[] {
  return resources.map(({ id }) => id);
}

function nothingLeft(run: Teller, step: PlanApplicationName) {
  run.found(step);
  return { warnings: [] };
}

function on({ length }: readonly unknown[]): string {
  return `On ${length} resource${length === 1 ? '' : 's'}`;
}
