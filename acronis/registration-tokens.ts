import { z } from 'zod';
import type { Http } from './http.js';
import { allPages } from './paging.js';
import { absent, anyId, decisive, idText, wholeListOf } from './shapes.js';
import { isSameText, made } from './shown.js';

const tokenShape = z.object({
  /** A whole number in the answers, a UUID in the reference. */
  id: idText,
  /** What an installer is given: a secret until it expires. */
  token: z.string().min(1),
  tenant_uuid: absent(anyId),
  created_at: decisive(z.string()),
  expires_at: decisive(z.string()),
  scopes: wholeListOf(z.string()),
});

/** Lets agents register themselves in a tenant until it expires. */
export type RegistrationToken = z.output<typeof tokenShape>;

/** @see https://developer.acronis.com/doc/account-management/v2/reference/ (registration tokens) */
export interface RegistrationTokens {
  /**
   * Makes a token for a customer or for a user's personal tenant; at most a year long. Each call makes one more, which expires by itself.
   */
  create(tenantId: string, fields: { expires_in: number; scopes: string[] }): Promise<RegistrationToken>;
  /** The tenant's tokens. Safe to repeat. */
  list(tenantId: string): Promise<RegistrationToken[]>;
  /** Makes a token useless before its time. A repeat is `not-found`. */
  remove(id: string): Promise<void>;
}

/** The calls on registration tokens. */
export function createRegistrationTokens(http: Http): RegistrationTokens {
  return {
    create: async (id, fields) => {
      const call = { operation: 'registrationTokens.create', route: 'POST /tenants/{id}/registration_tokens', id };
      const token = await http.read({ ...call, json: fields }, tokenShape);
      const hasScope = (scope: string) => token.scopes.some((one) => isSameText(scope, one));
      return made(call, token, {
        tenant_uuid: isSameText(id, token.tenant_uuid),
        scopes: token.scopes.length === 0 || fields.scopes.every(hasScope),
      });
    },
    list: async (id) => {
      const call = { operation: 'registrationTokens.list', route: 'GET /tenants/{id}/registration_tokens', id };
      return allPages(http, call, tokenShape);
    },
    async remove(id) {
      await http.send({
        operation: 'registrationTokens.remove',
        success: [204],
        route: 'DELETE /registration_tokens/{id}',
        id,
      });
    },
  };
}
