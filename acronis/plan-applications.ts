import { z } from 'zod';
import { isSameText } from './confirmation.js';
import type { Call, HttpClient } from './http-client.js';
import { pages } from './paging.js';
import { readWarnings } from './response.js';
import { optional, anyId, decisive, idAsText, nonEmptyId, decisiveListOf } from './shapes.js';

const PAGE_LIMIT = 100;
const BASE = '/api/policy_management/v4';

const applicationShape = z.object({
  id: optional(idAsText),
  policy: z.object({
    id: nonEmptyId,
    name: optional(z.string()),
    type: optional(z.string()),
    parent_ids: decisiveListOf(anyId),
  }),
  /** The resource. */
  context: z.object({ id: nonEmptyId, type: optional(z.string()) }),
  enabled: optional(z.boolean()),
  status: optional(z.string()),
  running: decisive(z.object({ state: decisive(z.string()) })),
  /** When it last started. */
  last_runtime: decisive(z.string()),
  next_run_time: optional(z.string()),
});

/** A plan, or a part of one, applied to a resource. */
export type PlanApplication = z.output<typeof applicationShape>;

/** Which applications to list. Default: all that we can see. */
export interface PlanApplicationFilter {
  resourceId?: string | undefined;
  policyId?: string | undefined;
}

/**
 * The calls for applied plans. They need a customer's scope.
 * @see https://developer.acronis.com/doc/resource-policy-management/v4/reference/ (applications)
 */
export function createPlanApplications(http: HttpClient) {
  return {
    /** Lists the applications page by page; each entry has those of one plan on one resource. Safe to repeat. */
    list: ({ resourceId, policyId }: PlanApplicationFilter = {}): AsyncIterable<PlanApplication[]> => {
      const query = { context_id: resourceId, policy_id: policyId, limit: PAGE_LIMIT };
      const call = { operation: 'planApplications.list', route: `GET ${BASE}/applications`, query };
      const compare = (applications: PlanApplication[]) => ({
        context_id: applications.every(({ context }) => isSameText(resourceId, context.id)),
        policy_id: isEmptyOrSome(applications, ({ policy }) => isOfPlan(policy, policyId)),
      });
      return pages(http, call, z.array(applicationShape), { compare });
    },
    /** Applies a plan to at most 100 resources, all or none. Returns the vendor's warnings. A repeat changes nothing. */
    apply: async (policyId: string, resourceIds: readonly string[]): Promise<string[]> => {
      const json = { policy_id: policyId, context: { items: resourceIds } };
      const call: Call = { operation: 'planApplications.apply', route: `POST ${BASE}/applications`, json };
      return readWarnings(call, await http.send(call));
    },
    /** Revokes a plan from a resource. Returns the vendor's warnings. A repeat changes nothing. */
    revoke: async (policyId: string, resourceId: string): Promise<string[]> => {
      const query = { context_id: resourceId, policy_id: policyId };
      const call: Call = { operation: 'planApplications.revoke', route: `DELETE ${BASE}/applications`, query };
      return readWarnings(call, await http.send(call));
    },
    /** Starts the enabled parts of a plan, on all its resources unless some are named. Each call starts them again. */
    async run(policyId: string, resourceIds?: readonly string[]): Promise<void> {
      const json = { state: 'running', policy_id: policyId, context_ids: resourceIds };
      const call = { operation: 'planApplications.run', route: `PUT ${BASE}/applications/run` };
      await http.send({ ...call, successStatuses: [200, 202, 204], json });
    },
  };
}

/** Whether one of the policies of a plan fits: the others may come along. */
function isEmptyOrSome<T>(all: readonly T[], fits: (one: T) => boolean): boolean {
  return all.length === 0 || all.some(fits);
}

function isOfPlan({ id, parent_ids }: PlanApplication['policy'], asked: string | undefined): boolean {
  return [id, ...parent_ids].some((one) => isSameText(asked, one));
}
