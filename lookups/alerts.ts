import type { Alert, AlertFilter, PageCursor } from '../acronis/index.js';
import { lookup, rowOf, scopedClient, toUtc, type LookUpScope } from './lookup.js';

interface AlertsFilter extends Pick<AlertFilter, 'severity' | 'type' | 'category'> {
  /** Only alerts raised or dismissed since. */
  since: Date;
  /** Part of the name of a plan or resource. */
  name?: string | undefined;
  /** Includes dismissed alerts. */
  dismissed?: boolean | undefined;
}

const fields = {
  severity: ({ severity }: Alert) => severity,
  type: ({ type }: Alert) => type,
  category: ({ category }: Alert) => category,
  resource: (alert: Alert) => detailOf(alert, 'resourceName'),
  plan: (alert: Alert) => detailOf(alert, 'planName'),
  tenantNumber: ({ tenant }: Alert) => tenant?.id ?? null,
  createdAt: ({ createdAt }: Alert) => toUtc(createdAt),
  updatedAt: ({ updatedAt }: Alert) => toUtc(updatedAt),
  dismissedAt: ({ deletedAt }: Alert) => toUtc(deletedAt),
  id: ({ id }: Alert) => id,
};

async function* list(scope: LookUpScope, filter: AlertsFilter): AsyncGenerator<Alert> {
  yield* (await scopedClient(scope)).alerts.list(toAlertFilter(filter));
}

/** The alerts of the tenant, newest first. */
export const alerts = lookup(list, fields);

/** One page of the alerts, with the cursors of the pages before and after it. */
export async function alertsPage(scope: LookUpScope, filter: AlertsFilter, cursor: PageCursor) {
  const { items, ...cursors } = await (await scopedClient(scope)).alerts.page(toAlertFilter(filter), cursor);
  return { items: items.map((alert) => rowOf(fields, alert)), ...cursors };
}

function toAlertFilter({ since, severity, type, category, name, dismissed }: AlertsFilter): AlertFilter {
  return { severity, type, category, updatedAfter: since, query: name, showDeleted: dismissed };
}

function detailOf({ details }: Alert, field: string): string | null {
  const detail = details[field];
  return typeof detail === 'string' ? detail : null;
}
