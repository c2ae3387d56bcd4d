import type { Pricing, Tenant } from '../acronis/index.js';
import { lookup, toUtc, type LookUpScope } from './lookup.js';

interface PricedTenant extends Pricing {
  tenant: Tenant;
}

async function* listOne({ acronis, tenant }: LookUpScope, _filter: object): AsyncGenerator<PricedTenant> {
  yield { ...(await acronis.pricing.get(tenant.id)), tenant };
}

/** How the tenant is charged. */
export const pricing = lookup(listOne, {
  name: ({ tenant }) => tenant.name,
  mode: ({ mode }) => mode,
  currency: ({ currency }) => currency,
  /** When the trial ends or ended. */
  productionStart: ({ production_start_date }) => toUtc(production_start_date),
  tenantId: ({ tenant }) => tenant.id,
});

async function* listTrials({ acronis, tenant: top }: LookUpScope, _filter: object): AsyncGenerator<PricedTenant> {
  if (top.kind === 'customer') {
    yield { ...(await acronis.pricing.get(top.id)), tenant: top };
    return;
  }
  for await (const tenant of acronis.tenants.list({ subtreeRootId: top.id }))
    if (tenant.kind === 'customer' && tenant.pricing_mode === 'trial')
      yield { ...(await acronis.pricing.get(tenant.id)), tenant };
}

/** When the trial of a customer ends, or of every customer in trial below the tenant. One call for each of them. */
export const trial = lookup(listTrials, {
  name: ({ tenant }) => tenant.name,
  mode: ({ mode }) => mode,
  /** As the vendor says; null after the trial. */
  endsByDate: ({ mode, production_start_date }) => (mode === 'trial' ? toUtc(production_start_date) : null),
  /**
   * Calculated from the version of the pricing, as before the vendor returned the date. Too late if the pricing was
   * changed.
   */
  endsByVersion: ({ mode, version }) => (mode === 'trial' ? trialEndByVersion(version) : null),
  tenantId: ({ tenant }) => tenant.id,
});

/** The last second of the month after the pricing was created; of the same month if it was created on the first day. */
export function trialEndByVersion(versionMs: number): string {
  const created = new Date(versionMs);
  const month = created.getUTCMonth() + (created.getUTCDate() > 1 ? 1 : 0);
  return toUtc(new Date(Date.UTC(created.getUTCFullYear(), month + 1, 0, 23, 59, 59)).toISOString())!;
}
