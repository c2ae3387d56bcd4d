import { z } from 'zod';
import type { Http } from './http.js';
import { guid, idText } from './shapes.js';

const IDS_PER_CALL = 100;
const pairShape = z.object({ id: idText, uuid: guid });

/** The number by which the agent, task, alert, resource and policy managers know a tenant, as text. */
export interface TenantNumber {
  id: string;
  uuid: string;
}

/** @see https://developer.acronis.com/doc/account-management/v2/guide/ (tenants) */
export interface TenantNumbers {
  /** The number of one tenant, from the older interface that the vendor's own scripts use. Safe to repeat. */
  numberOf(tenantId: string): Promise<string>;
  /** The numbers of many tenants, which are asked for 100 at a time. Safe to repeat. */
  resolveIds(tenantIds: readonly string[]): Promise<TenantNumber[]>;
}

/** The calls that tell the numbers of tenants. */
export function createTenantNumbers(http: Http): TenantNumbers {
  return {
    numberOf: async (id) => {
      const call = { operation: 'tenants.numberOf', route: 'GET /api/1/groups/{id}', id };
      return (await http.read(call, z.object({ id: idText }))).id;
    },
    resolveIds: async (ids) => {
      const found: TenantNumber[] = [];
      for (let start = 0; start < ids.length; start += IDS_PER_CALL) {
        const json = { items: ids.slice(start, start + IDS_PER_CALL).map((uuid) => ({ uuid })) };
        const call = { operation: 'tenants.resolveIds', route: 'POST /tenants:resolve_ids', json, looks: true };
        found.push(...(await http.read(call, z.object({ items: z.array(pairShape) }))).items);
      }
      return found;
    },
  };
}
