import type { LookUpName } from '../../../catalogue/look-ups.js';
import type { CustomerName } from '../../../client/customers.js';
import { DEFAULT_CLOUD } from '../../../contract/ids.js';
import type { CustomerRequestName } from '../../../contract/customer-requests.js';
import type { LookUpPage } from '../../../contract/questions.js';
import type { ApiKey } from '../../../settings/api-keys.js';
import { partOf, type TreeParts } from './part-of-tree.js';

type Query = Readonly<Record<string, string>>;

/**
 * The query of a look-up as a key may ask it: a key that is limited to a part of the tenant tree asks about a tenant in it,
 * by its id. Without a tenant it is the one to which the key is limited. Fails as 403 when it asks about another one.
 */
export async function queryWithin(parts: TreeParts, key: ApiKey, name: LookUpName, query: Query): Promise<Query> {
  const part = partOf(parts, key);
  if (part === undefined) return query;
  await part.check();
  if (name === 'path') throw part.forbidden('this look-up shows what is above');
  const { cloud = DEFAULT_CLOUD } = query;
  const tenant = query['tenant'] ?? part.only(cloud);
  if (tenant === undefined)
    throw part.forbidden('name one of them as "tenant"', [{ path: 'tenant', message: 'is missing' }]);
  const place = await part.placeOfText(cloud, tenant);
  if (place !== undefined) return { ...query, cloud, tenant: place.id };
  const message = 'must be the id, the exact name or the customer id of one tenant in this part';
  throw part.forbidden('tenant names none of these', [{ path: 'tenant', message }]);
}

/** The rows as a key may see them: a limited one does not see what its part is called by those above. */
export function rowsWithin(
  { below }: ApiKey,
  { fields, rows }: Pick<LookUpPage, 'fields' | 'rows'>,
): LookUpPage['rows'] {
  if (below === undefined || !fields.includes('path')) return rows;
  return rows.map((row) => ({ ...row, path: [] }));
}

interface Asked extends CustomerName {
  name: CustomerRequestName;
  fields: unknown;
}

/** Fails as 403 when a request to a customer concerns what is elsewhere. */
export async function checkRequestWithin(parts: TreeParts, key: ApiKey, { name, cloud, fields }: Asked): Promise<void> {
  const part = partOf(parts, key);
  if (part === undefined) return;
  if (name === 'move') throw part.forbidden('a subscription that is moved concerns customers elsewhere, too');
  if (name !== 'adopt') return;
  const { tenantId } = (fields ?? {}) as { tenantId?: unknown };
  // whoever reads the request says what is wrong with it
  if (typeof tenantId !== 'string') return;
  const place = await part.placeOf({ cloud: cloud ?? DEFAULT_CLOUD, tenant: { id: tenantId } });
  if (place !== undefined) return;
  throw part.forbidden('tenantId names none of these', [
    { path: 'tenantId', message: 'must be a tenant to which the key is limited, or one below it' },
  ]);
}
