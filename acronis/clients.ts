import { z } from 'zod';
import type { Http } from './http.js';

const clientShape = z.object({
  client_id: z.string(),
  /** The tenant under which the client may act. */
  tenant_id: z.guid(),
  type: z.string().nullable().default(null),
  status: z.string().nullable().default(null),
});

/** An API client. */
export type ApiClient = z.output<typeof clientShape>;

/** @see https://developer.acronis.com/doc/account-management/v2/reference/ (clients) */
export interface Clients {
  /** The API client, without its secret. Fails with `not-found`. Safe to repeat. */
  get(id: string): Promise<ApiClient>;
}

/** The calls on API clients. */
export function createClients(http: Http): Clients {
  return {
    get: async (id) => http.read({ operation: 'clients.get', route: 'GET /clients/{id}', id }, clientShape),
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
