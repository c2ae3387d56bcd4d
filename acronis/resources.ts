import { z } from 'zod';
import { isSameTenant, isSameText, type Comparison } from './confirmation.js';
import type { HttpClient } from './http-client.js';
import { pages } from './paging.js';
import { optional, anyId, decisive, idAsText, listOf, nonEmptyId, time } from './shapes.js';

const PAGE_LIMIT = 100;
const BASE = '/api/resource_management/v4';

const attributesShape = z.object({
  name: optional(z.string()),
  kvs: listOf(z.object({ key: z.string(), value: z.unknown().optional() })),
});
const resourceShape = z.object({
  id: nonEmptyId,
  name: decisive(z.string()),
  /** The name that people gave it, if any. */
  user_defined_name: decisive(z.string()),
  /** E.g. `resource.machine`, or `resource.group.computers` for a group of them. */
  type: optional(z.string()),
  tenant_id: optional(idAsText),
  agent_id: optional(anyId),
  /** Of a dynamic group: the names of its members. */
  group_condition: decisive(z.string()),
  /** Only when asked for. */
  attributes: listOf(attributesShape),
  created_at: optional(time),
  updated_at: optional(time),
});
const runShape = z.object({
  type: optional(z.string()),
  last_run: optional(z.string()),
  last_success_run: optional(z.string()),
  next_run: optional(z.string()),
});
/** Names of plans: one as text in the vendor's guide, otherwise a list. */
const names = optional(z.union([z.string(), z.array(z.string())])).transform((names) => [names ?? []].flat());
const statusShape = z.object({
  context: resourceShape,
  /** E.g. `ok`, `running`, `warning`, `error`, `critical`, `not_protected`. */
  aggregate: optional(z.object({ status: optional(z.string()), names })),
  /** The last runs of the plans applied to it. */
  policies: listOf(runShape),
});

/** A machine, mailbox or other workload that can be protected, or a group of them. */
export type Resource = z.output<typeof resourceShape>;

/** A resource and how well it is protected. */
export type ProtectionStatus = z.output<typeof statusShape>;

/** Which resources to list. Default: all that we can see. */
export interface ResourceFilter {
  type?: string | undefined;
  /** Part of a name. */
  search?: string | undefined;
  resourceId?: string | undefined;
  agentId?: string | undefined;
  /** A tenant's number. */
  tenantNumber?: string | undefined;
}

/** A dynamic group of the machines whose names match. */
export interface NewGroup {
  name: string;
  /** E.g. `test*`. */
  group_condition: string;
  parent_group_ids?: string[] | undefined;
}

/**
 * The calls for resources.
 * @see https://developer.acronis.com/doc/resource-policy-management/v4/reference/ (resources)
 */
export function createResources(http: HttpClient) {
  return {
    /**
     * Lists the resources page by page. Leaves out those of other tenants than the one in the filter: whether the vendor
     * lists those of tenants below is not documented. `search` is not compared: it finds more than names. Safe to repeat.
     */
    list: ({
      includeAttributes,
      ...filter
    }: ResourceFilter & { includeAttributes?: boolean | undefined } = {}): AsyncIterable<Resource> => {
      const query = { ...toQuery(filter), include_attributes: includeAttributes, limit: PAGE_LIMIT };
      const call = { operation: 'resources.list', route: `GET ${BASE}/resources`, query };
      const listed = pages(http, call, resourceShape, { compare: (row) => compareWith(filter, row) });
      return keepOnly(listed, ({ tenant_id }) => isSameTenant(filter.tenantNumber, tenant_id));
    },
    /** Lists the resources with their protection status, page by page, as `list` does. Safe to repeat. */
    statuses: (filter: ResourceFilter = {}): AsyncIterable<ProtectionStatus> => {
      const call = { operation: 'resources.statuses', route: `GET ${BASE}/resource_statuses` };
      const compare = ({ context }: ProtectionStatus) => compareWith(filter, context);
      const query = { ...toQuery(filter), limit: PAGE_LIMIT };
      const listed = pages(http, { ...call, query }, statusShape, { compare });
      return keepOnly(listed, ({ context }) => isSameTenant(filter.tenantNumber, context.tenant_id));
    },
    /** Creates a group. The answer has no id: find the group by its name. Each call creates another. */
    async createGroup({ name, group_condition, parent_group_ids }: NewGroup): Promise<void> {
      const json = {
        type: 'resource.group.computers',
        name,
        user_defined_name: name,
        group_condition,
        parent_group_ids,
        allowed_member_types: ['resource.machine'],
      };
      const call = { operation: 'resources.createGroup', route: `POST ${BASE}/resources` };
      await http.send({ ...call, successStatuses: [200, 201, 204], json });
    },
    /** Deletes a resource or group. A repeat is `not-found`. */
    async remove(id: string): Promise<void> {
      const call = { operation: 'resources.remove', route: `DELETE ${BASE}/resources/{id}`, id };
      await http.send({ ...call, successStatuses: [200, 204] });
    },
  };
}

function toQuery({ type, search, resourceId, agentId, tenantNumber }: ResourceFilter) {
  return { type, search, resource_id: resourceId, agent_id: agentId, tenant_id: tenantNumber };
}

function compareWith({ type, resourceId, agentId }: ResourceFilter, row: Resource): Comparison {
  return {
    type: isSameText(type, row.type),
    id: isSameText(resourceId, row.id),
    agent_id: isSameText(agentId, row.agent_id),
  };
}

async function* keepOnly<Row>(rows: AsyncIterable<Row>, fits: (row: Row) => boolean): AsyncGenerator<Row> {
  for await (const row of rows) if (fits(row)) yield row;
}
