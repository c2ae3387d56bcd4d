import { z } from 'zod';
import { confirmAsked, confirmRows, isSameText } from './confirmation.js';
import type { HttpClient } from './http-client.js';
import { anyId, guid, idAsText, optional } from './shapes.js';

const IDS_PER_CALL = 100;
const groupShape = z.object({ id: idAsText, uuid: optional(anyId) });
const pairShape = z.object({ id: idAsText, uuid: guid });

/** The number that the agent, task, alert, resource and policy managers use for a tenant, as text. */
export interface TenantNumber {
  id: string;
  uuid: string;
}

/**
 * The calls for tenant numbers.
 * @see https://developer.acronis.com/doc/account-management/v2/guide/ (tenants)
 */
export function createTenantNumbers(http: HttpClient) {
  return {
    /** The number of one tenant, from the older API that the vendor's own scripts use. Safe to repeat. */
    numberOf: async (id: string): Promise<string> => {
      const call = { operation: 'tenants.numberOf', route: 'GET /api/1/groups/{id}', id };
      const group = await http.read(call, groupShape);
      return confirmAsked(call, group, { uuid: isSameText(id, group.uuid) }).id;
    },
    /** The numbers of many tenants, requested 100 at a time. Safe to repeat. */
    resolveIds: async (ids: readonly string[]): Promise<TenantNumber[]> => {
      const found: TenantNumber[] = [];
      for (let start = 0; start < ids.length; start += IDS_PER_CALL) {
        const asked = ids.slice(start, start + IDS_PER_CALL);
        const json = { items: asked.map((uuid) => ({ uuid })) };
        const call = { operation: 'tenants.resolveIds', route: 'POST /tenants:resolve_ids', json, readOnly: true };
        const { items } = await http.read(call, z.object({ items: z.array(pairShape) }));
        found.push(...confirmRows(call, items, ({ uuid }) => ({ uuid: asked.some((id) => isSameText(id, uuid)) })));
      }
      return found;
    },
  };
}
