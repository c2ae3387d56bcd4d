import { z } from 'zod';
import type { HttpClient } from './http-client.js';
import { basicAuth, type Login } from './credentials.js';
import { allPages } from './paging.js';
import { optional, anyId, decisive, guid, time } from './shapes.js';
import {
  isConsistent,
  isSameText,
  confirmAsked,
  confirmChange,
  confirmCreation,
  type Comparison,
} from './confirmation.js';

const clientShape = z.object({
  client_id: anyId,
  /** The tenant under which the client may act. */
  tenant_id: guid,
  type: optional(z.string()),
  /** `enabled` or `disabled`. */
  status: optional(z.string()),
  origin_id: decisive(z.string()),
  created_at: optional(time),
  data: decisive(z.object({ client_name: optional(z.string()), tenantry_mark: decisive(z.string()) })).transform(
    (data) => data ?? { client_name: null, tenantry_mark: null },
  ),
});
const createdShape = clientShape.extend({ client_secret: z.string().min(1) });

/** An API client. */
export type ApiClient = z.output<typeof clientShape>;

/** A new API client with its secret, which the cloud shows only once. */
export type CreatedApiClient = z.output<typeof createdShape>;

/** The fields of a new API client. */
export interface NewApiClient {
  tenant_id: string;
  /** The name that people see, and other data of the caller, which the platform keeps unchanged. */
  data: { client_name: string; tenantry_mark?: string | undefined };
  /** Chosen by the caller; `list` finds the client by it. */
  origin_id?: string | undefined;
}

/** A change to an API client. Fields left out stay as they are. */
export interface ApiClientChange {
  data?: { client_name: string } | undefined;
  /** A disabled client gets no new tokens; those it has stay valid until they expire. */
  status?: 'enabled' | 'disabled' | undefined;
  origin_id?: string | undefined;
}

/**
 * The calls for API clients.
 * @see https://developer.acronis.com/doc/account-management/v2/reference/ (clients)
 */
export function createClients(http: HttpClient) {
  return {
    /** The API client, without its secret. Fails with `not-found`. Safe to repeat. */
    get: async (id: string): Promise<ApiClient> => {
      const call = { operation: 'clients.get', route: 'GET /clients/{id}', id };
      const client = await http.read(call, clientShape);
      return confirmAsked(call, client, { client_id: isSameText(id, client.client_id) });
    },
    /** The API clients with that origin id, without their secrets. Safe to repeat. */
    list: async ({ originId }: { originId: string }): Promise<ApiClient[]> => {
      const call = { operation: 'clients.list', route: 'GET /clients', query: { origin_id: originId } };
      return allPages(http, call, clientShape, (client) => ({ origin_id: isOfOrigin(client, originId) }));
    },
    /**
     * Creates an API client with the rights of its creator: us, or the user whose login is given. Not safe to repeat: if
     * the answer is lost, so is the secret. Then find the client by its mark, delete it and create another. Fails with
     * `forbidden` when the login is refused, which always happens when the account demands a second factor.
     */
    create: async (fields: NewApiClient, login?: Login): Promise<CreatedApiClient> => {
      const json = { type: 'api_client', token_endpoint_auth_method: 'client_secret_basic', ...fields };
      const call = { operation: 'clients.create', route: 'POST /clients', json };
      const client = await http.read({ ...call, ...(login && { credentials: basicAuth(login) }) }, createdShape);
      return confirmCreation(call, client, compareIdentity(fields, client));
    },
    /** Changes the fields given. Safe to repeat. */
    update: async (id: string, change: ApiClientChange): Promise<ApiClient> => {
      const call = { operation: 'clients.update', route: 'PUT /clients/{id}', id, json: change };
      const client = await http.read(call, clientShape);
      confirmAsked(call, client, { client_id: isSameText(id, client.client_id) });
      return confirmChange(call, client, hasChange(client, change));
    },
    /** Deletes an API client. A repeat is `not-found`. */
    async remove(id: string): Promise<void> {
      await http.send({ operation: 'clients.remove', successStatuses: [204], route: 'DELETE /clients/{id}', id });
    },
  };
}

/** The fields that identify an API client, and whether the answer has them as sent. */
function compareIdentity({ tenant_id, origin_id, data }: NewApiClient, client: ApiClient): Comparison {
  return {
    tenant_id: isSameText(tenant_id, client.tenant_id),
    origin_id: isConsistent(origin_id, client.origin_id),
    client_name: isSameText(data.client_name, client.data.client_name),
    tenantry_mark: isConsistent(data.tenantry_mark, client.data.tenantry_mark),
    status: client.status !== 'disabled',
  };
}

/** A client without origin is not of this one, unless its mark says that this product has created it. */
function isOfOrigin({ origin_id, data }: ApiClient, asked: string): boolean {
  return origin_id === null ? data.tenantry_mark !== null : origin_id === asked;
}

/** A status that we do not know contradicts nothing. */
function hasChange({ status, origin_id, data }: ApiClient, sent: ApiClientChange): boolean {
  const isStatus = !['enabled', 'disabled'].includes(status ?? '') || isConsistent(sent.status, status);
  return isStatus && isConsistent(sent.origin_id, origin_id) && isSameText(sent.data?.client_name, data.client_name);
}

/**
 * Reads the root tenant of a client once and remembers it. Concurrent callers share one call; a failure is not
 * remembered.
 */
export function createRootTenant(clients: ReturnType<typeof createClients>, clientId: string): () => Promise<string> {
  let pending: Promise<string> | undefined;
  return () => {
    pending ??= clients.get(clientId).then(
      ({ tenant_id }) => tenant_id,
      (error: unknown) => {
        pending = undefined;
        throw error;
      },
    );
    return pending;
  };
}
