import { TenantryError } from '../contract/errors.js';
import type { Lookup } from './lookup.js';

const SHORTEST = 3;

/** A tenant or user that was found. */
export interface SearchRow {
  type: string;
  /** Of a user: the login. */
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

/** Tenants and users of which each word begins a word in name, login, contact or customer id. Refused for less than three characters. */
export const search: Lookup<SearchFilter, SearchRow> = {
  fields: ['type', 'name', 'kind', 'firstName', 'lastName', 'path', 'id', 'parentId'],
  async *find({ acronis, tenant }, { text }) {
    if (text.trim().length < SHORTEST)
      throw new TenantryError('refused', `The cloud searches for ${SHORTEST} characters at least.`);
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
