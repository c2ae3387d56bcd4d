import type { FieldChange, PlanChanges } from '../../contract/plan-changes.js';
import type { PlanPreview } from '../plan-changes.js';
import { table } from './table.js';

/** What plans would change, as a person reads it: one line for each customer, and what is left as it is. */
export function previewText({ cloud, customers, absent }: PlanPreview): string {
  const left = absent.map(
    ({ source, plan, customers: count }) =>
      `the plan ${plan}, sold by ${source}, is not in plans.json: ${count} customer(s) keep its terms`,
  );
  if (customers.length === 0)
    return [`every customer of the cloud ${cloud} has its plans as they are`, ...left].join('\n');
  const rows = customers.map((one) => [one.ref, one.name ?? '', one.state, one.plans.join(', '), changesText(one)]);
  return [
    table(['CUSTOMER', 'NAME', 'STATE', 'PLANS', 'CHANGES'], rows),
    `${customers.length} customer(s) have other terms of their plans`,
    ...left,
  ].join('\n');
}

function changesText({ tenant, rules, placement, asks, tenantId }: PlanChanges): string {
  const parts = [
    ...(tenant.length > 0 ? tenantTexts(tenant) : ['nothing in its tenant']),
    ...rules.map(changeText),
    ...placement.map((one) => (tenantId === undefined ? changeText(one) : `stays as created: ${changeText(one)}`)),
    ...asks.map(({ field, why }) => `a person is asked about ${field}: ${why}`),
  ];
  return parts.join('; ');
}

/** The quota of an item that is switched on or off has no part of its own. */
function tenantTexts(changes: readonly FieldChange[]): string[] {
  const switched = new Map(changes.filter(isItem).map((one) => [one.field.slice(ITEM.length), one]));
  return changes.flatMap((change) => {
    const { field, from, to } = change;
    const item = field.slice(field.indexOf('.') + 1);
    if (isItem(change)) return to === undefined ? `${item} off` : `${item} on, ${quotaOf(item, changes)}`;
    if (!field.startsWith(QUOTA)) return changeText(change);
    return switched.has(item) ? [] : `${field} ${quotaText(from)} → ${quotaText(to)}`;
  });
}

function isItem({ field }: FieldChange): boolean {
  return field.startsWith(ITEM);
}

function quotaOf(item: string, changes: readonly FieldChange[]): string {
  return quotaText(changes.find(({ field }) => field === `${QUOTA}${item}`)?.to);
}

const ITEM = 'offeringItems.';
const QUOTA = 'quotas.';

function quotaText(quota: unknown): string {
  if (quota === undefined) return 'unlimited';
  const { limit, overage } = quota as { limit: string | number; overage?: string | number };
  return `${limit}${overage === undefined ? '' : ` + ${overage}`}`;
}

function changeText({ field, from, to }: FieldChange): string {
  return `${field} ${valueText(from)} → ${valueText(to)}`;
}

function valueText(value: unknown): string {
  if (value === undefined) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
