import type { Target, TargetSpec } from '../../activities/targets.js';
import type { MarkedTenant } from '../../activities/tenants.js';
import type { OrderedTenant } from '../../contract/earlier-runs.js';
import type { ActivityInput } from '../kernel/activity-calls.js';
import type { RepeatedStep, Steps } from '../kernel/steps.js';

/**
 * Finds the tenant of an order and takes the turn there. If the run had to wait, the look-up is repeated. Fails with
 * `Acronis.Rejected` when the tenant does not fit, before anything is changed. A run that waits until a tenant is
 * enabled has the turn meanwhile.
 */
export async function takeTarget(
  steps: Pick<Steps, 'lookUp' | 'takeTurn' | 'invalidate' | 'setFacts' | 'rememberTenant'>,
  spec: TargetSpec,
): Promise<Target> {
  for (;;) {
    const summary = `Which tenant is ${Object.values(spec.tenant)[0]}?`;
    const target = await steps.lookUp('findTenant', { ...spec, turnFirst: true }, { summary });
    // before the turn, so that a waiting run can be found by its tenant
    steps.setFacts({ tenantId: target.tenantId, partnerId: target.parentTenantId });
    const { tenantId, name, customerId, madeBy } = target;
    const waited = await steps.takeTurn({ cloud: spec.cloud, tenantId, name, customerId, madeBy });
    if (!waited && !target.off) {
      steps.rememberTenant(meantBy(spec, target));
      return target;
    }
    steps.invalidate('findTenant');
    // with the turn: the tenant may be enabled now, or the order may find another one
    if (!waited) await steps.lookUp('findTenant', spec, { summary });
  }
}

/** The tenant as a run means it: as it was found, or as the run itself orders it. */
export function meantBy(
  { cloud, tenant }: Pick<TargetSpec, 'cloud' | 'tenant'>,
  { tenantId, parentTenantId, tag, name, customerId, email }: Target,
  ...ordered: OrderedTenant[]
): ActivityInput<'checkStillMeant'> {
  const found = { name, ...(customerId && { customerId }), ...(email && { email }) };
  const by = 'name' in tenant ? ('name' as const) : 'customerId' in tenant ? ('customerId' as const) : undefined;
  return { cloud, tenantId, parentTenantId, ...(tag && { tag }), orders: [found, ...ordered], ...(by && { by }) };
}

/**
 * True when this run had to wait for the earlier run that created the tenant. That run may have removed everything, so
 * the operation restarts, and the steps in `repeat` run again.
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
