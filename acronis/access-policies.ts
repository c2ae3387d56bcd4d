import { z } from 'zod';
import type { HttpClient } from './http-client.js';
import { optional, anyId, guid, normalizeId } from './shapes.js';
import { confirmChange, confirmRows, isSameText } from './confirmation.js';

const NIL_ID = '00000000-0000-0000-0000-000000000000';

const policyShape = z.object({
  id: optional(anyId),
  trustee_id: optional(anyId),
  tenant_id: guid,
  role_id: z.string(),
});
const policiesShape = z.object({ items: z.array(policyShape) });

/** A role that a user holds in a tenant. */
export type AccessPolicy = z.output<typeof policyShape>;

/**
 * The calls on the roles of users.
 * @see https://developer.acronis.com/doc/account-management/v2/reference/ (access policies)
 */
export function createAccessPolicies(http: HttpClient) {
  return {
    /** The roles that the user holds. Safe to repeat. */
    async accessPolicies(id: string): Promise<AccessPolicy[]> {
      const route = 'GET /users/{id}/access_policies';
      const call = { operation: 'users.accessPolicies', route, id };
      return ofUser(call, (await http.read(call, policiesShape)).items);
    },
    /** Replaces all roles of the user; an empty list removes all. Safe to repeat, although ids change. */
    async replaceAccessPolicies(id: string, roles: { tenantId: string; roleId: string }[]): Promise<AccessPolicy[]> {
      const items = roles.map(({ tenantId, roleId }) => ({
        id: NIL_ID,
        issuer_id: NIL_ID,
        trustee_id: id,
        trustee_type: 'user',
        tenant_id: tenantId,
        role_id: roleId,
        version: 0,
      }));
      const call = { operation: 'users.replaceAccessPolicies', route: 'PUT /users/{id}/access_policies', id };
      const held = ofUser(call, (await http.read({ ...call, json: { items } }, policiesShape)).items);
      const isHeld = ({ tenant_id, role_id }: (typeof items)[number]) =>
        held.some((policy) => policy.tenant_id === normalizeId(tenant_id) && policy.role_id === role_id);
      return confirmChange(call, held, items.every(isHeld));
    },
  };
}

/** Returns the roles if all belong to the user. The roles of groups, which are not requested, would name the group. */
function ofUser(call: { operation: string; route: string; id: string }, policies: AccessPolicy[]): AccessPolicy[] {
  return confirmRows(call, policies, ({ trustee_id }) => ({ trustee_id: isSameText(call.id, trustee_id) }));
}
