import { randomBytes, randomUUID } from 'node:crypto';
import type { Client } from './entities.js';
import { badRequest, notFound } from './errors.js';
import { isVisible } from './delays.js';
import { noContent, idOf, listOf, ok, required, route, type Call, type Json } from './router.js';

function view({ secret: _secret, deleted: _deleted, hiddenReads: _hidden, ...client }: Client): Json {
  return { ...client, client_secret_expires_at: 0, last_access_from_ip: null };
}

function create({ world, body, caller }: Call) {
  const { id } = world.visibleTenant(required(body, 'tenant_id'), caller.tenantId);
  const type = required(body, 'type');
  if (!['api_client', 'managed_client'].includes(type)) throw badRequest(`unknown type ${type}`);
  const client: Client = {
    client_id: world.newId(),
    secret: randomBytes(24).toString('base64url'),
    tenant_id: id,
    type,
    token_endpoint_auth_method: (body['token_endpoint_auth_method'] as string | undefined) ?? 'client_secret_basic',
    data: (body['data'] as Json | undefined) ?? {},
    status: 'enabled',
    origin_id: (body['origin_id'] as string | undefined) ?? null,
    redirect_uris: (body['redirect_uris'] as string[] | undefined) ?? [],
    created_at: new Date().toISOString(),
    created_by: caller.userId ?? caller.clientId ?? id,
    last_access_at: null,
    deleted: false,
    hiddenReads: 0,
  };
  world.clients.set(client.client_id, client);
  world.createdByCall.push(client);
  return ok({ ...view(client), client_secret: client.secret, registration_access_token: randomUUID() }, 201);
}

function find(call: Call): Client {
  const client = call.world.clients.get(idOf(call));
  if (client === undefined || client.deleted || !isVisible(client)) throw notFound('client');
  call.world.visibleTenant(client.tenant_id, call.caller.tenantId);
  return client;
}

function list({ world, query, caller }: Call) {
  const uuids = listOf(query, 'uuids');
  const origin = query.get('origin_id');
  const deleted = query.get('allow_deleted') === 'true';
  const items = [...world.clients.values()]
    .filter((one) => (deleted || !one.deleted) && (uuids === undefined || uuids.includes(one.client_id)))
    .filter((one) => origin === null || one.origin_id === origin)
    .filter((one) => world.isAccessible(one.tenant_id, caller.tenantId) && isVisible(one));
  return ok({ items: items.map(view) });
}

function change(call: Call) {
  const client = find(call);
  const { data, status, origin_id, redirect_uris } = { ...client, ...(call.body as Partial<Client>) };
  if (!['enabled', 'disabled'].includes(status)) throw badRequest(`unknown status ${status}`);
  Object.assign(client, { data, status, origin_id, redirect_uris });
  return ok(view(client));
}

export const clientRoutes = [
  route('POST /clients', create),
  route('GET /clients', list),
  route('GET /clients/{id}', (call) => ok(view(find(call)))),
  route('PUT /clients/{id}', change),
  route('DELETE /clients/{id}', (call) => {
    find(call).deleted = true;
    return noContent;
  }),
];
