import { z } from 'zod';
import type { CatalogueEntry } from './entry.js';
import { digest, commonFields, createReader, secretRef, keyOfNamed, tenantRef, text } from './input.js';
import { secretName, defaultSecretName } from './fields.js';
import { CREATE_API_CLIENT, type CreateApiClientOrder } from '../workflows/create-api-client/contract.js';

const schema = z.strictObject({
  tenant: tenantRef(),
  name: text().describe('What people see in the console'),
  login: z
    .strictObject({ login: text(), secretRef: secretRef() })
    .optional()
    .describe(
      'A user without enforced second factor, whose rights the client gets; by default those of the configured client',
    ),
  secret: secretName().optional().describe('Name of its secret in the secret store'),
  rotate: z.boolean().default(false).describe('true: a new client replaces the existing one, which is disabled'),
  ...commonFields,
});

type ParsedInput = Omit<CreateApiClientOrder, 'secret' | 'originId'> & { secret?: string };

const keyOf = (order: Pick<ParsedInput, 'externalRef' | 'tenant' | 'name'>) => keyOfNamed(order, order.name);

/** In the form of an id: the vendor does not document other accepted forms. */
function toOriginId(key: string): string {
  return digest(`api-client ${key}`).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export const createApiClientEntry: CatalogueEntry = {
  name: CREATE_API_CLIENT,
  summary: 'Creates an API client for a tenant and stores its secret in the secret store.',
  schema,
  read: createReader<CreateApiClientOrder>(schema, keyOf, (order: ParsedInput) => ({
    ...order,
    secret: order.secret ?? defaultSecretName('api-client', keyOf(order)),
    originId: toOriginId(keyOf(order)),
  })),
};
