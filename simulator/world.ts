import { randomUUID } from 'node:crypto';
import type { Agent } from './agents.js';
import type { Alert } from './alerts.js';
import type { Client, Item, Mail, Policy, Pricing, Tenant, Token, User } from './entities.js';
import type { MachineLife, MachineScript } from './machine-scripts.js';
import type { Plan } from './plans.js';
import type { Assignment } from './protection.js';
import type { RegistrationToken } from './registration-tokens.js';
import type { Report } from './reports.js';
import type { Resource } from './resources.js';
import type { Progress, Delay } from './delays.js';
import type { Run, Task } from './runs.js';
import { Tree } from './tree.js';
import type { Secret } from './world-view.js';

/** Everything that the simulated platform stores. */
export class World extends Tree {
  readonly users = new Map<string, User>();
  readonly items = new Map<string, Item[]>();
  /** Services that were switched on without one of their items, by tenant. */
  readonly bindings = new Map<string, Set<string>>();
  readonly prices = new Map<string, Map<string, { price: string; version: number }>>();
  /** The roles of users; those that were taken from them are in `takenPolicies`. */
  readonly policies = new Map<string, Policy[]>();
  readonly takenPolicies = new Map<string, Policy[]>();
  readonly pricing = new Map<string, Pricing>();
  readonly mfa = new Map<string, string>();
  readonly twoFactorEnding = new Map<string, Progress>();
  readonly clients = new Map<string, Client>();
  readonly tokens = new Map<string, Token>();
  readonly oneTimeTokens = new Map<string, string>();
  readonly sessions = new Map<string, string>();
  /** Secrets that were issued and are no longer valid. */
  readonly spentSecrets: Secret[] = [];
  readonly mails: Mail[] = [];
  readonly usages = new Map<string, Map<string, number>>();
  /** Warnings of the dry run of an edition switch, by edition. */
  readonly editionWarnings = new Map<string, string[]>();
  readonly reports = new Map<string, Report>();
  readonly registrationTokens = new Map<number, RegistrationToken>();
  readonly agents = new Map<string, Agent>();
  readonly resources = new Map<string, Resource>();
  readonly plans = new Map<string, Plan>();
  /** Which policies are applied to which machines. */
  readonly assignments = new Map<string, Assignment>();
  /** Runs that have not ended. */
  readonly runs: Run[] = [];
  readonly tasks: Task[] = [];
  readonly activities: Task[] = [];
  /** Machines that are installed once a registration token has been issued, and what became of them. */
  readonly machineScripts: MachineScript[] = [];
  readonly machineLives: MachineLife[] = [];
  /** Whether plans back up at the times of their schedule. */
  scheduledBackups = false;
  readonly alerts = new Map<string, Alert>();
  /** What the current call has created, so that a fault can hide it. */
  readonly createdByCall: { hiddenReads: number }[] = [];
  rootId = '';
  rootUserId = '';
  uniqueNames = true;
  strict = false;
  tokenTtlSeconds = 7200;
  searchLagMs = 0;
  /** How far the cloud's clock is ahead of this process. */
  clockAheadMs = 0;
  /** How long reports and runs take, and how they end. */
  reportDelay: Delay = {};
  runDelay: Delay = {};
  /** How long it takes to switch the second factor off. */
  twoFactorOffDelay: Delay = {};
  private numericId = 1_415_000;
  private lastVersion = 0;

  /** `newId` makes the ids of everything that is stored. */
  constructor(readonly newId: () => string = randomUUID) {
    super();
  }

  newTenant(fields: Partial<Tenant> & { name: string; kind: string }): Tenant {
    const at = now();
    const id = fields.id ?? this.newId();
    const tenant: Tenant = {
      numericId: (this.numericId += 1),
      version: 1,
      parent_id: id,
      customer_type: 'default',
      enabled: true,
      customer_id: null,
      internal_tag: null,
      language: 'en',
      default_idp_id: DEFAULT_IDP,
      update_lock: { enabled: false, owner_id: null },
      ancestral_access: true,
      enhancedSecurity: false,
      external_operation_status: null,
      owner_id: null,
      contact: {},
      created_at: at,
      updated_at: at,
      deleted_at: null,
      hiddenReads: 0,
      ...fields,
      id,
    };
    this.putUnder(tenant);
    this.createdByCall.push(tenant);
    const mode = tenant.kind === 'customer' ? 'trial' : 'production';
    this.pricing.set(id, {
      mode,
      currency: null,
      production_start_date: mode === 'trial' ? endOfTrial() : null,
      version: this.timestamp(),
    });
    this.mfa.set(id, 'disabled');
    return tenant;
  }

  newUser(fields: Partial<User> & { tenant_id: string; login: string }): User {
    const at = now();
    const id = fields.id ?? this.newId();
    const user: User = {
      version: 1,
      activated: false,
      enabled: true,
      personal_tenant_id: this.newPersonalTenant(id, fields),
      contact: {},
      language: 'en',
      external_id: null,
      idp_id: DEFAULT_IDP,
      origin_id: null,
      origin_external_id: null,
      disable_after: null,
      notifications: ['quota', 'reports', 'backup_daily_report'],
      business_types: [],
      created_at: at,
      updated_at: at,
      deleted_at: null,
      password: null,
      secondFactor: null,
      hiddenReads: 0,
      ...fields,
      id,
    };
    this.users.set(id, user);
    this.createdByCall.push(user);
    return user;
  }

  /** A user of a customer or unit has quotas in a personal tenant, which no list shows. */
  private newPersonalTenant(owner_id: string, { tenant_id, login }: { tenant_id: string; login: string }) {
    const home = this.tenants.get(tenant_id);
    if (home === undefined || !['customer', 'unit'].includes(home.kind)) return null;
    return this.newTenant({ name: login, kind: 'unit', parent_id: tenant_id, owner_id }).id;
  }

  /** The two-factor status of a tenant; units and folders have that of their parent. */
  twoFactorOf({ id, kind, parent_id }: Tenant): string {
    const parent = this.tenants.get(parent_id);
    if (['unit', 'folder'].includes(kind) && parent !== undefined && parent_id !== id) return this.twoFactorOf(parent);
    return this.mfa.get(id) ?? 'disabled';
  }

  /** Whether this user needs a second factor to log in. */
  needsSecondFactor({ tenant_id, secondFactor }: User): boolean {
    return secondFactor ?? this.twoFactorOf(this.tenants.get(tenant_id)!) !== 'disabled';
  }

  /** The time of the cloud's clock. */
  time(): number {
    return Date.now() + this.clockAheadMs;
  }

  /** A version in the form of a timestamp; each one is different. */
  timestamp(): number {
    this.lastVersion = Math.max(Date.now(), this.lastVersion + 1);
    return this.lastVersion;
  }

  /** Logins are unique in the whole cloud; case does not count. */
  isLoginTaken(login: string): boolean {
    const wanted = login.trim().toLowerCase();
    return this.existingUsers().some((user) => user.login.toLowerCase() === wanted);
  }

  /** Names of tenants are unique in the whole tree; case does not count. */
  isNameTaken(name: string, except?: string): boolean {
    const wanted = name.trim().toLowerCase();
    return this.existingTenants().some((one) => one.id !== except && one.name.toLowerCase() === wanted);
  }

  existingUsers(): User[] {
    return [...this.users.values()].filter(({ deleted_at }) => deleted_at === null);
  }
}

const DEFAULT_IDP = '11111111-1111-1111-1111-111111111111';

export function now(): string {
  return new Date().toISOString();
}

function endOfTrial(): string {
  const today = new Date();
  return new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 2, 0, 23, 59, 59)).toISOString().slice(0, 19);
}
