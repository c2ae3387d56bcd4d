import { z } from 'zod';
import type { Call, Http } from './http.js';
import { issuesShape, readIssues } from './issues.js';
import { pages } from './paging.js';
import { absent, anyId, idInSmallLetters, idText, someId, wholeListOf } from './shapes.js';
import { isSameText, made } from './shown.js';

const PAGE_LIMIT = 100;
const BASE = '/api/policy_management/v4';

const policyShape = z.object({
  id: someId,
  /** `policy.protection.total` is the root of a plan; the others, such as `policy.backup.machine`, are its parts. */
  type: z.string(),
  name: absent(z.string()),
  parent_ids: wholeListOf(anyId),
  enabled: absent(z.boolean()),
  tenant_id: absent(idText),
  template: absent(z.boolean()),
  created_at: absent(z.string()),
  updated_at: absent(z.string()),
  settings_schema: absent(z.string()),
  /** Only when asked for. Opaque: whole numbers that JavaScript would round are bigints. */
  settings: z.unknown().optional(),
});
const planShape = z.object({ policy: z.array(policyShape).min(1) }).transform(({ policy }) => policy);
const createdShape = z.object({
  /** `<id>@<type>` each. */
  result: z.array(z.string().regex(/^[^@]+@.+$/)),
  issues: issuesShape,
});

/** A plan, or a part of one. */
export type Policy = z.output<typeof policyShape>;

/** A part of a new plan, in the vendor's words. Bigints are sent digit for digit. */
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

/** Which plans to list; all that we see, without templates, unless narrowed. */
export interface PlanFilter {
  /** Of the part that must be in it. */
  type?: string | undefined;
  policyId?: string | undefined;
  search?: string | undefined;
  /** A resource to which it could be applied. */
  applicableTo?: string | undefined;
  /** A tenant's number or id. */
  tenantId?: string | undefined;
  templatesOnly?: boolean | undefined;
  includeSettings?: boolean | undefined;
}

/** @see https://developer.acronis.com/doc/resource-policy-management/v4/reference/ (policies) */
export interface Plans {
  /** Walks through the plans; each is the list of its policies, the root first. Safe to repeat. */
  list(filter?: PlanFilter): AsyncIterable<Policy[]>;
  /**
   * Makes a plan of its policies, with the ids given, and tells the vendor's warnings. Safe to repeat: plans that exist are overwritten.
   * Fails with `rejected` when the settings make no sense; the code is that of the first issue.
   */
  create(policies: readonly NewPolicy[]): Promise<{ policies: { id: string; type: string }[]; issues: string[] }>;
  /** Deletes a plan, and takes it from all resources. A repeat is `not-found`. */
  remove(id: string): Promise<string[]>;
}

/** The calls on plans, which belong to customers: to be made in a customer's scope. */
export function createPlans(http: Http): Plans {
  return {
    list: ({ type, policyId, search, applicableTo, tenantId, templatesOnly, includeSettings } = {}) => {
      const query = {
        type,
        policy_id: policyId,
        search,
        applicable_to_context_id: applicableTo,
        tenant_id: tenantId,
        templates_only: templatesOnly,
        include_settings: includeSettings,
        limit: PAGE_LIMIT,
      };
      return pages(http, { operation: 'plans.list', route: `GET ${BASE}/policies`, query, exact: true }, planShape);
    },
    create: async (policy) => {
      const call: Call = { operation: 'plans.create', route: `POST ${BASE}/policies`, json: { subject: { policy } } };
      const { result, issues } = await http.read(call, createdShape);
      const policies = result.map(created);
      const isSent = ({ id }: { id: string }) => policy.some((one) => isSameText(one.id, id));
      return { policies: made(call, policies, { id: policies.every(isSent) }), issues };
    },
    remove: async (id) => {
      const call = { operation: 'plans.remove', route: `DELETE ${BASE}/policies/{id}`, id };
      return readIssues(call, await http.send(call));
    },
  };
}

function created(entry: string): { id: string; type: string } {
  const at = entry.indexOf('@');
  return { id: idInSmallLetters(entry.slice(0, at)), type: entry.slice(at + 1) };
}
