import { z } from 'zod';
import type { HttpClient } from './http-client.js';
import { allPages } from './paging.js';
import { optional, anyId, decisive, idAsText, decisiveListOf, time } from './shapes.js';
import { isSameText, confirmCreation } from './confirmation.js';

const tokenShape = z.object({
  /** A whole number in the answers, a UUID in the reference. */
  id: idAsText,
  /** The token that an installer needs: a secret until it expires. */
  token: z.string().min(1),
  tenant_uuid: optional(anyId),
  created_at: decisive(time),
  expires_at: decisive(time),
  scopes: decisiveListOf(z.string()),
});

/** Lets agents register themselves in a tenant until it expires. */
export type RegistrationToken = z.output<typeof tokenShape>;

/**
 * The calls for registration tokens.
 * @see https://developer.acronis.com/doc/account-management/v2/reference/ (registration tokens)
 */
export function createRegistrationTokens(http: HttpClient) {
  return {
    /**
     * Creates a token for a customer or for a user's personal tenant, valid for at most a year. Each call creates
     * another, which expires.
     */
    create: async (id: string, fields: { expires_in: number; scopes: string[] }): Promise<RegistrationToken> => {
      const call = { operation: 'registrationTokens.create', route: 'POST /tenants/{id}/registration_tokens', id };
      const token = await http.read({ ...call, json: fields }, tokenShape);
      const hasScope = (scope: string) => token.scopes.some((one) => isSameText(scope, one));
      return confirmCreation(call, token, {
        tenant_uuid: isSameText(id, token.tenant_uuid),
        scopes: token.scopes.length === 0 || fields.scopes.every(hasScope),
      });
    },
    /** The tenant's tokens. Safe to repeat. */
    list: async (id: string): Promise<RegistrationToken[]> => {
      const call = { operation: 'registrationTokens.list', route: 'GET /tenants/{id}/registration_tokens', id };
      return allPages(http, call, tokenShape, ({ tenant_uuid }) => ({ tenant_uuid: isSameText(id, tenant_uuid) }));
    },
    /** Revokes a token. A repeat is `not-found`. */
    async remove(id: string): Promise<void> {
      const call = { operation: 'registrationTokens.remove', route: 'DELETE /registration_tokens/{id}', id };
      await http.send({ ...call, successStatuses: [204] });
    },
  };
}
