import { z } from 'zod';
import type { CatalogueEntry } from './entry.js';
import { commonFields, createReader, namedKey, tenantRef, text } from './input.js';
import { CREATE_RESOURCE_GROUP, type CreateResourceGroupOrder } from '../workflows/create-resource-group/contract.js';

const schema = z.strictObject({
  tenant: tenantRef(),
  name: text(100).describe('Name of the group; one that the customer has already must have the same condition'),
  condition: text(200).describe('Which machines belong to it, by their names, now and later: "ws-*"'),
  parentGroupId: text(100).optional().describe('Id of the group in which it shall lie'),
  ...commonFields,
});

export const createResourceGroupEntry: CatalogueEntry = {
  name: CREATE_RESOURCE_GROUP,
  summary: 'Makes a group of machines for a customer that fills itself by their names.',
  schema,
  read: createReader<CreateResourceGroupOrder>(schema, (order) => namedKey(order, order.name)),
};
