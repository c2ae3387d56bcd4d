import type { ProtectionStatus, Resource } from '../acronis/index.js';
import { includesIgnoringCase, scopedClient, toUtc, type Lookup } from './lookup.js';

/** A workload that can be protected, or a group of them. */
export interface ResourceRow {
  name: string | null;
  type: string | null;
  tenantNumber: string | null;
  agentId: string | null;
  updatedAt: string | null;
  /** `group.key=value` each; null unless requested. */
  attributes: readonly string[] | null;
  id: string;
}

interface NameAndType {
  /** E.g. `resource.machine`. */
  type?: string;
  /** Part of the name, ignoring case. */
  name?: string;
}

export interface ResourcesFilter extends NameAndType {
  /** Includes all attributes of each resource. */
  attributes?: boolean;
}

/** The machines, mailboxes, groups and other resources of the tenant. */
export const resources: Lookup<ResourcesFilter, ResourceRow> = {
  fields: ['name', 'type', 'tenantNumber', 'agentId', 'updatedAt', 'attributes', 'id'],
  async *find(scope, { type, name, attributes = false }) {
    const { resources } = await scopedClient(scope);
    for await (const resource of resources.list({ type, includeAttributes: attributes || undefined }))
      if (includesIgnoringCase(nameOf(resource), name)) yield toResourceRow(resource, attributes);
  },
};

function toResourceRow(resource: Resource, attributes: boolean): ResourceRow {
  const { id, type, tenant_id, agent_id, updated_at } = resource;
  const lines = resource.attributes.flatMap(({ name, kvs }) =>
    kvs.map(({ key, value }) => `${name}.${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`),
  );
  return {
    name: nameOf(resource),
    type,
    tenantNumber: tenant_id,
    agentId: agent_id,
    updatedAt: toUtc(updated_at),
    attributes: attributes ? lines : null,
    id,
  };
}

function nameOf({ user_defined_name, name }: Resource): string | null {
  return user_defined_name ?? name;
}

/** The protection status of a resource. */
export interface ProtectionRow {
  name: string | null;
  status: string | null;
  /** Names of the plans applied to it. */
  plans: readonly string[];
  type: string | null;
  lastRun: string | null;
  lastSuccess: string | null;
  nextRun: string | null;
  tenantNumber: string | null;
  id: string;
}

export interface ProtectionFilter extends NameAndType {
  /** Only resources with this status. */
  status?: string;
}

/** The resources of the tenant with their protection status. */
export const protection: Lookup<ProtectionFilter, ProtectionRow> = {
  fields: ['name', 'status', 'plans', 'type', 'lastRun', 'lastSuccess', 'nextRun', 'tenantNumber', 'id'],
  async *find(scope, { type, name, status }) {
    const { resources } = await scopedClient(scope);
    for await (const one of resources.statuses({ type }))
      if (includesIgnoringCase(nameOf(one.context), name) && (status === undefined || one.aggregate?.status === status))
        yield toProtectionRow(one);
  },
};

function toProtectionRow({ context, aggregate, policies }: ProtectionStatus): ProtectionRow {
  const sorted = (times: (string | null)[]) => times.flatMap((time) => toUtc(time) ?? []).sort();
  return {
    name: nameOf(context),
    status: aggregate?.status ?? null,
    plans: aggregate?.names ?? [],
    type: context.type,
    lastRun: sorted(policies.map(({ last_run }) => last_run)).at(-1) ?? null,
    lastSuccess: sorted(policies.map(({ last_success_run }) => last_success_run)).at(-1) ?? null,
    nextRun: sorted(policies.map(({ next_run }) => next_run))[0] ?? null,
    tenantNumber: context.tenant_id,
    id: context.id,
  };
}
