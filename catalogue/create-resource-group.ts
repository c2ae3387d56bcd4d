import { z } from 'zod';
import type { CatalogueEntry } from './entry.js';
import { commonFields, createReader, keyOfNamed, tenantRef, text } from './input.js';
import { CREATE_RESOURCE_GROUP, type CreateResourceGroupOrder } from '../workflows/create-resource-group/contract.js';

const schema = z.strictObject({
  tenant: tenantRef(),
  name: text(100).describe('Name of the group; an existing group of that name must have the same condition'),
  condition: text(200).describe('Machines that belong to it, by name, now and later: "ws-*"'),
  parentGroupId: text(100).optional().describe('Id of the parent group'),
  ...commonFields,
});

export const createResourceGroupEntry: CatalogueEntry = {
  name: CREATE_RESOURCE_GROUP,
  summary: 'Creates a dynamic group of machines for a customer, by machine name.',
  schema,
  read: createReader<CreateResourceGroupOrder>(schema, (order) => keyOfNamed(order, order.name)),
};
