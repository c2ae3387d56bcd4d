import type { Target, TargetSpec } from '../../activities/targets.js';
import type { MarkedTenant } from '../../activities/tenants.js';
import type { Teller } from './run.js';

/**
 * Finds the tenant that an order names and takes the turn there. What was seen before others had their turn is looked at again. Fails with
 * `Acronis.Rejected` when the tenant does not fit, before anything is changed.
 */
export async function takeTarget(
  run: Pick<Teller, 'look' | 'turn' | 'forget' | 'know'>,
  spec: TargetSpec,
): Promise<Target> {
  for (;;) {
    const target = await run.look('findTenant', spec, { summary: `Which tenant is ${Object.values(spec.tenant)[0]}?` });
    if (await run.turn({ cloud: spec.cloud, tenantId: target.tenantId, madeBy: target.madeBy }))
      run.forget('findTenant');
    else {
      run.know({ tenantId: target.tenantId, partnerId: target.parentTenantId });
      return target;
    }
  }
}

/** A tenant that an earlier run made is gone on with only when that run has closed, and after another look, for it may have removed it. */
export async function ownTurn(
  run: Pick<Teller, 'turn' | 'forget'>,
  { cloud, step }: { cloud: string; step: string },
  ensure: () => Promise<MarkedTenant>,
): Promise<MarkedTenant> {
  for (;;) {
    const tenant = await ensure();
    if (tenant.ownership === 'ours' || !(await run.turn({ cloud, ...tenant }))) return tenant;
    run.forget(step);
  }
}
