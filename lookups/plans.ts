import type { Policy } from '../acronis/index.js';
import { includesIgnoringCase, lookup, scopedClient, toUtc, type LookUpScope } from './lookup.js';

interface PlansFilter {
  /** Part of the name, ignoring case. */
  name?: string;
  /** Id of a resource to which it could be applied. */
  applicableTo?: string;
  /** The vendor's templates instead. */
  templates?: boolean;
}

async function* list(
  scope: LookUpScope,
  { name, applicableTo, templates }: PlansFilter,
): AsyncGenerator<Policy & { parts: Policy[] }> {
  const { plans } = await scopedClient(scope);
  for await (const [root, ...parts] of plans.list({ applicableTo, templatesOnly: templates }))
    if (root !== undefined && includesIgnoringCase(root.name, name)) yield { ...root, parts };
}

/** The protection plans of the tenant, without the vendor's templates. */
export const plans = lookup(list, {
  name: ({ name }) => name,
  enabled: ({ enabled }) => enabled,
  /** Types of its enabled parts. */
  parts: ({ parts }) => parts.filter(({ enabled }) => enabled === true).map(({ type }) => type),
  tenantNumber: ({ tenant_id }) => tenant_id,
  updatedAt: ({ updated_at }) => toUtc(updated_at),
  id: ({ id }) => id,
});
