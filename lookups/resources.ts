import type { ProtectionStatus, Resource } from '../acronis/index.js';
import { includesIgnoringCase, lookup, scopedClient, toUtc, type LookUpScope } from './lookup.js';

interface NameAndType {
  /** E.g. `resource.machine`. */
  type?: string;
  /** Part of the name, ignoring case. */
  name?: string;
}

interface ResourcesFilter extends NameAndType {
  /** Includes all attributes of each resource. */
  attributes?: boolean;
}

async function* listResources(scope: LookUpScope, { type, name, attributes = false }: ResourcesFilter) {
  const { resources } = await scopedClient(scope);
  for await (const one of resources.list({ type, includeAttributes: attributes || undefined }))
    if (includesIgnoringCase(nameOf(one), name)) yield { ...one, attributes: attributes ? one.attributes : null };
}

/** The machines, mailboxes, groups and other resources of the tenant. */
export const resources = lookup(listResources, {
  name: nameOf,
  type: ({ type }) => type,
  tenantNumber: ({ tenant_id }) => tenant_id,
  agentId: ({ agent_id }) => agent_id,
  updatedAt: ({ updated_at }) => toUtc(updated_at),
  /** `group.key=value` each; null unless requested. */
  attributes: ({ attributes }) => attributes?.flatMap(attributeLines) ?? null,
  id: ({ id }) => id,
});

function attributeLines({ name, kvs }: Resource['attributes'][number]): string[] {
  return kvs.map(({ key, value }) => `${name}.${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
}

function nameOf({ user_defined_name, name }: Pick<Resource, 'user_defined_name' | 'name'>): string | null {
  return user_defined_name ?? name;
}

interface ProtectionFilter extends NameAndType {
  /** Only resources with this status. */
  status?: string;
}

async function* listStatuses(
  scope: LookUpScope,
  { type, name, status }: ProtectionFilter,
): AsyncGenerator<ProtectionStatus> {
  const { resources } = await scopedClient(scope);
  for await (const one of resources.statuses({ type }))
    if (includesIgnoringCase(nameOf(one.context), name) && (status === undefined || one.aggregate?.status === status))
      yield one;
}

/** The resources of the tenant with their protection status. */
export const protection = lookup(listStatuses, {
  name: ({ context }) => nameOf(context),
  status: ({ aggregate }) => aggregate?.status ?? null,
  /** Names of the plans applied to it. */
  plans: ({ aggregate }) => aggregate?.names ?? [],
  type: ({ context }) => context.type,
  lastRun: ({ policies }) => sorted(policies.map(({ last_run }) => last_run)).at(-1) ?? null,
  lastSuccess: ({ policies }) => sorted(policies.map(({ last_success_run }) => last_success_run)).at(-1) ?? null,
  nextRun: ({ policies }) => sorted(policies.map(({ next_run }) => next_run))[0] ?? null,
  tenantNumber: ({ context }) => context.tenant_id,
  id: ({ context }) => context.id,
});

function sorted(times: (string | null)[]): string[] {
  return times.flatMap((time) => toUtc(time) ?? []).sort();
}
