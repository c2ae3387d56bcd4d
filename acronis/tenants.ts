import { z } from 'zod';
import { contactShape, type NewContact } from './contact.js';
import type { HttpClient } from './http-client.js';
import { allPages, pages, readPage, type Page } from './paging.js';
import { optional, anyId, decisive, deletedAt, guid, idAsText, time } from './shapes.js';
import { isSameText, confirmAsked, confirmCreation, confirmChange, type Comparison } from './confirmation.js';
import { compareIdentity, hasFlags, showsTexts } from './confirmed-tenant.js';

const PAGE_LIMIT = 500;

const tenantShape = z.object({
  id: guid,
  version: z.number().int(),
  name: z.string(),
  kind: z.string(),
  parent_id: guid,
  enabled: z.boolean(),
  customer_id: optional(z.string()),
  internal_tag: decisive(z.string()),
  language: optional(z.string()),
  ancestral_access: decisive(z.boolean()),
  pricing_mode: optional(z.string()),
  mfa_status: optional(z.string()),
  has_children: optional(z.boolean()),
  production_start_date: optional(z.string()),
  external_operation_status: optional(z.string()),
  update_lock: decisive(z.object({ enabled: z.boolean(), owner_id: decisive(anyId) })),
  owner_id: decisive(anyId),
  created_at: optional(time),
  updated_at: optional(time),
  deleted_at: deletedAt,
  contact: optional(contactShape),
});

const groupShape = z.object({ id: idAsText, uuid: optional(anyId) });

/** A tenant as the cloud returns it; missing fields are null. */
export type Tenant = z.output<typeof tenantShape>;

/** The fields of a new tenant. Undefined fields are not sent. */
export interface NewTenant {
  name: string;
  parent_id: string;
  kind: 'partner' | 'folder' | 'customer' | 'unit';
  customer_id?: string | undefined;
  /** At most 256 characters; the platform never uses it. */
  internal_tag?: string | undefined;
  language?: string | undefined;
  contact?: NewContact | undefined;
  /** False: the customer manages itself and ancestors cannot see its users. */
  ancestral_access?: boolean | undefined;
  /** Cannot be changed later, nor read from the tenant. */
  enhanced_security?: boolean | undefined;
}

/** A change to a tenant. Fields left out stay as they are. */
export interface TenantChange {
  version: number;
  name?: string | undefined;
  parent_id?: string | undefined;
  enabled?: boolean | undefined;
  internal_tag?: string | null | undefined;
  language?: string | undefined;
  contact?: NewContact | undefined;
  ancestral_access?: boolean | undefined;
  update_lock?: { enabled: boolean; owner_id?: string | undefined } | undefined;
}

/** Which tenants to list: direct children, or a whole subtree with its root. */
export type TenantSelection = { parentId: string } | { subtreeRootId: string };

/**
 * The calls for tenants.
 * @see https://developer.acronis.com/doc/account-management/v2/reference/ (tenants)
 */
export function createTenants(http: HttpClient) {
  return {
    /**
     * The number that the agent, task, alert, resource and policy managers use for a tenant, as text. From the older API
     * that the vendor's own scripts use. Safe to repeat.
     */
    numberOf: async (id: string): Promise<string> => {
      const call = { operation: 'tenants.numberOf', route: 'GET /api/1/groups/{id}', id };
      const group = await http.read(call, groupShape);
      return confirmAsked(call, group, { uuid: isSameText(id, group.uuid) }).id;
    },
    /**
     * Creates a tenant. Not safe to repeat after a lost answer: look for its mark first. Fails with `taken` when the name
     * is in use.
     */
    create: async (fields: NewTenant): Promise<Tenant> => {
      const call = { operation: 'tenants.create', route: 'POST /tenants', json: toCreationBody(fields), creates: true };
      const tenant = await http.read(call, tenantShape);
      confirmCreation(call, tenant, compareIdentity(fields, tenant));
      return confirmChange(call, tenant, hasFlags(tenant, { ...fields, enabled: true }));
    },
    /** The tenant; deleted ones only with `allowDeleted`. Fails with `not-found`. */
    get: async (id: string, { allowDeleted }: { allowDeleted?: boolean | undefined } = {}): Promise<Tenant> => {
      const query = allowDeleted ? { allow_deleted: true } : {};
      const call = { operation: 'tenants.get', route: 'GET /tenants/{id}', id, query };
      const tenant = await http.read(call, tenantShape);
      return confirmAsked(call, tenant, { id: isSameText(id, tenant.id) });
    },
    /** Changes the given fields. Fails with `conflict` when `version` is stale, so a blind repeat does no harm. */
    update: async (id: string, change: TenantChange): Promise<Tenant> =>
      await putTenant(http, { operation: 'tenants.update', id, json: change }),
    /**
     * Writes the current values to a tenant again. That raises its version, so an earlier change without an answer can no
     * longer take effect. Fails with `conflict` when `version` is stale. Safe to repeat.
     */
    renew: async (id: string, current: TenantChange): Promise<Tenant> =>
      await putTenant(http, { operation: 'tenants.renew', id, json: current, readOnly: true }),
    /**
     * Deletes a disabled tenant with all tenants below it. Fails with `conflict` on a stale version; a repeat is
     * `not-found`.
     */
    async remove(id: string, version: number): Promise<void> {
      const call = { operation: 'tenants.remove', route: 'DELETE /tenants/{id}', id };
      await http.send({ ...call, successStatuses: [204], query: { version } });
    },
    /**
     * Lists the tenants page by page; deleted ones only with `allowDeleted`. Safe to repeat.
     */
    list: (by: TenantSelection, { allowDeleted }: { allowDeleted?: boolean | undefined } = {}): AsyncIterable<Tenant> =>
      listTenants(http, by, allowDeleted ? { allow_deleted: true } : {}),
    /**
     * One page of a tenant and everything below it, and the cursor of the next one: at most 500 tenants, parents first.
     * Safe to repeat.
     */
    page: async (rootId: string, after?: string): Promise<Page<Tenant>> => await readTenantPage(http, rootId, after),
    /**
     * Restores a deleted tenant, as long as the platform still can; the time limit is not published. Fails with `taken`
     * when another tenant has the name by now, unless `force` lets the platform change the name.
     */
    async restore(id: string, { force }: { force?: boolean | undefined } = {}): Promise<void> {
      const query = force ? { force } : {};
      const call = { operation: 'tenants.restore', route: 'POST /tenants/{id}/restore', id };
      await http.send({ ...call, successStatuses: [204], query, creates: true });
    },
    /** Ids of the direct children. Safe to repeat. */
    childIds: async (id: string): Promise<string[]> =>
      allPages(http, { operation: 'tenants.childIds', route: 'GET /tenants/{id}/children', id }, guid),
  };
}

async function putTenant(
  http: HttpClient,
  { id, json, ...rest }: { operation: string; id: string; json: TenantChange; readOnly?: true },
): Promise<Tenant> {
  const call = { ...rest, route: 'PUT /tenants/{id}', id, json };
  const tenant = await http.read(call, tenantShape);
  confirmAsked(call, tenant, { id: isSameText(id, tenant.id) });
  return confirmChange(call, tenant, hasFlags(tenant, json) && showsTexts(tenant, json));
}

/**
 * The reference puts enhanced security under `settings`, the vendor's tutorial at the top level. Both are sent. It can
 * be set only now and never read back: if only the ignored field were sent, the customer would silently stay
 * unprotected. A platform that objects to the second field refuses before it creates anything.
 */
function toCreationBody({ enhanced_security, ...fields }: NewTenant): object {
  return enhanced_security ? { ...fields, enhanced_security, settings: { enhanced_security } } : fields;
}

/** The cursor contains the filter. */
async function readTenantPage(http: HttpClient, rootId: string, after: string | undefined): Promise<Page<Tenant>> {
  const which = after === undefined ? { subtree_root_id: rootId } : { after };
  const call = { operation: 'tenants.page', route: 'GET /tenants', query: { ...which, limit: PAGE_LIMIT } };
  return await readPage(http, call, tenantShape);
}

async function* listTenants(
  http: HttpClient,
  by: TenantSelection,
  extra: { allow_deleted?: true },
): AsyncGenerator<Tenant> {
  const call = { operation: 'tenants.list', route: 'GET /tenants' };
  const list = (filter: Record<string, string>, compare?: (tenant: Tenant) => Comparison) =>
    pages(http, { ...call, query: { ...filter, ...extra, limit: PAGE_LIMIT } }, tenantShape, { compare });
  if ('subtreeRootId' in by) {
    yield* onlySubtree(call, by.subtreeRootId, list({ subtree_root_id: by.subtreeRootId }));
    return;
  }
  const { parentId } = by;
  yield* list({ parent_id: parentId }, ({ parent_id }) => ({ parent_id: isSameText(parentId, parent_id) }));
}

/**
 * Yields each tenant once its parent has come, up to the root. Fails with `unreadable` when the parent of a tenant never
 * comes: then the tenant may belong to somebody else.
 */
async function* onlySubtree(
  call: { operation: string; route: string },
  rootId: string,
  tenants: AsyncIterable<Tenant>,
): AsyncGenerator<Tenant> {
  const inside = new Set([rootId.toLowerCase()]);
  const waiting = new Map<string, Tenant[]>();
  for await (const tenant of tenants) {
    if (!inside.has(tenant.id) && !inside.has(tenant.parent_id)) {
      waiting.set(tenant.parent_id, [...(waiting.get(tenant.parent_id) ?? []), tenant]);
      continue;
    }
    const ready = [tenant];
    for (const one of ready) {
      yield one;
      inside.add(one.id);
      ready.push(...(waiting.get(one.id) ?? []));
      waiting.delete(one.id);
    }
  }
  confirmAsked(call, undefined, { parent_id: waiting.size === 0 });
}
