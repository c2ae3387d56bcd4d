import type { Pricing } from '../acronis/index.js';
import { toUtc, type Lookup } from './lookup.js';

/** How a tenant is charged. */
export interface PricingRow {
  name: string;
  mode: string;
  currency: string | null;
  /** When the trial ends or ended. */
  productionStart: string | null;
  tenantId: string;
}

/** How the tenant is charged. */
export const pricing: Lookup<object, PricingRow> = {
  fields: ['name', 'mode', 'currency', 'productionStart', 'tenantId'],
  async *find({ acronis, tenant }) {
    const { mode, currency, production_start_date } = await acronis.pricing.get(tenant.id);
    yield {
      name: tenant.name,
      mode,
      currency,
      productionStart: toUtc(production_start_date),
      tenantId: tenant.id,
    };
  },
};

/** When the trial of a customer ends. */
export interface TrialRow {
  name: string;
  mode: string;
  /** As the vendor says; null after the trial. */
  endsByDate: string | null;
  /**
   * Calculated from the version of the pricing, as before the vendor returned the date. Too late if the pricing was
   * changed.
   */
  endsByVersion: string | null;
  tenantId: string;
}

/** When the trial of a customer ends, or of every customer in trial below the tenant. One call for each of them. */
export const trial: Lookup<object, TrialRow> = {
  fields: ['name', 'mode', 'endsByDate', 'endsByVersion', 'tenantId'],
  async *find({ acronis, tenant }) {
    if (tenant.kind === 'customer') {
      yield toTrialRow(tenant, await acronis.pricing.get(tenant.id));
      return;
    }
    for await (const one of acronis.tenants.list({ subtreeRootId: tenant.id }))
      if (one.kind === 'customer' && one.pricing_mode === 'trial')
        yield toTrialRow(one, await acronis.pricing.get(one.id));
  },
};

function toTrialRow({ id, name }: { id: string; name: string }, pricing: Pricing): TrialRow {
  const { mode, production_start_date, version } = pricing;
  const isInTrial = mode === 'trial';
  return {
    name,
    mode,
    endsByDate: isInTrial ? toUtc(production_start_date) : null,
    endsByVersion: isInTrial ? trialEndByVersion(version) : null,
    tenantId: id,
  };
}

/** The last second of the month after the pricing was created; of the same month if it was created on the first day. */
export function trialEndByVersion(versionMs: number): string {
  const created = new Date(versionMs);
  const month = created.getUTCMonth() + (created.getUTCDate() > 1 ? 1 : 0);
  return toUtc(new Date(Date.UTC(created.getUTCFullYear(), month + 1, 0, 23, 59, 59)).toISOString())!;
}
