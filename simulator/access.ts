import { BACKUP_APPLICATION, FILES_APPLICATION } from './catalogue.js';
import type { Policy, User } from './entities.js';
import { badRequest, forbidden, Refusal } from './errors.js';
import { roles } from './roles.js';
import { noContent, ok, required, route, type Call, type Json } from './router.js';
import { itemsOf } from './tenant-items.js';
import { findUser } from './user-changes.js';
import { now, type World } from './world.js';

function write(call: Call) {
  const user = findUser(call);
  const items = call.body['items'];
  if (!Array.isArray(items)) throw badRequest('field items is required');
  const services = new Set<string>();
  const written = (items as Json[]).map((item) => {
    const { service } = roleOf(call, user, item);
    if (services.has(service)) throw new Refusal(409, 409, `two roles of service ${service}`);
    services.add(service);
    return stored(call, user, item);
  });
  replacePolicies(call.world, user, written);
  for (const service of services) addPersonalQuotas(call.world, user, service);
  return ok({ timestamp: now(), items: written });
}

/** Gives a user these roles instead of its own. Those that it had stay on record with the time at which they were taken. */
function replacePolicies({ policies, takenPolicies }: World, user: User, written: Policy[]): void {
  const at = now();
  const had = (policies.get(user.id) ?? []).map((policy) => ({ ...policy, updated_at: at, deleted_at: at }));
  takenPolicies.set(user.id, [...(takenPolicies.get(user.id) ?? []), ...had]);
  policies.set(user.id, written);
  user.updated_at = at;
}

/** The roles of a user; on request also those that were taken from it. A deleted user has lost all of its roles. */
export function policiesOf({ policies, takenPolicies }: World, { id, deleted_at }: User, withTaken: boolean): Policy[] {
  const held = policies.get(id) ?? [];
  if (!withTaken) return deleted_at === null ? held : [];
  const shown = deleted_at === null ? held : held.map((policy) => ({ ...policy, updated_at: deleted_at, deleted_at }));
  return [...(takenPolicies.get(id) ?? []), ...shown];
}

function roleOf({ world, caller }: Call, user: User, item: Json) {
  const role = required(item, 'role_id');
  const known = roles[role];
  if (known === undefined) throw badRequest(`unknown role ${role}`);
  if (item['trustee_id'] !== user.id) throw new Refusal(409, 409, 'trustee_id differs from the user');
  const tenantId = required(item, 'tenant_id');
  const personal = tenantId === user.personal_tenant_id;
  const { kind } = world.visibleTenant(personal ? user.tenant_id : tenantId, caller.tenantId);
  if (!known.kinds.includes(kind)) throw badRequest(`role ${role} does not fit a ${kind}`, 1027);
  return known;
}

function stored({ world, caller }: Call, { id: trustee_id }: User, item: Json): Policy {
  const at = now();
  return {
    id: world.newId(),
    issuer_id: caller.clientId ?? trustee_id,
    trustee_id,
    trustee_type: typeof item['trustee_type'] === 'string' ? item['trustee_type'] : 'user',
    tenant_id: required(item, 'tenant_id'),
    role_id: required(item, 'role_id'),
    version: 0,
    created_at: at,
    updated_at: at,
    deleted_at: null,
  };
}

/** A user with a role of a service gets the items of that service, with the limits of the tenant. */
function addPersonalQuotas(world: World, { tenant_id, personal_tenant_id }: User, service: string): void {
  const application = service === 'backup' ? BACKUP_APPLICATION : service === 'files_cloud' ? FILES_APPLICATION : '';
  if (personal_tenant_id === null) return;
  const own = itemsOf(world, personal_tenant_id);
  const given = itemsOf(world, tenant_id).filter((row) => row.application_id === application && row.status === 1);
  for (const row of given.filter(({ name }) => !own.some((one) => one.name === name)))
    own.push({ ...row, tenant_id: personal_tenant_id });
}

function mail(call: Call) {
  const { id, login } = findUser(call);
  call.world.mails.push({ userId: id, login, at: now() });
  return noContent;
}

function password(call: Call) {
  const user = findUser(call);
  if (call.caller.clientId === undefined || user.tenant_id === call.caller.tenantId) throw forbidden();
  user.password = required(call.body, 'password');
  user.activated = true;
  user.updated_at = now();
  return noContent;
}

export const accessRoutes = [
  route('GET /users/{id}/access_policies', (call) =>
    ok({ timestamp: now(), items: policiesOf(call.world, findUser(call), false) }),
  ),
  route('PUT /users/{id}/access_policies', write),
  route('POST /users/{id}/send-activation-email', mail),
  route('POST /users/{id}/password', password),
];
