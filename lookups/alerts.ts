import type { Alert, AlertFilter, Page, PageCursor } from '../acronis/index.js';
import { scopedClient, type Lookup, type Scope } from './lookup.js';
import { toUtc } from './times.js';

/** Something that people should know of. */
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
  /** Only what was raised or dismissed since. */
  since: Date;
  /** Part of the name of a plan or resource. */
  name?: string | undefined;
  /** With those that people have dismissed. */
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
    for await (const alert of (await scopedClient(scope)).alerts.list(vendorFilter(filter))) yield alertRow(alert);
  },
};

/** One page of the same, and the places of the pages before and after it, from which to go on in either direction. */
export async function alertsPage(scope: Scope, filter: AlertsFilter, place: PageCursor): Promise<Page<AlertRow>> {
  const { items, ...places } = await (await scopedClient(scope)).alerts.page(vendorFilter(filter), place);
  return { items: items.map(alertRow), ...places };
}

function vendorFilter({ since, severity, type, category, name, dismissed }: AlertsFilter): AlertFilter {
  return { severity, type, category, updatedAfter: since, query: name, showDeleted: dismissed };
}

function alertRow({ details, ...alert }: Alert): AlertRow {
  const said = (field: string) => (typeof details[field] === 'string' ? details[field] : null);
  return {
    severity: alert.severity,
    type: alert.type,
    category: alert.category,
    resource: said('resourceName'),
    plan: said('planName'),
    tenantNumber: alert.tenant?.id ?? null,
    createdAt: toUtc(alert.createdAt),
    updatedAt: toUtc(alert.updatedAt),
    dismissedAt: toUtc(alert.deletedAt),
    id: alert.id,
  };
}
