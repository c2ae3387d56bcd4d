import type { Target, TargetSpec } from '../../activities/targets.js';
import type { MarkedTenant } from '../../activities/tenants.js';
import type { RepeatedStep, Steps } from '../kernel/steps.js';

/**
 * Finds the tenant that an order names and takes the turn there. What was seen before others had their turn is looked at again. Fails with
 * `Acronis.Rejected` when the tenant does not fit, before anything is changed. What waits until a tenant is switched on has the turn meanwhile.
 */
export async function takeTarget(
  steps: Pick<Steps, 'lookUp' | 'takeTurn' | 'invalidate' | 'setFacts'>,
  spec: TargetSpec,
): Promise<Target> {
  for (;;) {
    const summary = `Which tenant is ${Object.values(spec.tenant)[0]}?`;
    const target = await steps.lookUp('findTenant', { ...spec, turnFirst: true }, { summary });
    // before the turn, so that whoever waits for it is found by its tenant
    steps.setFacts({ tenantId: target.tenantId, partnerId: target.parentTenantId });
    const { tenantId, name, customerId, madeBy } = target;
    const waited = await steps.takeTurn({ cloud: spec.cloud, tenantId, name, customerId, madeBy });
    if (!waited && !target.off) return target;
    steps.invalidate('findTenant');
    // by now it may be on again, or another one
    if (!waited) await steps.lookUp('findTenant', spec, { summary });
  }
}

/**
 * True when the tenant is an earlier run's, and that run had to be waited for: it may have removed all that was seen before, so the story
 * starts again, and the steps in `repeat` are done again.
 */
export async function waitedForMaker(
  steps: Pick<Steps, 'takeTurn' | 'invalidate'>,
  {
    cloud,
    repeat,
    ownership,
    tenantId,
    madeBy,
    there,
  }: MarkedTenant & { cloud: string; repeat: readonly RepeatedStep[] },
): Promise<boolean> {
  if (ownership === 'ours') return false;
  const { name, customerId } = there ?? {};
  if (!(await steps.takeTurn({ cloud, tenantId, name, customerId, madeBy }))) return false;
  for (const step of repeat) steps.invalidate(step);
  return true;
}
