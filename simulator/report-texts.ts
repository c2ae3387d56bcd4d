import type { Tenant } from './entities.js';
import type { Report } from './reports.js';
import type { Json } from './router.js';
import { usagesOf } from './usages.js';
import type { World } from './world.js';

const GIB = 1024 ** 3;
const ways = ['absolute', 'delta', 'effective'];
const modes = ['production', 'trial', 'total'];
const columns = [
  'tenant.id',
  'tenant.name',
  'tenant.kind',
  'application.id',
  'edition',
  'name',
  'measurement_unit',
  'infra.id',
  'infra.owner_id',
  'infra.backend_type',
  ...ways.flatMap((way) => modes.map((mode) => `usage.${way}.${mode}`)),
];

/** The content of a report file. Storage is given in GiB. */
export function reportText(world: World, report: Report, format: string): string {
  const rows = tenantsOf(world, report).flatMap((tenant) => rowsOf(world, tenant, report));
  const shown = report.parameters['show_skus'] === true ? [...columns, 'sku'] : columns;
  if (format.startsWith('json')) return JSON.stringify({ params: paramsOf(world, report), tenants: rows.map(nested) });
  const cells = [shown, ...rows.map((row) => shown.map((column) => row[column] ?? ''))];
  if (format === 'html') {
    const htmlRows = cells.map((row) => `<tr><td>${row.join('</td><td>')}</td></tr>`);
    return `<!DOCTYPE html><html><body><table>${htmlRows.join('')}</table></body></html>`;
  }
  return `${cells.map((row) => row.map(quoted).join(',')).join('\r\n')}\r\n`;
}

const kinds: Record<string, number> = { usage_daily: 4, usage_summary: 5, usage_current: 8 };
const levels: Record<string, number> = { direct_partners: 1, all_customers: 2, accounts: 3, all_partners: 4 };

function paramsOf(world: World, { tenantId, parameters, created_at }: Report): Json {
  const { name } = world.accessibleSubtree(tenantId, tenantId)[0]!;
  const gen_date = Math.floor(Date.parse(created_at) / 1000);
  return { kind: kinds[parameters.kind], report_level: levels[parameters.level], name, gen_date };
}

type Row = Record<string, string | number | null>;

function tenantsOf(world: World, { tenantId, parameters }: Report): Tenant[] {
  const below = world.accessibleSubtree(tenantId, tenantId);
  const depth = parameters.level === 'direct_partners' ? below.filter((one) => one.parent_id === tenantId) : below;
  const kinds: Record<string, string[]> = {
    itself: [],
    direct_partners: ['partner', 'folder', 'customer'],
    all_partners: ['partner', 'folder'],
    all_customers: ['partner', 'folder', 'customer'],
    accounts: ['partner', 'folder', 'customer', 'unit'],
  };
  const wanted = kinds[parameters.level] ?? [];
  return [below[0]!, ...depth.filter(({ id, kind }) => id !== tenantId && wanted.includes(kind))];
}

function rowsOf(world: World, tenant: Tenant, { parameters }: Report): Row[] {
  const trial = world.pricing.get(tenant.id)?.mode === 'trial';
  return usagesOf(world, tenant)
    .filter((usage) => usage.offering_item.status === 1)
    .filter((usage) => parameters['hide_zero_usage'] !== true || usage.value > 0)
    .map((usage) => {
      const bytes = usage.measurement_unit === 'bytes';
      const value = bytes ? usage.value / GIB : usage.value;
      const split: Record<string, number> = { production: trial ? 0 : value, trial: trial ? value : 0, total: value };
      const numbers = ways.flatMap((way) => modes.map((mode) => [`usage.${way}.${mode}`, split[mode]!] as const));
      return {
        'tenant.id': tenant.id,
        'tenant.name': tenant.name,
        'tenant.kind': tenant.kind,
        'application.id': usage.application_id,
        edition: usage.edition,
        name: usage.name,
        measurement_unit: bytes ? 'GiB' : usage.measurement_unit,
        'infra.id': usage.infra_id ?? null,
        'infra.owner_id': null,
        'infra.backend_type': usage.infra_id === undefined ? null : 'abgw',
        ...Object.fromEntries(numbers),
        sku: `SIM-${usage.name.toUpperCase()}`,
      };
    });
}

/** `{"tenant.id": 1}` as `{"tenant": {"id": 1}}`. */
function nested(row: Row): Json {
  const whole: Json = {};
  for (const [name, value] of Object.entries(row)) {
    const path = name.split('.');
    let at = whole;
    for (const part of path.slice(0, -1)) at = (at[part] ??= {}) as Json;
    at[path.at(-1)!] = value;
  }
  return whole;
}

function quoted(cell: string | number | null): string {
  const text = String(cell ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
