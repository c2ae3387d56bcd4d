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

/** @see https://developer.acronis.com/doc/account-management/v2/reference/ (registration tokens) */
export interface RegistrationTokens {
  /**
   * Creates a token for a customer or for a user's personal tenant, valid for at most a year. Each call creates
   * another, which expires.
   */
  create(tenantId: string, fields: { expires_in: number; scopes: string[] }): Promise<RegistrationToken>;
  /** The tenant's tokens. Safe to repeat. */
  list(tenantId: string): Promise<RegistrationToken[]>;
  /** Revokes a token. A repeat is `not-found`. */
  remove(id: string): Promise<void>;
}

/** The calls for registration tokens. */
export function createRegistrationTokens(http: HttpClient): RegistrationTokens {
  return {
    create: async (id, fields) => {
      const call = { operation: 'registrationTokens.create', route: 'POST /tenants/{id}/registration_tokens', id };
      const token = await http.read({ ...call, json: fields }, tokenShape);
      const hasScope = (scope: string) => token.scopes.some((one) => isSameText(scope, one));
      return confirmCreation(call, token, {
        tenant_uuid: isSameText(id, token.tenant_uuid),
        scopes: token.scopes.length === 0 || fields.scopes.every(hasScope),
      });
    },
    list: async (id) => {
      const call = { operation: 'registrationTokens.list', route: 'GET /tenants/{id}/registration_tokens', id };
      return allPages(http, call, tokenShape, ({ tenant_uuid }) => ({ tenant_uuid: isSameText(id, tenant_uuid) }));
    },
    async remove(id) {
      const call = { operation: 'registrationTokens.remove', route: 'DELETE /registration_tokens/{id}', id };
      await http.send({ ...call, successStatuses: [204] });
    },
  };
}
