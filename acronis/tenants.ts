import { z } from 'zod';
import { contactShape, type NewContact } from './contact.js';
import type { Http } from './http.js';
import { allPages, pages } from './paging.js';
import { absent, anyId, decisive, deletedAt, guid } from './shapes.js';
import { agrees, isSameText, made, shown } from './shown.js';
import { createTenantNumbers, type TenantNumbers } from './tenant-numbers.js';

const PAGE_LIMIT = 500;
const IDS_PER_CALL = 100;

const tenantShape = z.object({
  id: guid,
  version: z.number().int(),
  name: z.string(),
  kind: z.string(),
  parent_id: guid,
  enabled: z.boolean(),
  customer_id: absent(z.string()),
  internal_tag: decisive(z.string()),
  language: absent(z.string()),
  ancestral_access: decisive(z.boolean()),
  pricing_mode: absent(z.string()),
  mfa_status: absent(z.string()),
  has_children: absent(z.boolean()),
  production_start_date: absent(z.string()),
  external_operation_status: absent(z.string()),
  update_lock: decisive(z.object({ enabled: z.boolean(), owner_id: decisive(anyId) })),
  owner_id: decisive(anyId),
  created_at: absent(z.string()),
  updated_at: absent(z.string()),
  deleted_at: deletedAt,
  contact: absent(contactShape),
});

/** A tenant as the cloud tells it; fields it leaves out are null. */
export type Tenant = z.output<typeof tenantShape>;

/** What a tenant is made with. Undefined fields are not sent. */
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
  /** Can never be changed afterwards, nor seen in the tenant. */
  enhanced_security?: boolean | undefined;
}

/** A change to a tenant. Fields left out stay as they are. */
export interface TenantChange {
  version: number;
  name?: string | undefined;
  parent_id?: string | undefined;
  kind?: string | undefined;
  enabled?: boolean | undefined;
  customer_id?: string | null | undefined;
  internal_tag?: string | null | undefined;
  language?: string | undefined;
  contact?: NewContact | undefined;
  ancestral_access?: boolean | undefined;
  update_lock?: { enabled: boolean; owner_id?: string | undefined } | undefined;
}

/** Which tenants to list: direct children, a whole subtree with its root, or the given ones. */
export type TenantSelection = { parentId: string } | { subtreeRootId: string } | { ids: string[] };

/** @see https://developer.acronis.com/doc/account-management/v2/reference/ (tenants) */
export interface Tenants extends TenantNumbers {
  /**
   * Makes a tenant. Not safe to repeat when the answer was lost: look for its mark first.
   * Fails with `taken` when the name is in use.
   */
  create(fields: NewTenant): Promise<Tenant>;
  /** The tenant; deleted ones only with `allowDeleted`. Fails with `not-found`. */
  get(id: string, options?: { allowDeleted?: boolean | undefined }): Promise<Tenant>;
  /** Changes the fields given. Fails with `conflict` when `version` is stale, so a blind repeat does no harm. */
  update(id: string, change: TenantChange): Promise<Tenant>;
  /**
   * Writes to a tenant what it says already, and answers with it. Where its version has grown, an earlier change that was never answered can no longer
   * take effect. Fails with `conflict` when `version` is stale. Safe to repeat.
   */
  renew(id: string, same: TenantChange): Promise<Tenant>;
  /** Deletes a disabled tenant with all below it. Fails with `conflict` on a stale version; a repeat is `not-found`. */
  remove(id: string, version: number): Promise<void>;
  /** Walks through the tenants page by page; ids are asked for 100 at a time. Deleted ones only with `allowDeleted`. Safe to repeat. */
  list(by: TenantSelection, options?: { allowDeleted?: boolean | undefined }): AsyncIterable<Tenant>;
  /**
   * Takes back a deletion, while the platform still can; the time limit is not published. Fails with `taken` when the name was
   * taken meanwhile, unless `force` lets the platform change it.
   */
  restore(id: string, options?: { force?: boolean | undefined }): Promise<void>;
  /** Ids of the direct children. Safe to repeat. */
  childIds(id: string): Promise<string[]>;
}

/** The calls on tenants. */
export function createTenants(http: Http): Tenants {
  return {
    ...createTenantNumbers(http),
    create: async (fields) => {
      const call = { operation: 'tenants.create', route: 'POST /tenants', json: creation(fields), creates: true };
      const tenant = await http.read(call, tenantShape);
      const own = made(call, tenant, identity(fields, tenant));
      return shown(call, own, isAs({ ...fields, enabled: true }, own));
    },
    get: async (id, { allowDeleted } = {}) => {
      const query = allowDeleted ? { allow_deleted: true } : {};
      return http.read({ operation: 'tenants.get', route: 'GET /tenants/{id}', id, query }, tenantShape);
    },
    update: async (id, change) => {
      const call = { operation: 'tenants.update', route: 'PUT /tenants/{id}', id, json: change };
      const tenant = await http.read(call, tenantShape);
      return shown(call, tenant, isAs(change, tenant));
    },
    renew: async (id, same) => {
      const call = { operation: 'tenants.renew', route: 'PUT /tenants/{id}', id, json: same, looks: true };
      const tenant = await http.read(call, tenantShape);
      return shown(call, tenant, isAs(same, tenant));
    },
    async remove(id, version) {
      await http.send({
        operation: 'tenants.remove',
        success: [204],
        route: 'DELETE /tenants/{id}',
        id,
        query: { version },
      });
    },
    list: (by, { allowDeleted } = {}) => listed(http, by, allowDeleted ? { allow_deleted: true } : {}),
    async restore(id, { force } = {}) {
      const query = force ? { force } : {};
      await http.send({
        operation: 'tenants.restore',
        success: [204],
        route: 'POST /tenants/{id}/restore',
        id,
        query,
        creates: true,
      });
    },
    childIds: async (id) =>
      allPages(http, { operation: 'tenants.childIds', route: 'GET /tenants/{id}/children', id }, guid),
  };
}

/**
 * The reference puts enhanced security under `settings`, the vendor's tutorial at the top. Both are sent: it can be set
 * only now and never read back, so a place the platform ignores would leave a customer silently unprotected, whereas
 * a platform that minds the second place refuses before anything is made.
 */
function creation({ enhanced_security, ...fields }: NewTenant): object {
  return enhanced_security ? { ...fields, enhanced_security, settings: { enhanced_security } } : fields;
}

/** By what a tenant is known, and which of it is as it was sent. */
function identity(sent: NewTenant, tenant: Tenant): Record<string, boolean> {
  return {
    name: isSameText(sent.name, tenant.name),
    parent_id: isSameText(sent.parent_id, tenant.parent_id),
    kind: isSameText(sent.kind, tenant.kind),
    internal_tag: agrees(sent.internal_tag, tenant.internal_tag),
    customer_id: isSameText(sent.customer_id, tenant.customer_id),
    deleted_at: tenant.deleted_at === null,
  };
}

function isAs(sent: Partial<TenantChange>, { enabled, ancestral_access, update_lock }: Tenant): boolean {
  const isLocked = agrees(sent.update_lock?.enabled, update_lock?.enabled);
  return isLocked && agrees(sent.enabled, enabled) && agrees(sent.ancestral_access, ancestral_access);
}

async function* listed(http: Http, by: TenantSelection, also: { allow_deleted?: true }): AsyncGenerator<Tenant> {
  const call = { operation: 'tenants.list', route: 'GET /tenants' };
  if (!('ids' in by)) {
    const filter = 'parentId' in by ? { parent_id: by.parentId } : { subtree_root_id: by.subtreeRootId };
    yield* pages(http, { ...call, query: { ...filter, ...also, limit: PAGE_LIMIT } }, tenantShape);
    return;
  }
  for (let start = 0; start < by.ids.length; start += IDS_PER_CALL) {
    const uuids = by.ids.slice(start, start + IDS_PER_CALL).join(',');
    yield* pages(http, { ...call, query: { uuids, ...also, limit: PAGE_LIMIT } }, tenantShape);
  }
}
