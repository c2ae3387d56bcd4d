import { z } from 'zod';
import type { CatalogueEntry } from './entry.js';
import { commonFields, createReader, shortKey, tenantRef, text, toKeyPart } from './input.js';
import { RESEND_ACTIVATION, type ResendActivationOrder } from '../workflows/resend-activation/contract.js';

const schema = z.strictObject({
  user: z.strictObject({ login: text() }).describe("An existing user below the API client's own tenant"),
  tenant: tenantRef().optional(),
  ...commonFields,
});

/** A login belongs to one user on the whole platform, however it is written, so the tenant is no part of the key. */
function keyOf({ externalRef, user }: ResendActivationOrder): string {
  return shortKey(externalRef ?? toKeyPart({ login: user.login.toLowerCase() }));
}

export const resendActivationEntry: CatalogueEntry = {
  name: RESEND_ACTIVATION,
  summary: 'Sends the activation mail again to a user who is not activated yet.',
  schema,
  read: createReader<ResendActivationOrder>(schema, keyOf),
};
