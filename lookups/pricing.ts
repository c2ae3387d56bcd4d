import type { Pricing } from '../acronis/index.js';
import type { Lookup } from './lookup.js';
import { toUtc } from './times.js';

/** How a tenant is charged. */
export interface PricingRow {
  name: string;
  mode: string;
  currency: string | null;
  /** In trial: when it ends. Else: when it ended. */
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
  /** As the vendor says; null when the trial is over. */
  endsByDate: string | null;
  /** Reckoned from the version of the pricing, as it was done before the vendor said it; later than true once the pricing was changed. */
  endsByVersion: string | null;
  tenantId: string;
}

/** When the trial ends: of a customer, or of every customer below the tenant that is in trial, at one call for each of these. */
export const trial: Lookup<object, TrialRow> = {
  fields: ['name', 'mode', 'endsByDate', 'endsByVersion', 'tenantId'],
  async *find({ acronis, tenant }) {
    if (tenant.kind === 'customer') {
      yield trialRow(tenant, await acronis.pricing.get(tenant.id));
      return;
    }
    for await (const one of acronis.tenants.list({ subtreeRootId: tenant.id }))
      if (one.kind === 'customer' && one.pricing_mode === 'trial')
        yield trialRow(one, await acronis.pricing.get(one.id));
  },
};

function trialRow({ id, name }: { id: string; name: string }, pricing: Pricing): TrialRow {
  const { mode, production_start_date, version } = pricing;
  const isOn = mode === 'trial';
  return {
    name,
    mode,
    endsByDate: isOn ? toUtc(production_start_date) : null,
    endsByVersion: isOn ? endByVersion(version) : null,
    tenantId: id,
  };
}

/** The last second of the month after the one in which the pricing was made; of that month itself when that was on its first day. */
export function endByVersion(versionMs: number): string {
  const made = new Date(versionMs);
  const month = made.getUTCMonth() + (made.getUTCDate() > 1 ? 1 : 0);
  return toUtc(new Date(Date.UTC(made.getUTCFullYear(), month + 1, 0, 23, 59, 59)).toISOString())!;
}
