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
  summary: 'Adds a user with a role to an existing tenant and gives it access.',
  schema,
  read: createReader<AddUserOrder>(schema, (order) => tenantKey(order, toKeyPart(order.user))),
};
