import { badRequest, staleVersion } from './errors.js';
import { rowsOf } from './offering-items.js';
import { flag, idOf, integer, ok, route, type Call } from './router.js';

const modes = ['trial', 'production', 'suspended'];

function putPricing(call: Call) {
  const { world, body } = call;
  const { id } = world.reach(idOf(call), call.caller.tenantId);
  const pricing = world.pricing.get(id)!;
  const version = integer(body['version'], 'version');
  if (version !== pricing.version) throw staleVersion(version, pricing.version);
  const mode = body['mode'] ?? pricing.mode;
  if (typeof mode !== 'string' || !modes.includes(mode)) throw badRequest(`unknown mode ${JSON.stringify(mode)}`);
  if (pricing.mode === 'production' && mode === 'trial') throw badRequest('production cannot be taken back', 1027);
  pricing.mode = mode;
  if ('currency' in body) pricing.currency = body['currency'] as string | null;
  pricing.version = world.timestamp();
  return ok({ ...pricing });
}

function twoFactor(call: Call) {
  const { world } = call;
  const { id } = world.reach(idOf(call), call.caller.tenantId);
  const users = world.livingUsers().filter((user) => user.tenant_id === id).length;
  const mfa_status = world.mfa.get(id);
  return ok({ mfa_status, users_count: users, users_with_totp_enabled_count: 0, update_allowed: true });
}

function putTwoFactor(call: Call) {
  const { id, kind } = call.world.reach(idOf(call), call.caller.tenantId);
  if (['folder', 'unit'].includes(kind)) throw badRequest(`not applicable to a ${kind}`, 1027);
  const enabled = flag(call.body['enabled']);
  if (enabled === undefined) throw badRequest('field enabled is required');
  call.world.mfa.set(id, enabled ? 'enabled' : 'disabled');
  return twoFactor(call);
}

function usages(call: Call) {
  const { world } = call;
  const { id, numericId } = world.enter(idOf(call), call.caller.tenantId);
  const used = world.usages.get(id);
  const items = rowsOf(world, id).map((row) => {
    const value = used?.get(row.usage_name) ?? 0;
    const { application_id, name, edition, usage_name, type, measurement_unit, infra_id, status, quota } = row;
    const facts = { application_id, name, edition, usage_name, type, measurement_unit, infra_id };
    const tenant = { tenant_uuid: id, tenant_id: numericId };
    return {
      ...facts,
      ...tenant,
      range_start: '2024-07-01T00:00:00',
      absolute_value: value,
      value,
      offering_item: { status, quota },
    };
  });
  return ok({ items });
}

export const billingRoutes = [
  route('GET /tenants/{id}/pricing', (call) =>
    ok({ ...call.world.pricing.get(call.world.reach(idOf(call), call.caller.tenantId).id) }),
  ),
  route('PUT /tenants/{id}/pricing', putPricing),
  route('GET /tenants/{id}/mfa/status', twoFactor),
  route('PUT /tenants/{id}/mfa/status', putTwoFactor),
  route('GET /tenants/{id}/usages', usages),
];
