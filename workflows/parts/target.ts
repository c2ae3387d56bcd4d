import type { Target, TargetSpec } from '../../activities/targets.js';
import type { MarkedTenant } from '../../activities/tenants.js';
import type { Teller } from '../kernel/step-runner.js';

/**
 * Finds the tenant that an order names and takes the turn there. What was seen before others had their turn is looked at again. Fails with
 * `Acronis.Rejected` when the tenant does not fit, before anything is changed. What waits until a tenant is switched on has the turn meanwhile.
 */
export async function takeTarget(
  run: Pick<Teller, 'look' | 'turn' | 'forget' | 'know'>,
  spec: TargetSpec,
): Promise<Target> {
  for (;;) {
    const summary = `Which tenant is ${Object.values(spec.tenant)[0]}?`;
    const target = await run.look('findTenant', { ...spec, turnFirst: true }, { summary });
    // before the turn, so that whoever waits for it is found by its tenant
    run.know({ tenantId: target.tenantId, partnerId: target.parentTenantId });
    const { tenantId, name, customerId, madeBy } = target;
    const waited = await run.turn({ cloud: spec.cloud, tenantId, name, customerId, madeBy });
    if (!waited && !target.off) return target;
    run.forget('findTenant');
    // by now it may be on again, or another one
    if (!waited) await run.look('findTenant', spec, { summary });
  }
}

/**
 * True when the tenant is an earlier run's, and that run had to be waited for: it may have removed all that was seen before, so the story
 * begins anew, and the steps named are done again.
 */
export async function hadToWait(
  run: Pick<Teller, 'turn' | 'forget'>,
  { cloud, steps, ownership, tenantId, madeBy, there }: MarkedTenant & { cloud: string; steps: readonly string[] },
): Promise<boolean> {
  if (ownership === 'ours') return false;
  const { name, customerId } = there ?? {};
  if (!(await run.turn({ cloud, tenantId, name, customerId, madeBy }))) return false;
  for (const step of steps) run.forget(step);
  return true;
}
