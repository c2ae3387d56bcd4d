import { z } from 'zod';
import type { CatalogueEntry } from './entry.js';
import { activation, commonFields, toKeyPart, person, createReader, role, tenantKey, tenantRef } from './input.js';
import { ADD_USER, type AddUserOrder } from '../workflows/add-user/contract.js';

const schema = z.strictObject({
  tenant: tenantRef(),
  user: person(),
  role: role(),
  activation: activation(),
  ...commonFields,
});

export const addUserEntry: CatalogueEntry = {
  name: ADD_USER,
  summary: 'Gives an existing tenant a user with a role, and lets that user in.',
  schema,
  read: createReader<AddUserOrder>(schema, (order) => tenantKey(order, toKeyPart(order.user))),
};
