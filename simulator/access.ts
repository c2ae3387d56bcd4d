import { randomUUID } from 'node:crypto';
import { badRequest, forbidden, Refusal } from './errors.js';
import { empty, ok, required, route, type Call, type Json } from './router.js';
import { find } from './users.js';
import { now } from './world.js';

/** Roles, the tenant kinds they fit, and the service of which a user may have one role only. */
const roles: Record<string, { kinds: readonly string[]; service: string }> = {
  root_admin: { kinds: ['root'], service: 'platform' },
  partner_admin: { kinds: ['partner', 'folder'], service: 'platform' },
  company_admin: { kinds: ['customer'], service: 'platform' },
  unit_admin: { kinds: ['unit'], service: 'platform' },
  readonly_admin: { kinds: ['root', 'partner', 'folder', 'customer', 'unit'], service: 'platform' },
  protection_admin: { kinds: ['partner', 'customer', 'unit'], service: 'backup' },
  protection_ro_admin: { kinds: ['partner', 'customer', 'unit'], service: 'backup' },
  cyber_admin: { kinds: ['partner', 'customer', 'unit'], service: 'backup' },
  restore_operator: { kinds: ['customer', 'unit'], service: 'backup' },
  backup_user: { kinds: ['customer', 'unit'], service: 'backup' },
  security_analyst: { kinds: ['customer', 'unit'], service: 'backup' },
  sync_share_admin: { kinds: ['customer', 'unit'], service: 'files_cloud' },
  sync_share_user: { kinds: ['customer', 'unit'], service: 'files_cloud' },
  sync_share_guest: { kinds: ['customer', 'unit'], service: 'files_cloud' },
  notary_admin: { kinds: ['customer', 'unit'], service: 'notary' },
  notary_user: { kinds: ['customer', 'unit'], service: 'notary' },
  hci_admin: { kinds: ['partner', 'folder'], service: 'hci' },
};

function write(call: Call) {
  const user = find(call);
  const items = call.body['items'];
  if (!Array.isArray(items)) throw badRequest('field items is required');
  const services = new Set<string>();
  const written = (items as Json[]).map((item) => {
    const role = required(item, 'role_id');
    const known = roles[role];
    if (known === undefined) throw badRequest(`unknown role ${role}`);
    if (item['trustee_id'] !== user.id) throw new Refusal(409, 409, 'trustee_id differs from the user');
    if (services.has(known.service)) throw new Refusal(409, 409, `two roles of service ${known.service}`);
    services.add(known.service);
    const tenantId = required(item, 'tenant_id');
    const personal = tenantId === user.personal_tenant_id;
    const { kind } = call.world.reach(personal ? user.tenant_id : tenantId, call.caller.tenantId);
    if (!known.kinds.includes(kind)) throw badRequest(`role ${role} does not fit a ${kind}`, 1027);
    const at = now();
    const trustee_type = typeof item['trustee_type'] === 'string' ? item['trustee_type'] : 'user';
    const ids = {
      id: randomUUID(),
      issuer_id: call.caller.clientId ?? user.id,
      trustee_id: user.id,
      tenant_id: tenantId,
    };
    return { ...ids, trustee_type, role_id: role, version: 0, created_at: at, updated_at: at, deleted_at: null };
  });
  call.world.policies.set(user.id, written);
  return ok({ timestamp: now(), items: written });
}

function mail(call: Call) {
  const { id, login } = find(call);
  call.world.mails.push({ userId: id, login, at: now() });
  return empty;
}

function password(call: Call) {
  const user = find(call);
  if (call.caller.clientId === undefined || user.tenant_id === call.caller.tenantId) throw forbidden();
  user.password = required(call.body, 'password');
  user.activated = true;
  return empty;
}

export const accessRoutes = [
  route('GET /users/{id}/access_policies', (call) =>
    ok({ timestamp: now(), items: call.world.policies.get(find(call).id) ?? [] }),
  ),
  route('PUT /users/{id}/access_policies', write),
  route('POST /users/{id}/send-activation-email', mail),
  route('POST /users/{id}/password', password),
  route('PUT /users/{id}/mfa/status', (call) => {
    find(call);
    return { status: 200 };
  }),
];
