import { badRequest, notFound } from './errors.js';
import { matchesFilter, matchesFilters, sortItems } from './filters.js';
import { pageWithBothCursors, applyCursor } from './paging.js';
import { isVisible } from './delays.js';
import { noContent, flag, idOf, listOf, ok, required, route, type Call, type Json } from './router.js';
import { now, type World } from './world.js';

export interface Alert {
  id: string;
  tenantId: string;
  type: string;
  severity: string;
  category: string;
  details: Json;
  createdAt: string;
  receivedAt: string;
  updatedAt: string;
  deletedAt: string | null;
  falsePositive: boolean;
  hiddenReads: number;
}

/** Every type of alert, with its category and severity. */
const types: Record<string, { category: string; severity: string }> = {
  BackupFailed: { category: 'Backup', severity: 'critical' },
  BackupCanceled: { category: 'Backup', severity: 'warning' },
  AgentOffline: { category: 'System', severity: 'error' },
  QuotaSoftExceeded: { category: 'Licensing', severity: 'warning' },
  MalwareDetected: { category: 'Malware protection', severity: 'critical' },
  PlanApplied: { category: 'System', severity: 'information' },
};
/** From harmless to worst. */
const severities = ['ok', 'information', 'warning', 'error', 'critical'];

export interface NewAlert {
  tenantId: string;
  type: string;
  severity?: string;
  details?: Json;
  at?: string;
}

export function addAlert(world: World, { tenantId, type, severity, details = {}, at = now() }: NewAlert): Alert {
  const kind = types[type];
  if (kind === undefined) throw badRequest(`unknown type ${type}`);
  const stamps = { createdAt: at, receivedAt: at, updatedAt: at, deletedAt: null };
  const facts = { type, category: kind.category, severity: severity ?? kind.severity, details };
  const alert = { id: world.newId(), tenantId, ...facts, ...stamps, falsePositive: false, hiddenReads: 0 };
  world.alerts.set(alert.id, alert);
  world.createdByCall.push(alert);
  return alert;
}

function view(world: World, { tenantId, hiddenReads: _hidden, deletedAt, ...alert }: Alert): Json {
  const tenant = world.tenants.get(tenantId)!;
  const deletion = deletedAt === null ? {} : { deletedAt };
  return { ...alert, ...deletion, tenant: { id: String(tenant.numericId), locator: world.locator(tenant) } };
}

const nanoseconds = (time: string | null) => (time === null ? null : `${Date.parse(time)}000000`);
const ranks = { severity: (word: string) => severities.indexOf(word) };

function selected({ world, caller }: Call, query: URLSearchParams): Alert[] {
  const [deleted, only] = ['show_deleted', 'show_deleted_only'].map((name) => query.get(name) === 'true');
  const [skip, text] = [listOf(query, 'skip'), query.get('query')?.toLowerCase()];
  return [...world.alerts.values()]
    .filter(({ deletedAt }) => (deletedAt === null ? only !== true : deleted === true || only === true))
    .filter(
      (one) => world.isAccessible(one.tenantId, caller.tenantId) && isVisible(one) && skip?.includes(one.id) !== true,
    )
    .filter(({ details }) => text === undefined || JSON.stringify(details).toLowerCase().includes(text))
    .filter((one) => isAsked(world, one, query));
}

function isAsked(world: World, one: Alert, query: URLSearchParams): boolean {
  const { id, type, category, severity, details } = one;
  const { planId, resourceId, planName, resourceName } = details as Record<string, string>;
  const facts = {
    id,
    type,
    category,
    severity,
    planId,
    resourceId,
    tenant: world.tenants.get(one.tenantId)!.numericId,
  };
  const stamps = { created_at: one.createdAt, updated_at: one.updatedAt, deleted_at: one.deletedAt };
  const times = Object.fromEntries(Object.entries(stamps).map(([name, time]) => [name, nanoseconds(time)]));
  const named = Object.entries({ planName, resourceName }).every(([name, value]) => {
    const asked = query.get(name);
    return asked === null || matchesFilter(asked.includes('(') ? asked : `like(${asked})`, value);
  });
  return named && matchesFilters(query, { ...facts, ...times }, ranks);
}

const sortable: Record<string, string> = { created_at: 'createdAt', updated_at: 'updatedAt', deleted_at: 'deletedAt' };

function list(call: Call) {
  const query = applyCursor(call.query);
  const order = query.get('order')?.replace(/\w+(?=\))/, (field) => sortable[field] ?? field) ?? null;
  const { items, paging } = pageWithBothCursors(sortItems(selected(call, query) as (Alert & Json)[], order), query);
  return ok({ items: items.map((one) => view(call.world, one)), paging });
}

function create({ world, body, caller }: Call) {
  const named = typeof body['tenantID'] === 'string' ? world.byNumber(body['tenantID'])?.id : caller.tenantId;
  const { id } = world.accessibleTenant(named ?? '', caller.tenantId);
  if (typeof body['details'] !== 'object' || body['details'] === null) throw badRequest('field details is required');
  const details = { ...(body['details'] as Json), ...(body['context'] as Json | undefined) };
  const severity = typeof body['severity'] === 'string' ? { severity: body['severity'] } : {};
  return ok({ id: addAlert(world, { tenantId: id, type: required(body, 'type'), details, ...severity }).id });
}

function find(call: Call): Alert {
  const alert = call.world.alerts.get(idOf(call));
  const shown = alert !== undefined && (alert.deletedAt === null || call.query.get('show_deleted') === 'true');
  if (!shown || !isVisible(alert)) throw notFound('alert');
  call.world.accessibleTenant(alert.tenantId, call.caller.tenantId);
  return alert;
}

/** Without a filter this dismisses all alerts that the caller sees. */
function dismiss(alerts: readonly Alert[]) {
  for (const alert of alerts) Object.assign(alert, { deletedAt: now(), updatedAt: now() });
  return noContent;
}

function mark(call: Call) {
  Object.assign(find(call), { falsePositive: flag(call.body['falsePositive']) ?? true, updatedAt: now() });
  return noContent;
}

function stats(call: Call) {
  const found = selected(call, call.query);
  return ok({
    count: found.length,
    modifiedAt:
      found
        .map(({ updatedAt }) => updatedAt)
        .sort()
        .at(-1) ?? null,
  });
}

const described = Object.entries(types).map(([id, one]) => ({ id, ...one }));

export const alertRoutes = [
  route('GET /alerts', list),
  route('POST /alerts', create),
  route('GET /alerts/{id}', (call) => ok(view(call.world, find(call)))),
  route('DELETE /alerts/{id}', (call) => dismiss([find(call)])),
  route('DELETE /alerts', (call) => dismiss(selected(call, call.query))),
  route('PATCH /alerts/{id}/false_positive', mark),
  route('GET /types', () => ok({ items: described })),
  route('GET /types/{id}', (call) => {
    const found = described.find(({ id }) => id === call.ids[0]);
    if (found === undefined) throw notFound('type');
    return ok(found);
  }),
  route('GET /categories', () =>
    ok({ items: [...new Set(described.map(({ category }) => category))].map((id) => ({ id })) }),
  ),
  route('GET /count', (call) => ok({ count: selected(call, call.query).length })),
  route('GET /stats', stats),
];
