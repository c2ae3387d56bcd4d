import type { Policy } from '../acronis/index.js';
import { includesIgnoringCase, scopedClient, toUtc, type Lookup } from './lookup.js';

/** A protection plan. */
export interface PlanRow {
  name: string | null;
  enabled: boolean | null;
  /** Types of its enabled parts. */
  parts: readonly string[];
  tenantNumber: string | null;
  updatedAt: string | null;
  id: string;
}

export interface PlansFilter {
  /** Part of the name, ignoring case. */
  name?: string;
  /** Id of a resource to which it could be applied. */
  applicableTo?: string;
  /** The vendor's templates instead. */
  templates?: boolean;
}

/** The protection plans of the tenant, without the vendor's templates. */
export const plans: Lookup<PlansFilter, PlanRow> = {
  fields: ['name', 'enabled', 'parts', 'tenantNumber', 'updatedAt', 'id'],
  async *find(scope, { name, applicableTo, templates }) {
    const { plans } = await scopedClient(scope);
    for await (const [root, ...parts] of plans.list({ applicableTo, templatesOnly: templates }))
      if (root !== undefined && includesIgnoringCase(root.name, name)) yield toRow(root, parts);
  },
};

function toRow({ id, name, enabled, tenant_id, updated_at }: Policy, parts: Policy[]): PlanRow {
  const enabledParts = parts.filter((part) => part.enabled === true).map(({ type }) => type);
  return { name, enabled, parts: enabledParts, tenantNumber: tenant_id, updatedAt: toUtc(updated_at), id };
}
