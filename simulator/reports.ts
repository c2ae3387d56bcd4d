import { badRequest, notFound, staleVersion, unauthorized } from './errors.js';
import { reportText } from './report-texts.js';
import { startProgress, advance, type Progress, isVisible } from './delays.js';
import { noContent, flag, idOf, integer, ok, required, route, type Call, type Json } from './router.js';
import { now, type World } from './world.js';

export interface Report {
  id: string;
  tenantId: string;
  version: number;
  parameters: Json & { level: string; kind: string; formats: string[] };
  schedule: { type: string; enabled: boolean };
  result_action: string;
  recipients: string[];
  generation_date: string;
  created_at: string;
  progress: Progress;
  /** One per format. */
  stored: { id: string; format: string; text?: string }[];
  hiddenReads: number;
}

const words = {
  level: ['itself', 'direct_partners', 'all_partners', 'all_customers', 'accounts'],
  kind: ['usage_daily', 'usage_summary', 'usage_current', 'usage_breakdown'],
  formats: ['csv', 'html', 'json_v1', 'csv_v2_0', 'json_v2_0'],
  type: ['once', 'monthly'],
  result_action: ['save', 'send'],
};

function known(field: keyof typeof words, value: unknown): string {
  if (typeof value !== 'string' || !words[field].includes(value))
    throw badRequest(`unknown ${field} ${JSON.stringify(value)}`);
  return value;
}

function create({ world, body, caller }: Call) {
  // the vendor does not accept Basic authentication here
  if (caller.value === '') throw unauthorized();
  const wanted = (body['parameters'] ?? {}) as Json;
  const tenant = world.accessibleTenant(required(wanted, 'tenant_id').toLowerCase(), caller.tenantId);
  const schedule = (body['schedule'] ?? {}) as Json;
  const formats = Array.isArray(wanted['formats']) ? (wanted['formats'] as unknown[]) : ['csv_v2_0'];
  const report: Report = {
    id: world.newId(),
    tenantId: tenant.id,
    version: 1,
    parameters: {
      period: { start: `${now().slice(0, 7)}-01`, end: now().slice(0, 10) },
      ...wanted,
      level: known('level', wanted['level']),
      kind: known('kind', wanted['kind']),
      formats: formats.map((format) => known('formats', format)),
      hide_zero_usage: flag(wanted['hide_zero_usage']) ?? false,
      show_skus: flag(wanted['show_skus']) ?? false,
    },
    schedule: { type: known('type', schedule['type']), enabled: flag(schedule['enabled']) ?? true },
    result_action: known('result_action', body['result_action']),
    recipients: recipientsOf(body),
    generation_date: typeof body['generation_date'] === 'string' ? body['generation_date'] : now().slice(0, 10),
    created_at: now(),
    progress: startProgress(world.reportDelay, 'saved'),
    stored: formats.map((format) => ({ id: world.newId(), format: String(format) })),
    hiddenReads: 0,
  };
  checkPeriod(wanted['period']);
  world.reports.set(report.id, report);
  world.createdByCall.push(report);
  return ok(view(report));
}

function recipientsOf(body: Json): string[] {
  const recipients = Array.isArray(body['recipients']) ? (body['recipients'] as string[]) : [];
  if (body['result_action'] === 'send' && recipients.length === 0) throw badRequest('field recipients is required');
  return recipients;
}

function checkPeriod(period: unknown): void {
  if (period === undefined || period === null) return;
  const today = now().slice(0, 10);
  const { start, end } = period as Json;
  for (const day of [start, end])
    if (typeof day !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(day) || day > today)
      throw badRequest('period must be of days that are not in the future');
  if (String(start) > String(end)) throw badRequest('period must not end before it starts');
}

function view({
  tenantId,
  created_at: _created,
  progress: _progress,
  stored: _stored,
  hiddenReads: _hidden,
  ...report
}: Report): Json {
  return { ...report, parameters: { ...report.parameters, tenant_id: tenantId } };
}

function find(call: Call): Report {
  const report = call.world.reports.get(idOf(call));
  if (report === undefined || !isVisible(report)) throw notFound('report');
  call.world.accessibleTenant(report.tenantId, call.caller.tenantId);
  return report;
}

/** One entry per format. A monthly report has no entries yet. */
function stored(call: Call) {
  const report = find(call);
  if (report.schedule.type === 'monthly') return ok({ items: [] });
  const status = advance(report.progress) ?? 'in_progress';
  return ok({
    items: report.stored.map((file) => ({
      id: file.id,
      report_format: file.format,
      size: status === 'saved' ? Buffer.byteLength(textOf(call.world, report, file)) : 0,
      created_at: report.created_at,
      status,
    })),
  });
}

/** A saved file does not change, whatever is used afterwards. */
function textOf(world: World, report: Report, file: Report['stored'][number]): string {
  return (file.text ??= reportText(world, report, file.format));
}

function download(call: Call) {
  const report = find(call);
  const file = report.stored.find(({ id }) => id === idOf(call, 1));
  if (file === undefined || advance({ ...report.progress }) !== 'saved') throw notFound('stored report');
  const body = textOf(call.world, report, file);
  return { status: 200, body, headers: { 'Content-Type': 'application/octet-stream' } };
}

function change(call: Call) {
  const report = find(call);
  if (report.schedule.type !== 'monthly') throw badRequest('only a scheduled report can be changed', 1027);
  const { parameters = {}, schedule = {} } = call.body as { parameters?: Json; schedule?: Json };
  if ('level' in parameters) known('level', parameters['level']);
  if ('kind' in parameters) known('kind', parameters['kind']);
  Object.assign(report.parameters, parameters);
  report.schedule.enabled = flag(schedule['enabled']) ?? report.schedule.enabled;
  if ('recipients' in call.body) report.recipients = recipientsOf(call.body);
  report.version += 1;
  return ok(view(report));
}

function remove(call: Call) {
  const report = find(call);
  const version = integer(call.query.get('version') ?? undefined, 'version');
  if (version !== report.version) throw staleVersion(version, report.version);
  call.world.reports.delete(report.id);
  return noContent;
}

function listOfTenant(call: Call) {
  const { id } = call.world.accessibleTenant(idOf(call), call.caller.tenantId);
  const mine = [...call.world.reports.values()].filter((report) => report.tenantId === id && isVisible(report));
  return ok({ items: mine.map((report) => report.id) });
}

export const reportRoutes = [
  route('POST /reports', create),
  route('GET /reports/{id}', (call) => ok(view(find(call)))),
  route('PUT /reports/{id}', change),
  route('DELETE /reports/{id}', remove),
  route('GET /reports/{id}/stored', stored),
  route('GET /reports/{id}/stored/{id}', download),
  route('GET /tenants/{id}/reports', listOfTenant),
];
