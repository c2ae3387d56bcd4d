import { TenantryError } from '../contract/errors.js';
import type { Lookup } from './lookup.js';

const MIN_LENGTH = 3;

/** A tenant or user that the search found. */
export interface SearchRow {
  type: string;
  /** For a user: the login. */
  name: string;
  kind: string | null;
  firstName: string | null;
  lastName: string | null;
  /** Names of the tenants above it. */
  path: readonly string[];
  id: string;
  parentId: string | null;
}

export interface SearchFilter {
  text: string;
}

/**
 * Tenants and users. Each word of the text must begin a word of the name, login, contact or customer id. Refused for
 * fewer than three characters.
 */
export const search: Lookup<SearchFilter, SearchRow> = {
  fields: ['type', 'name', 'kind', 'firstName', 'lastName', 'path', 'id', 'parentId'],
  async *find({ acronis, tenant }, { text }) {
    if (text.trim().length < MIN_LENGTH)
      throw new TenantryError('refused', `Give at least ${MIN_LENGTH} characters to search for.`);
    for (const hit of await acronis.search.find(tenant.id, text.trim()))
      yield {
        type: hit.obj_type,
        name: hit.name ?? hit.login ?? '',
        kind: hit.kind,
        firstName: hit.first_name,
        lastName: hit.last_name,
        path: hit.path,
        id: hit.id,
        parentId: hit.parent_id,
      };
  },
};
