import type { OperationContext } from '../kernel/operation.js';
import type { ProtectionOrder } from './contract.js';
import type { ProtectionProgress } from './progress.js';

type Context = Pick<OperationContext<ProtectionOrder>, 'order' | 'mark' | 'steps'>;

interface Place {
  cloud: string;
  tenantId: string;
}

/** Looks for the plan of the order: the one that the run has, which may have been changed since, or one that is the same. */
export async function findPlan(
  { order, steps }: Pick<Context, 'order' | 'steps'>,
  { cloud, tenantId }: Place,
  { plan }: ProtectionProgress,
): Promise<{ planId?: string | undefined }> {
  const { plan: name, backup } = order;
  const isKnown = plan !== undefined && plan.name === name && JSON.stringify(plan.backup) === JSON.stringify(backup);
  const spec = { cloud, tenantId, plan: { name, backup }, ...(isKnown && { known: plan.id }) };
  return await steps.lookUp('findSamePlan', spec, { summary: `Is there a plan ${name}?` });
}

export async function makePlan(
  { order, mark, steps }: Context,
  { cloud, tenantId }: Place,
  progress: ProtectionProgress,
): Promise<string> {
  const { plan: name, backup } = order;
  const undo = { cloud, tenantId, mark, appliedTo: progress.given };
  const { planId } = await steps.run(
    'ensurePlan',
    { cloud, tenantId, mark, plan: { name, backup } },
    { summary: `Plan ${name}`, undo: ['removePlan', undo] },
  );
  return planId;
}

/**
 * The plan for more machines, perhaps months after it was found or made. Where somebody has deleted it, or given up the run
 * that had made it, a person is asked before there is another one.
 */
export async function planForMore(context: Context, place: Place, progress: ProtectionProgress): Promise<string> {
  const { order, steps } = context;
  steps.invalidate('findSamePlan');
  const { planId } = await findPlan(context, place, progress);
  if (planId !== undefined) return planId;
  const message = `the plan ${JSON.stringify(order.plan)} is gone: somebody has deleted it; "retry" makes it again`;
  await steps.askPerson('applyPlan', `without plan ${progress.given.length}`, message);
  steps.invalidate('ensurePlan');
  return await makePlan(context, place, progress);
}
