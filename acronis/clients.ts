import { z } from 'zod';
import type { Http } from './http.js';
import { byLogin, type Login } from './pass.js';
import { allPages } from './paging.js';
import { absent, anyId, decisive, guid } from './shapes.js';
import { agrees, isSameText, made } from './shown.js';

const clientShape = z.object({
  client_id: anyId,
  /** The tenant under which the client may act. */
  tenant_id: guid,
  type: absent(z.string()),
  /** `enabled` or `disabled`. */
  status: absent(z.string()),
  origin_id: decisive(z.string()),
  created_at: absent(z.string()),
  data: decisive(z.object({ client_name: absent(z.string()), tenantry_mark: decisive(z.string()) })).transform(
    (data) => data ?? { client_name: null, tenantry_mark: null },
  ),
});
const createdShape = clientShape.extend({ client_secret: z.string().min(1) });

/** An API client. */
export type ApiClient = z.output<typeof clientShape>;

/** A new API client with its secret, which is told this once and never again. */
export type CreatedApiClient = z.output<typeof createdShape>;

/** What an API client is made with. */
export interface NewApiClient {
  tenant_id: string;
  /** What people see, and what else the caller writes down: the platform keeps it as it is. */
  data: { client_name: string; tenantry_mark?: string | undefined };
  /** The caller's own word, by which `list` finds it. */
  origin_id?: string | undefined;
}

/** A change to an API client. Fields left out stay as they are. */
export interface ApiClientChange {
  data?: { client_name: string } | undefined;
  /** A disabled client gets no more tokens; those it has live on until they expire. */
  status?: 'enabled' | 'disabled' | undefined;
  origin_id?: string | undefined;
}

/** @see https://developer.acronis.com/doc/account-management/v2/reference/ (clients) */
export interface Clients {
  /** The API client, without its secret. Fails with `not-found`. Safe to repeat. */
  get(id: string): Promise<ApiClient>;
  /** The API clients with that mark, without their secrets. Safe to repeat. */
  list(by: { originId: string }): Promise<ApiClient[]>;
  /**
   * Makes an API client with the rights of whoever makes it: us, or the user whose login is given. Not safe to repeat: when the answer
   * is lost the secret is too, so look for the mark, delete what is found, and make another. Fails with `forbidden` when the login is
   * refused, as it always is where the account demands a second factor.
   */
  create(fields: NewApiClient, login?: Login): Promise<CreatedApiClient>;
  /** Changes the fields given. Safe to repeat. */
  update(id: string, change: ApiClientChange): Promise<ApiClient>;
  /** Deletes an API client. A repeat is `not-found`. */
  remove(id: string): Promise<void>;
}

/** The calls on API clients. */
export function createClients(http: Http): Clients {
  return {
    get: async (id) => http.read({ operation: 'clients.get', route: 'GET /clients/{id}', id }, clientShape),
    list: async ({ originId }) => {
      const call = { operation: 'clients.list', route: 'GET /clients', query: { origin_id: originId } };
      return allPages(http, call, clientShape);
    },
    create: async (fields, login) => {
      const json = { type: 'api_client', token_endpoint_auth_method: 'client_secret_basic', ...fields };
      const call = { operation: 'clients.create', route: 'POST /clients', json };
      const client = await http.read({ ...call, ...(login && { pass: byLogin(login) }) }, createdShape);
      return made(call, client, identity(fields, client));
    },
    update: async (id, change) =>
      http.read({ operation: 'clients.update', route: 'PUT /clients/{id}', id, json: change }, clientShape),
    async remove(id) {
      await http.send({ operation: 'clients.remove', success: [204], route: 'DELETE /clients/{id}', id });
    },
  };
}

/** By what an API client is known, and which of it is as it was sent. */
function identity({ tenant_id, origin_id, data }: NewApiClient, client: ApiClient): Record<string, boolean> {
  return {
    tenant_id: isSameText(tenant_id, client.tenant_id),
    origin_id: agrees(origin_id, client.origin_id),
    client_name: isSameText(data.client_name, client.data.client_name),
    tenantry_mark: agrees(data.tenantry_mark, client.data.tenantry_mark),
    status: client.status !== 'disabled',
  };
}

/** Asks once for the root tenant of a client and remembers it. All who ask at once share one call; failures are forgotten. */
export function createRootTenant(clients: Clients, clientId: string): () => Promise<string> {
  let asked: Promise<string> | undefined;
  return () => {
    asked ??= clients.get(clientId).then(
      ({ tenant_id }) => tenant_id,
      (error: unknown) => {
        asked = undefined;
        throw error;
      },
    );
    return asked;
  };
}
