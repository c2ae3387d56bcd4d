import type { Alert, AlertFilter, Page, PageCursor } from '../acronis/index.js';
import { scopedClient, toUtc, type Lookup, type Scope } from './lookup.js';

/** A message of the cloud that somebody should read. */
export interface AlertRow {
  severity: string | null;
  type: string | null;
  category: string | null;
  resource: string | null;
  plan: string | null;
  tenantNumber: string | null;
  createdAt: string | null;
  updatedAt: string | null;
  dismissedAt: string | null;
  id: string;
}

export interface AlertsFilter extends Pick<AlertFilter, 'severity' | 'type' | 'category'> {
  /** Only alerts raised or dismissed since. */
  since: Date;
  /** Part of the name of a plan or resource. */
  name?: string | undefined;
  /** Includes dismissed alerts. */
  dismissed?: boolean | undefined;
}

/** The alerts of the tenant, newest first. */
export const alerts: Lookup<AlertsFilter, AlertRow> = {
  fields: [
    'severity',
    'type',
    'category',
    'resource',
    'plan',
    'tenantNumber',
    'createdAt',
    'updatedAt',
    'dismissedAt',
    'id',
  ],
  async *find(scope, filter) {
    for await (const alert of (await scopedClient(scope)).alerts.list(toAlertFilter(filter))) yield toRow(alert);
  },
};

/** One page of the alerts, with the cursors of the pages before and after it. */
export async function alertsPage(scope: Scope, filter: AlertsFilter, cursor: PageCursor): Promise<Page<AlertRow>> {
  const { items, ...cursors } = await (await scopedClient(scope)).alerts.page(toAlertFilter(filter), cursor);
  return { items: items.map(toRow), ...cursors };
}

function toAlertFilter({ since, severity, type, category, name, dismissed }: AlertsFilter): AlertFilter {
  return { severity, type, category, updatedAfter: since, query: name, showDeleted: dismissed };
}

function toRow({ details, ...alert }: Alert): AlertRow {
  const detail = (field: string) => (typeof details[field] === 'string' ? details[field] : null);
  return {
    severity: alert.severity,
    type: alert.type,
    category: alert.category,
    resource: detail('resourceName'),
    plan: detail('planName'),
    tenantNumber: alert.tenant?.id ?? null,
    createdAt: toUtc(alert.createdAt),
    updatedAt: toUtc(alert.updatedAt),
    dismissedAt: toUtc(alert.deletedAt),
    id: alert.id,
  };
}
