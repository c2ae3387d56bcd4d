import { z } from 'zod';
import type { Http } from './http.js';
import { absent, anyId, guid, idInSmallLetters } from './shapes.js';
import { shown } from './shown.js';

const NIL_ID = '00000000-0000-0000-0000-000000000000';

const policyShape = z.object({
  id: absent(anyId),
  trustee_id: absent(anyId),
  tenant_id: guid,
  role_id: z.string(),
});
const policiesShape = z.object({ items: z.array(policyShape) });

/** A role that a user holds in a tenant. */
export type AccessPolicy = z.output<typeof policyShape>;

/** @see https://developer.acronis.com/doc/account-management/v2/reference/ (access policies) */
export interface AccessPolicies {
  /** The roles that the user holds. Safe to repeat. */
  accessPolicies(userId: string): Promise<AccessPolicy[]>;
  /** Makes the given roles the user's only ones; none given takes all away. Safe to repeat, though ids change. */
  replaceAccessPolicies(userId: string, roles: { tenantId: string; roleId: string }[]): Promise<AccessPolicy[]>;
}

/** The calls on the roles of users. */
export function createAccessPolicies(http: Http): AccessPolicies {
  return {
    async accessPolicies(id) {
      const route = 'GET /users/{id}/access_policies';
      return (await http.read({ operation: 'users.accessPolicies', route, id }, policiesShape)).items;
    },
    async replaceAccessPolicies(id, roles) {
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
      const held = (await http.read({ ...call, json: { items } }, policiesShape)).items;
      const isHeld = ({ tenant_id, role_id }: (typeof items)[number]) =>
        held.some((policy) => policy.tenant_id === idInSmallLetters(tenant_id) && policy.role_id === role_id);
      return shown(call, held, items.every(isHeld));
    },
  };
}
