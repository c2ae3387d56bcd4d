import { randomUUID } from 'node:crypto';
import type { Client, Item, Mail, Policy, Pricing, Tenant, Token, User } from './entities.js';
import { forbidden, notFound } from './errors.js';

/** Everything the imitated platform remembers. */
export class World {
  readonly tenants = new Map<string, Tenant>();
  readonly users = new Map<string, User>();
  readonly items = new Map<string, Item[]>();
  readonly policies = new Map<string, Policy[]>();
  readonly pricing = new Map<string, Pricing>();
  readonly mfa = new Map<string, string>();
  readonly clients = new Map<string, Client>();
  readonly tokens = new Map<string, Token>();
  readonly otts = new Map<string, string>();
  readonly sessions = new Map<string, string>();
  readonly mails: Mail[] = [];
  readonly usages = new Map<string, Map<string, number>>();
  /** Tenants and users that the current call has made, so that a fault can hide them. */
  readonly fresh: { hiddenReads: number }[] = [];
  rootId = '';
  rootUserId = '';
  uniqueNames = true;
  tokenTtlSeconds = 7200;
  private numericId = 1_415_000;
  private lastVersion = 0;

  newTenant(fields: Partial<Tenant> & { name: string; kind: string }): Tenant {
    const at = now();
    const id = fields.id ?? randomUUID();
    const tenant: Tenant = {
      numericId: (this.numericId += 1),
      version: 1,
      parent_id: id,
      customer_type: 'default',
      enabled: true,
      customer_id: null,
      internal_tag: null,
      language: 'en',
      update_lock: { enabled: false, owner_id: null },
      ancestral_access: true,
      enhancedSecurity: false,
      owner_id: null,
      contact: {},
      created_at: at,
      updated_at: at,
      deleted_at: null,
      hiddenReads: 0,
      ...fields,
      id,
    };
    this.tenants.set(id, tenant);
    this.fresh.push(tenant);
    const mode = tenant.kind === 'customer' ? 'trial' : 'production';
    this.pricing.set(id, { mode, currency: null, production_start_date: endOfTrial(), version: this.timestamp() });
    this.mfa.set(id, 'disabled');
    return tenant;
  }

  newUser(fields: Partial<User> & { tenant_id: string; login: string }): User {
    const at = now();
    const id = fields.id ?? randomUUID();
    const home = this.tenants.get(fields.tenant_id);
    const personal = home !== undefined && ['customer', 'unit'].includes(home.kind) ? randomUUID() : null;
    const user: User = {
      version: 1,
      activated: false,
      enabled: true,
      personal_tenant_id: personal,
      contact: {},
      language: 'en',
      external_id: null,
      origin_id: null,
      origin_external_id: null,
      notifications: ['quota', 'reports', 'backup_daily_report'],
      business_types: [],
      created_at: at,
      updated_at: at,
      deleted_at: null,
      password: null,
      hiddenReads: 0,
      ...fields,
      id,
    };
    this.users.set(id, user);
    this.fresh.push(user);
    return user;
  }

  /** A version in the form of a timestamp, never twice the same. */
  timestamp(): number {
    this.lastVersion = Math.max(Date.now(), this.lastVersion + 1);
    return this.lastVersion;
  }

  living(): Tenant[] {
    return [...this.tenants.values()].filter(({ deleted_at }) => deleted_at === null);
  }

  livingUsers(): User[] {
    return [...this.users.values()].filter(({ deleted_at }) => deleted_at === null);
  }

  children(id: string): Tenant[] {
    return this.living().filter((tenant) => tenant.parent_id === id && tenant.id !== id);
  }

  /** The tenant and everything below it, by level. */
  subtree(id: string): Tenant[] {
    const top = this.tenants.get(id);
    if (top === undefined || top.deleted_at !== null) return [];
    const found = [top];
    for (const tenant of found) found.push(...this.children(tenant.id));
    return found;
  }

  /** The tenants above, nearest first. */
  ancestors({ id, parent_id }: Tenant): Tenant[] {
    const above = this.tenants.get(parent_id);
    return above === undefined || above.id === id ? [] : [above, ...this.ancestors(above)];
  }

  /** The tenant, if the caller may see it: 404 for none, 403 for one of somebody else. */
  reach(id: string, callerTenantId: string, allowDeleted = false): Tenant {
    const tenant = this.tenants.get(id);
    if (tenant === undefined || (tenant.deleted_at !== null && !allowDeleted)) throw notFound('tenant');
    const mine = id === callerTenantId || this.ancestors(tenant).some((one) => one.id === callerTenantId);
    if (!mine) throw forbidden();
    return tenant;
  }

  /** As `reach`, for what lies inside a tenant: refused where its ancestors have no access. */
  enter(id: string, callerTenantId: string): Tenant {
    const tenant = this.reach(id, callerTenantId);
    const barred = [tenant, ...this.ancestors(tenant)]
      .filter(
        (one) => one.id !== callerTenantId && this.ancestors(one).some(({ id: above }) => above === callerTenantId),
      )
      .some((one) => !one.ancestral_access);
    if (barred) throw forbidden('ancestors have no access to this tenant');
    return tenant;
  }
}

export function now(): string {
  return new Date().toISOString();
}

function endOfTrial(): string {
  const today = new Date();
  return new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 2, 0, 23, 59, 59)).toISOString().slice(0, 19);
}
