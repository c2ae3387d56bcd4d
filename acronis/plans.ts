import { z } from 'zod';
import type { Call, HttpClient } from './http-client.js';
import { pages } from './paging.js';
import { readWarnings } from './response.js';
import { optional, anyId, normalizeId, idAsText, nonEmptyId, decisiveListOf, warningList } from './shapes.js';
import { isSameTenant, isSameText, confirmCreation } from './confirmation.js';

const PAGE_LIMIT = 100;
const BASE = '/api/policy_management/v4';

const policyShape = z.object({
  id: nonEmptyId,
  /** `policy.protection.total` is the root of a plan; the others, such as `policy.backup.machine`, are its parts. */
  type: z.string(),
  name: optional(z.string()),
  parent_ids: decisiveListOf(anyId),
  enabled: optional(z.boolean()),
  tenant_id: optional(idAsText),
  template: optional(z.boolean()),
  created_at: optional(z.string()),
  updated_at: optional(z.string()),
  settings_schema: optional(z.string()),
  /** Only when asked for. Not interpreted; whole numbers that JavaScript would round are bigints. */
  settings: z.unknown().optional(),
});
const planShape = z.object({ policy: z.array(policyShape).min(1) }).transform(({ policy }) => policy);
const createdShape = z.object({
  /** `<id>@<type>` each. */
  result: z.array(z.string().regex(/^[^@]+@.+$/)),
  issues: warningList,
});

/** A plan, or a part of one. */
export type Policy = z.output<typeof policyShape>;

/** A part of a new plan, with the vendor's field names. Bigints are sent digit for digit. */
export interface NewPolicy {
  /** Chosen by us. */
  id: string;
  type: string;
  name?: string | undefined;
  parent_ids?: string[] | undefined;
  enabled: boolean;
  origin: 'upstream';
  /** The customer's number. */
  tenant_id?: string | undefined;
  settings_schema?: string | undefined;
  settings?: unknown;
}

/** Which plans to list. Default: all that we can see, without templates. */
export interface PlanFilter {
  /** The type of a part that the plan must have. */
  type?: string | undefined;
  policyId?: string | undefined;
  /** A resource to which it could be applied. */
  applicableTo?: string | undefined;
  /** A tenant's number or id. */
  tenantId?: string | undefined;
  templatesOnly?: boolean | undefined;
  includeSettings?: boolean | undefined;
}

/**
 * The calls for plans. Plans belong to customers, so the calls need a customer's scope.
 * @see https://developer.acronis.com/doc/resource-policy-management/v4/reference/ (policies)
 */
export function createPlans(http: HttpClient) {
  return {
    /** Lists the plans page by page; each entry has the policies of one plan, the root first. Safe to repeat. */
    list: (filter: PlanFilter = {}): AsyncIterable<Policy[]> => {
      const { type, policyId, tenantId } = filter;
      const call = {
        operation: 'plans.list',
        route: `GET ${BASE}/policies`,
        query: toQuery(filter),
        exactNumbers: true,
      };
      // the other filters only narrow what is shown
      const compare = (policies: Policy[]) => ({
        type: policies.some((policy) => isSameText(type, policy.type)),
        policy_id: policies.some(({ id }) => isSameText(policyId, id)),
        tenant_id: policies.every(({ tenant_id }) => isSameTenant(tenantId, tenant_id)),
      });
      return pages(http, call, planShape, { compare });
    },
    /**
     * Creates a plan from its policies, with the given ids. Returns the vendor's warnings. Safe to repeat: existing plans
     * are overwritten. Fails with `rejected` when the settings are invalid; the code is that of the first issue.
     */
    create: async (
      policy: readonly NewPolicy[],
    ): Promise<{ policies: { id: string; type: string }[]; issues: string[] }> => {
      const call: Call = { operation: 'plans.create', route: `POST ${BASE}/policies`, json: { subject: { policy } } };
      const { result, issues } = await http.read(call, createdShape);
      const policies = result.map(toCreatedPolicy);
      const isSent = ({ id }: { id: string }) => policy.some((one) => isSameText(one.id, id));
      return { policies: confirmCreation(call, policies, { id: policies.every(isSent) }), issues };
    },
    /** Deletes a plan and revokes it from all resources. Returns the vendor's warnings. A repeat is `not-found`. */
    remove: async (id: string): Promise<string[]> => {
      const call = { operation: 'plans.remove', route: `DELETE ${BASE}/policies/{id}`, id };
      return readWarnings(call, await http.send(call));
    },
  };
}

function toQuery({ type, policyId, applicableTo, tenantId, templatesOnly, includeSettings }: PlanFilter) {
  return {
    type,
    policy_id: policyId,
    applicable_to_context_id: applicableTo,
    tenant_id: tenantId,
    templates_only: templatesOnly,
    include_settings: includeSettings,
    limit: PAGE_LIMIT,
  };
}

function toCreatedPolicy(entry: string): { id: string; type: string } {
  const at = entry.indexOf('@');
  return { id: normalizeId(entry.slice(0, at)), type: entry.slice(at + 1) };
}
