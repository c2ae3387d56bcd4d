import { badRequest, notFound } from './errors.js';
import { matchesFilter, sortItems } from './filters.js';
import { pageWithBothCursors, applyCursor } from './paging.js';
import { isVisible } from './delays.js';
import { noContent, listOf, ok, route, type Call, type Json } from './router.js';
import type { World } from './world.js';

export interface Agent {
  id: string;
  tenantId: string;
  hostname: string;
  online: boolean;
  family: string;
  registered: Date;
  upToDate: boolean;
  /** How its next backups end; those after them are `ok`. */
  nextResults: string[];
  hiddenReads: number;
}

function view(
  world: World,
  { id, tenantId, hostname, online, family, registered, upToDate }: Agent,
): Json & { hostname: string } {
  const { numericId, name } = world.tenants.get(tenantId)!;
  const release = { release_id: '24.06', build: '37891' };
  return {
    id,
    name: hostname.split('.')[0]!.toUpperCase(),
    hostname,
    host_id: id,
    online,
    enabled: true,
    auto_update: true,
    tenant: { id: String(numericId), name },
    timezone: 'UTC+00:00',
    platform: {
      family,
      arch: 'X64',
      name: family === 'WINDOWS' ? 'Windows 11 Pro' : family,
      version_major: 10,
      version_minor: 0,
    },
    core_version: { current: release, latest: upToDate ? null : { release_id: '24.07', build: '38000' } },
    installer_version: { current: { major: 24, minor: 6, build_number: 37_891 }, latest: null },
    units: [{ name: 'atp-agent', version: { current: release, latest: null } }],
    meta: {},
    registration_id: id,
    registration_date: registered.toUTCString().replace('GMT', 'UTC'),
    network: {},
    unattended_update: { automatic: true, update_channel: 'current', status: 'OK' },
  };
}

/** Agents of a tenant and of those below it that let their ancestors in. */
function list(call: Call) {
  const { world, headers, caller } = call;
  const query = applyCursor(call.query);
  const asked = query.get('tenant_id') ?? headers['x-apigw-tenant-id'];
  const top = asked === undefined || asked === null ? caller.tenantId : numbered(world, String(asked));
  const within = new Set(
    world.accessibleSubtree(world.accessibleTenant(top, caller.tenantId).id, caller.tenantId).map(({ id }) => id),
  );
  const [host, online, family, current] = ['hostname', 'online', 'os_family', 'up_to_date'].map((name) =>
    query.get(name),
  );
  const found = [...world.agents.values()]
    .filter((agent) => within.has(agent.tenantId) && isVisible(agent))
    .filter(({ hostname }) => !host || matchesFilter(host, hostname))
    .filter((agent) => !online || String(agent.online) === online)
    .filter((agent) => !family || agent.family === family.toUpperCase())
    .filter(({ upToDate }) => !current || String(upToDate) === current)
    .map((agent) => view(world, agent))
    .filter(({ units }) => !query.has('unit') || (units as { name: string }[])[0]!.name === query.get('unit'));
  return ok(pageWithBothCursors(sortItems(found, query.get('order')), query));
}

/** This API knows tenants by their number, never by their UUID. */
function numbered(world: World, id: string): string {
  if (!/^\d+$/.test(id)) throw badRequest('tenant_id must be a number');
  const tenant = world.byNumber(id);
  if (tenant === undefined) throw notFound('tenant');
  return tenant.id;
}

function get(call: Call) {
  const agent = call.world.agents.get(call.ids[0] ?? '');
  if (agent === undefined || !isVisible(agent)) throw notFound('agent');
  call.world.accessibleTenant(agent.tenantId, call.caller.tenantId);
  return ok(view(call.world, agent));
}

/** Removes agents. An agent that does not exist counts as removed. */
function remove({ world, caller }: Call, ids: readonly string[]) {
  for (const id of ids) {
    const agent = world.agents.get(id);
    if (agent !== undefined) world.accessibleTenant(agent.tenantId, caller.tenantId);
    world.agents.delete(id);
  }
  return noContent;
}

export const agentRoutes = [
  route('GET /agents', list),
  route('GET /agents/{id}', get),
  route('DELETE /agents/{id}', (call) => remove(call, call.ids)),
  route('DELETE /agents', (call) => {
    const ids = listOf(call.query, 'id') ?? [];
    if (ids.length === 0) throw badRequest('id is required');
    return remove(call, ids);
  }),
];
