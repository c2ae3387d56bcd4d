import { z } from 'zod';
import type { CatalogueEntry } from './entry.js';
import { commonFields, toKeyPart, createReader, keyOfNamed, tenantRef, text } from './input.js';
import {
  MOST_RESOURCES,
  planApplications,
  type PlanApplicationOrder,
} from '../workflows/plan-applications/contract.js';

const thing = (what: string) =>
  z.union(
    [z.strictObject({ id: text(100) }), z.strictObject({ name: text() })],
    `must be {"id"} or {"name"} of one ${what}`,
  );

const resources = () =>
  z.union(
    [z.literal('all'), z.array(thing('resource')).min(1).max(MOST_RESOURCES)],
    `must be "all", or 1 to ${MOST_RESOURCES} of {"id"} or {"name"}`,
  );

const described = {
  applyPlan: resources().describe('Machines or groups of the customer, or "all" its machines'),
  revokePlan: resources().describe('Machines or groups of the customer, or "all" that have the plan'),
  runPlan: resources().default('all').describe('Machines or groups that have the plan; all of them by default'),
};

function keyOf({ resources, ...order }: PlanApplicationOrder): string {
  const named = resources === 'all' ? [resources] : resources.map(toKeyPart);
  return keyOfNamed(order, toKeyPart(order.plan), ...named);
}

export const planApplicationEntries: CatalogueEntry[] = Object.entries(planApplications).map(([name, { summary }]) => {
  const schema = z.strictObject({
    tenant: tenantRef(),
    plan: thing('plan').describe('The plan, by its id or its exact name'),
    resources: described[name as keyof typeof described],
    ...commonFields,
  });
  return { name, summary, schema, read: createReader<PlanApplicationOrder>(schema, keyOf) };
});
