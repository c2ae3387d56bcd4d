import type { Acronis, Tenant } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import { refuse } from './failures.js';

/**
 * Fails with `Tenantry.SwitchedOff`, and the remedy, when nobody can log in to a tenant: it, or one above it up to our own, is switched off.
 * `itself` false: it will be switched on.
 */
export async function checkSwitchedOn(acronis: Acronis, tenant: Tenant, { itself = true } = {}): Promise<void> {
  const named = `tenant ${JSON.stringify(tenant.name)} (${tenant.id})`;
  if (itself && !tenant.enabled) throw switchedOff(named, tenant.id);
  const rootId = await acronis.rootTenantId();
  for (let above = tenant.parent_id, below = tenant.id; above !== rootId && above !== below;) {
    const parent = await acronis.tenants.get(above);
    if (!parent.enabled) throw switchedOff(`${JSON.stringify(parent.name)} (${above}) above ${named}`, above);
    [above, below] = [parent.parent_id, above];
  }
}

function switchedOff(named: string, id: string) {
  const remedy = `let it work again with "enableTenant" ({"tenant": {"id": "${id}"}}) or in the console, then retry`;
  return refuse(FailureType.SwitchedOff, `${named} is switched off: ${remedy}`);
}
