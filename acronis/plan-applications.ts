import { z } from 'zod';
import type { Call, Http } from './http.js';
import { readIssues } from './issues.js';
import { pages } from './paging.js';
import { absent, anyId, decisive, idText, someId, wholeListOf } from './shapes.js';

const PAGE_LIMIT = 100;
const BASE = '/api/policy_management/v4';

const applicationShape = z.object({
  id: absent(idText),
  policy: z.object({
    id: someId,
    name: absent(z.string()),
    type: absent(z.string()),
    parent_ids: wholeListOf(anyId),
  }),
  /** The resource. */
  context: z.object({ id: someId, type: absent(z.string()) }),
  enabled: absent(z.boolean()),
  status: absent(z.string()),
  running: decisive(z.object({ state: decisive(z.string()) })),
  /** When it last began. */
  last_runtime: decisive(z.string()),
  next_run_time: absent(z.string()),
});

/** A plan, or a part of one, on a resource. */
export type PlanApplication = z.output<typeof applicationShape>;

/** Which applications to list; all that we see unless narrowed. */
export interface PlanApplicationFilter {
  resourceId?: string | undefined;
  policyId?: string | undefined;
  policyType?: string | undefined;
}

/** @see https://developer.acronis.com/doc/resource-policy-management/v4/reference/ (applications) */
export interface PlanApplications {
  /** Walks through the applications; each is the list of those of one plan on one resource. Safe to repeat. */
  list(filter?: PlanApplicationFilter): AsyncIterable<PlanApplication[]>;
  /** Puts a plan on at most 100 resources, all or none, and tells the vendor's warnings. A repeat changes nothing. */
  apply(policyId: string, resourceIds: readonly string[]): Promise<string[]>;
  /** Takes a plan off a resource, and tells the vendor's warnings. A repeat changes nothing. */
  revoke(policyId: string, resourceId: string): Promise<string[]>;
  /** Starts the parts of a plan that are enabled, on all its resources unless some are named. Each call starts them once more. */
  run(policyId: string, resourceIds?: readonly string[]): Promise<void>;
}

/** The calls on plans that are on resources: to be made in a customer's scope. */
export function createPlanApplications(http: Http): PlanApplications {
  return {
    list: ({ resourceId, policyId, policyType } = {}) => {
      const query = { context_id: resourceId, policy_id: policyId, policy_type: policyType, limit: PAGE_LIMIT };
      const call = { operation: 'planApplications.list', route: `GET ${BASE}/applications`, query };
      return pages(http, call, z.array(applicationShape));
    },
    apply: async (policyId, resourceIds) => {
      const json = { policy_id: policyId, context: { items: resourceIds } };
      const call: Call = { operation: 'planApplications.apply', route: `POST ${BASE}/applications`, json };
      return readIssues(call, await http.send(call));
    },
    revoke: async (policyId, resourceId) => {
      const query = { context_id: resourceId, policy_id: policyId };
      const call: Call = { operation: 'planApplications.revoke', route: `DELETE ${BASE}/applications`, query };
      return readIssues(call, await http.send(call));
    },
    async run(policyId, resourceIds) {
      const json = { state: 'running', policy_id: policyId, context_ids: resourceIds };
      await http.send({
        operation: 'planApplications.run',
        success: [200, 202, 204],
        route: `PUT ${BASE}/applications/run`,
        json,
      });
    },
  };
}
