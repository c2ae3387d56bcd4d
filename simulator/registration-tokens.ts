import { randomInt } from 'node:crypto';
import type { Tenant } from './entities.js';
import { beginLives } from './machine-lives.js';
import { badRequest, notFound } from './errors.js';
import { isVisible } from './delays.js';
import { noContent, idOf, integer, ok, required, route, type Call, type Json } from './router.js';

export interface RegistrationToken {
  id: number;
  token: string;
  tenantId: string;
  created_at: string;
  expires_at: string;
  scopes: string[];
  hiddenReads: number;
}

const YEAR_SECONDS = 366 * 24 * 3600;
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const scopeForm =
  /^urn:acronis\.com:(tenant-id:[^:]*:backup_agent_admin|:policy_management:[^:|]*\|[^:|]*:apply_revoke)$/;

/** Creates a token that registers machines in a tenant until it expires. Each call creates another one. */
function create(call: Call, tenant: Tenant, status: number) {
  const { world, body } = call;
  const seconds = integer(body['expires_in'], 'expires_in');
  if (seconds < 1 || seconds > YEAR_SECONDS) throw badRequest('expires_in must be between a second and a year');
  const scopes = body['scopes'];
  if (!Array.isArray(scopes) || scopes.length === 0) throw badRequest('field scopes is required');
  for (const scope of scopes as unknown[])
    if (typeof scope !== 'string' || !scopeForm.test(scope)) throw badRequest(`unknown scope ${JSON.stringify(scope)}`);
  const token: RegistrationToken = {
    id: world.timestamp(),
    token: [0, 1, 2].map(() => [0, 1, 2, 3].map(() => letters[randomInt(letters.length)]).join('')).join('-'),
    tenantId: tenant.id,
    created_at: new Date(world.time()).toISOString(),
    expires_at: new Date(world.time() + seconds * 1000).toISOString(),
    scopes: scopes as string[],
    hiddenReads: 0,
  };
  world.registrationTokens.set(token.id, token);
  world.createdByCall.push(token);
  beginLives(world, token);
  return ok(view(call, token), status);
}

function view({ world }: Call, { tenantId, hiddenReads: _hidden, ...token }: RegistrationToken): Json {
  const { numericId } = world.tenants.get(tenantId)!;
  return { ...token, tenant_id: String(numericId), tenant_uuid: tenantId };
}

function list(call: Call, tenantId?: string) {
  const { world, caller } = call;
  const items = [...world.registrationTokens.values()]
    .filter((token) => Date.parse(token.expires_at) > world.time() && isVisible(token))
    .filter((token) =>
      tenantId === undefined ? world.isAccessible(token.tenantId, caller.tenantId) : token.tenantId === tenantId,
    );
  return ok({ items: items.map((token) => view(call, token)) });
}

function remove(call: Call) {
  const { world, ids, caller } = call;
  const token = world.registrationTokens.get(Number(ids[0]));
  if (token === undefined) throw notFound('registration token');
  world.accessibleTenant(token.tenantId, caller.tenantId);
  world.registrationTokens.delete(token.id);
  world.spentSecrets.push({ what: 'a registration token', value: token.token });
  return noContent;
}

const tenantOfPath = (call: Call) => call.world.accessibleTenant(idOf(call), call.caller.tenantId);

/** The older APIs name the tenant in the body, by number or UUID. */
function tenantOfBody({ world, body, caller }: Call): Tenant {
  const named = typeof body['tenant_id'] === 'number' ? String(body['tenant_id']) : required(body, 'tenant_id');
  return world.accessibleTenant(world.byNumber(named)?.id ?? named, caller.tenantId);
}

export const registrationTokenRoutes = [
  route('POST /tenants/{id}/registration_tokens', (call) => create(call, tenantOfPath(call), 200)),
  route('GET /tenants/{id}/registration_tokens', (call) => list(call, tenantOfPath(call).id)),
  route('POST /registration_tokens', (call) => create(call, tenantOfBody(call), 201)),
  route('GET /registration_tokens', (call) => list(call)),
  route('DELETE /registration_tokens/{id}', remove),
];

/** The route of the oldest samples, below `bc/api/account_server`. */
export const oldRegistrationTokenRoutes = [
  route('POST /registration_tokens', (call) => create(call, tenantOfBody(call), 200)),
];
