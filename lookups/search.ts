import { TenantryError } from '../contract/errors.js';
import { lookup, type LookUpScope } from './lookup.js';

const MIN_LENGTH = 3;

interface SearchFilter {
  text: string;
}

async function* list({ acronis, tenant }: LookUpScope, { text }: SearchFilter) {
  if (text.trim().length < MIN_LENGTH)
    throw new TenantryError('refused', `Give at least ${MIN_LENGTH} characters to search for.`);
  yield* await acronis.search.find(tenant.id, text.trim());
}

/**
 * Tenants and users. Each word of the text must begin a word of the name, login, contact or customer id. Refused for
 * fewer than three characters.
 */
export const search = lookup(list, {
  type: ({ obj_type }) => obj_type,
  /** For a user: the login. */
  name: ({ name, login }) => name ?? login ?? '',
  kind: ({ kind }) => kind,
  firstName: ({ first_name }) => first_name,
  lastName: ({ last_name }) => last_name,
  /** Names of the tenants above it. */
  path: ({ path }) => path,
  id: ({ id }) => id,
  parentId: ({ parent_id }) => parent_id,
});
