import { z } from 'zod';
import type { Http } from './http.js';
import { absent, anyId, deletedAt, guid, listOf } from './shapes.js';

const MOST = 300;

const hitShape = z.object({
  obj_type: z.string(),
  id: guid,
  /** Of a user: the tenant in which it is. */
  parent_id: absent(anyId),
  /** Of tenants only. */
  kind: absent(z.string()),
  name: absent(z.string()),
  /** Of users only. */
  login: absent(z.string()),
  first_name: absent(z.string()),
  last_name: absent(z.string()),
  /** Names of the tenants between the one searched and this. */
  path: listOf(z.string()),
  deleted_at: deletedAt.catch(null),
});
const hitsShape = z.object({ items: z.array(hitShape) });

/** A tenant or user that a search found. Its customer id and e-mail address are matched, but never told. */
export type SearchHit = z.output<typeof hitShape>;

/** @see https://developer.acronis.com/doc/account-management/v2/guide/ (searching) */
export interface Search {
  /**
   * Tenants and users at or below a tenant, of which every word of the text begins a word in name, login, contact or customer id.
   * Answers from an index, so what is new can be missing. Fails with `rejected` for less than three characters. Safe to repeat.
   */
  find(tenantId: string, text: string, options?: { limit?: number | undefined }): Promise<SearchHit[]>;
}

/** The search. */
export function createSearch(http: Http): Search {
  return {
    find: async (tenant, text, { limit = MOST } = {}) => {
      const query = { tenant, text, limit: Math.min(limit, MOST) };
      return (await http.read({ operation: 'search.find', route: 'GET /search', query }, hitsShape)).items;
    },
  };
}
