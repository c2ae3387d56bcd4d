import type { Item } from './entities.js';
import { badRequest, notFound, Refusal } from './errors.js';
import { rowsOf } from './offering-items.js';
import { empty, idOf, ok, required, route, type Call } from './router.js';
import { BACKUP_APPLICATION, GOOGLE_DR_INFRA, ORDINARY_INFRA } from './seed.js';

const PLATFORM = '7459244f-68f3-3bf4-9f53-5f63ecc1d91f';
const applications = [
  { id: BACKUP_APPLICATION, type: 'backup', name: 'Cyber Protection', api_base_url: '/bc/' },
  {
    id: 'b71b2c18-590a-303c-9d5a-8444fbe713ac',
    type: 'physical_data_shipping',
    name: 'Physical Data Shipping',
    api_base_url: '/pds/',
  },
  { id: 'dfd85a5f-a464-32ab-81fd-99bcc66a070f', type: 'files_cloud', name: 'File Sync & Share', api_base_url: '/fc/' },
  { id: 'f9c5744e-bd1a-36b6-b0f0-ecd7483e1796', type: 'notary', name: 'Notary', api_base_url: '/notary/console' },
  { id: 'cc29685d-a9ca-3e87-a83d-069f18b588f0', type: 'hci', name: 'Cyber Infrastructure', api_base_url: '/hci/' },
  { id: PLATFORM, type: 'platform', name: 'Platform', api_base_url: '/mc/' },
].map((one) => ({ ...one, usages: [] }));

function enabled({ world }: Call, tenantId: string): string[] {
  const on = rowsOf(world, tenantId).filter((row) => row.status === 1);
  return [...new Set([PLATFORM, ...on.map((row) => row.application_id)])];
}

function unbind(call: Call) {
  const app = idOf(call);
  if (app === PLATFORM) throw badRequest('the platform cannot be disabled', 1027);
  const { world, caller } = call;
  for (const { id } of world.subtree(world.reach(idOf(call, 1), caller.tenantId).id))
    for (const row of rowsOf(world, id)) if (row.application_id === app) row.status = 0;
  return empty;
}

function bind(call: Call) {
  if (!applications.some(({ id }) => id === idOf(call))) throw notFound('application');
  call.world.reach(idOf(call, 1), call.caller.tenantId);
  return empty;
}

function targetOf(call: Call, target: string, application: string): { current: Item[]; next: Item[]; missing: Item[] } {
  const { id, parent_id } = call.world.reach(idOf(call), call.caller.tenantId);
  const ofApplication = (row: Item) => row.application_id === application && row.edition !== null;
  const current = rowsOf(call.world, id).filter(
    (row) => ofApplication(row) && row.status === 1 && row.edition !== target,
  );
  const offered = rowsOf(call.world, parent_id).filter((row) => row.edition === target && row.status === 1);
  const usages = new Set(current.map((row) => `${row.usage_name}/${row.infra_id ?? ''}`));
  const next = offered.filter((row) => usages.has(`${row.usage_name}/${row.infra_id ?? ''}`));
  return { current, next, missing: offered.length === 0 ? current : [] };
}

function checkTarget(missing: readonly Item[], target: string): void {
  const items = missing.map(({ application_id, name }) => ({ application_id, name }));
  if (items.length > 0) throw new Refusal(400, 1021, `edition ${target} is not available`, { items });
}

function tryEdition(call: Call) {
  const target = call.query.get('target_edition') ?? '';
  const { current, missing } = targetOf(call, target, call.query.get('application_id') ?? '');
  checkTarget(missing, target);
  return ok({ warnings: current.length === 0 ? [] : ['NewFeaturesBecomeAvailable', 'AllDevicesWithBackupsPreserved'] });
}

function switchEdition(call: Call) {
  const target = required(call.body, 'target_edition');
  const { current, next, missing } = targetOf(call, target, required(call.body, 'application_id'));
  checkTarget(missing, target);
  const rows = rowsOf(call.world, idOf(call));
  const quotas = new Map(current.map((row) => [row.usage_name, row.quota]));
  for (const row of current) {
    row.status = 0;
    delete row.quota;
  }
  for (const { quota: _quota, ...offer } of next) {
    const before = quotas.get(offer.usage_name);
    const version = before === undefined || before.value === null ? 0 : call.world.timestamp();
    rows.push({ ...offer, tenant_id: idOf(call), status: 1, ...(before ? { quota: { ...before, version } } : {}) });
  }
  return ok({ items: rows.filter((row) => row.status === 1), warnings: [] });
}

function infra(id: string) {
  const dr = id === GOOGLE_DR_INFRA;
  const capabilities = [dr ? 'disaster_recovery' : 'backup'];
  return {
    id,
    name: dr ? 'Google DR' : 'Backup storage',
    location_id: 'simulated-location',
    platform_owned: true,
    capabilities,
  };
}

export const serviceRoutes = [
  route('GET /applications', () => ok({ items: applications })),
  route('GET /applications/{id}', (call) => {
    const found = applications.find(({ id }) => id === idOf(call));
    if (found === undefined) throw notFound('application');
    return ok(found);
  }),
  route('GET /tenants/{id}/applications', (call) => {
    const { id } = call.world.reach(idOf(call), call.caller.tenantId);
    return ok({ items: enabled(call, id) });
  }),
  route('GET /tenants/applications', (call) => {
    const tenants = (call.query.get('tenants') ?? '').split(',').filter((id) => id !== '');
    return ok({ items: tenants.map((tenant) => ({ tenant, applications: enabled(call, tenant) })) });
  }),
  route('POST /applications/{id}/bindings/tenants/{id}', bind),
  route('DELETE /applications/{id}/bindings/tenants/{id}', unbind),
  route('GET /tenants/{id}/edition', tryEdition),
  route('PUT /tenants/{id}/edition', switchEdition),
  route('GET /infra', ({ query }) => {
    const uuids = query.get('uuids')?.split(',') ?? [ORDINARY_INFRA, GOOGLE_DR_INFRA];
    return ok({ items: uuids.map(infra) });
  }),
  route('GET /infra/{id}', (call) => ok(infra(idOf(call)))),
];
