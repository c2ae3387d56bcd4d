import { z } from 'zod';
import type { HttpClient } from './http-client.js';
import { optional, anyId, deletedAt, guid, listOf } from './shapes.js';

const MAX_HITS = 300;

const hitShape = z.object({
  obj_type: z.string(),
  id: guid,
  /** Of a user: its tenant. */
  parent_id: optional(anyId),
  /** Of tenants only. */
  kind: optional(z.string()),
  name: optional(z.string()),
  /** Of users only. */
  login: optional(z.string()),
  first_name: optional(z.string()),
  last_name: optional(z.string()),
  /** Names of the tenants between the searched tenant and this one. */
  path: listOf(z.string()),
  deleted_at: deletedAt.catch(null),
});
const hitsShape = z.object({ items: z.array(hitShape) });

/**
 * A tenant or user found by a search. The search also matches customer ids and e-mail addresses, but does not return
 * them.
 */
export type SearchHit = z.output<typeof hitShape>;

/**
 * The search call.
 * @see https://developer.acronis.com/doc/account-management/v2/guide/ (searching)
 */
export function createSearch(http: HttpClient) {
  return {
    /**
     * Finds tenants and users at or below a tenant. Every word of the text must begin a word of the name, login, contact
     * or customer id. Uses an index, so new ones may be missing. The hits are not compared with the text, since it also
     * matches fields that they do not have. Fails with `rejected` for fewer than three characters.
     * Safe to repeat.
     */
    find: async (
      tenant: string,
      text: string,
      { limit = MAX_HITS }: { limit?: number | undefined } = {},
    ): Promise<SearchHit[]> => {
      const query = { tenant, text, limit: Math.min(limit, MAX_HITS) };
      return (await http.read({ operation: 'search.find', route: 'GET /search', query }, hitsShape)).items;
    },
  };
}
