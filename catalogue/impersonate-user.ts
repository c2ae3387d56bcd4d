import { z } from 'zod';
import type { CatalogueEntry } from './entry.js';
import { commonFields, toKeyPart, createReader, shortKey, text } from './input.js';
import { IMPERSONATE_USER, type ImpersonateUserOrder } from '../workflows/impersonate-user/contract.js';

const schema = z.strictObject({
  user: z.strictObject({ login: text() }).describe("An existing user below the API client's own tenant"),
  ...commonFields,
});

export const impersonateUserEntry: CatalogueEntry = {
  name: IMPERSONATE_USER,
  summary: 'Logs in as a user and out again, to show that the account works.',
  schema,
  read: createReader<ImpersonateUserOrder>(schema, ({ externalRef, user }) => shortKey(externalRef ?? toKeyPart(user))),
};
