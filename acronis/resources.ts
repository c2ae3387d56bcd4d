import { z } from 'zod';
import type { Http } from './http.js';
import { pages } from './paging.js';
import { absent, anyId, decisive, idText, listOf, someId } from './shapes.js';

const PAGE_LIMIT = 100;
const BASE = '/api/resource_management/v4';

const attributesShape = z.object({
  name: absent(z.string()),
  kvs: listOf(z.object({ key: z.string(), value: z.unknown().optional() })),
});
const resourceShape = z.object({
  id: someId,
  name: decisive(z.string()),
  /** What people called it, where they did. */
  user_defined_name: decisive(z.string()),
  /** E.g. `resource.machine`, or `resource.group.computers` for a group of them. */
  type: absent(z.string()),
  tenant_id: absent(idText),
  agent_id: absent(anyId),
  /** Of a group that fills itself: which names belong to it. */
  group_condition: decisive(z.string()),
  /** Only when asked for. */
  attributes: listOf(attributesShape),
  created_at: absent(z.string()),
  updated_at: absent(z.string()),
});
const runShape = z.object({
  type: absent(z.string()),
  last_run: absent(z.string()),
  last_success_run: absent(z.string()),
  next_run: absent(z.string()),
});
/** Names of plans: one as text in the vendor's guide, else a list. */
const names = absent(z.union([z.string(), z.array(z.string())])).transform((names) => [names ?? []].flat());
const statusShape = z.object({
  context: resourceShape,
  /** E.g. `ok`, `running`, `warning`, `error`, `critical`, `not_protected`. */
  aggregate: absent(z.object({ status: absent(z.string()), names })),
  /** How the parts of the plans on it ran. */
  policies: listOf(runShape),
});

/** Something that can be protected, or a group of such things. */
export type Resource = z.output<typeof resourceShape>;

/** A resource and how well it is protected. */
export type ProtectionStatus = z.output<typeof statusShape>;

/** Which resources to list; all that we see unless narrowed. */
export interface ResourceFilter {
  type?: string | undefined;
  /** Part of a name. */
  search?: string | undefined;
  resourceId?: string | undefined;
  agentId?: string | undefined;
  /** A tenant's number. */
  tenantNumber?: string | undefined;
}

/** A group that fills itself with the machines whose names fit. */
export interface NewGroup {
  name: string;
  /** E.g. `test*`. */
  group_condition: string;
  parent_group_ids?: string[] | undefined;
}

/** @see https://developer.acronis.com/doc/resource-policy-management/v4/reference/ (resources) */
export interface Resources {
  /** Walks through the resources. Safe to repeat. */
  list(filter?: ResourceFilter & { includeAttributes?: boolean | undefined }): AsyncIterable<Resource>;
  /** Walks through the resources with their protection. Safe to repeat. */
  statuses(filter?: ResourceFilter): AsyncIterable<ProtectionStatus>;
  /** Makes a group. The answer does not tell its id: look for its name. Each call makes one more. */
  createGroup(group: NewGroup): Promise<void>;
  /** Deletes a resource or group. A repeat is `not-found`. */
  remove(id: string): Promise<void>;
}

/** The calls on resources. */
export function createResources(http: Http): Resources {
  return {
    list: ({ includeAttributes, ...filter } = {}) => {
      const query = { ...filters(filter), include_attributes: includeAttributes, limit: PAGE_LIMIT };
      return pages(http, { operation: 'resources.list', route: `GET ${BASE}/resources`, query }, resourceShape);
    },
    statuses: (filter = {}) => {
      const call = { operation: 'resources.statuses', route: `GET ${BASE}/resource_statuses` };
      return pages(http, { ...call, query: { ...filters(filter), limit: PAGE_LIMIT } }, statusShape);
    },
    async createGroup({ name, group_condition, parent_group_ids }) {
      const json = {
        type: 'resource.group.computers',
        name,
        user_defined_name: name,
        group_condition,
        parent_group_ids,
        allowed_member_types: ['resource.machine'],
      };
      await http.send({
        operation: 'resources.createGroup',
        success: [200, 201, 204],
        route: `POST ${BASE}/resources`,
        json,
      });
    },
    async remove(id) {
      await http.send({
        operation: 'resources.remove',
        success: [200, 204],
        route: `DELETE ${BASE}/resources/{id}`,
        id,
      });
    },
  };
}

function filters({ type, search, resourceId, agentId, tenantNumber }: ResourceFilter) {
  return { type, search, resource_id: resourceId, agent_id: agentId, tenant_id: tenantNumber };
}
