import type { InProcessSimulator } from '../../simulator/index.js';
import { lastingFields, snapshot } from './snapshot.js';

/**
 * What somebody else does at one of the run's calls, in the console or by a program: adds a user to the run's tenant,
 * makes the same call just before the run, or disables the run's tenant (enables it if it is disabled).
 */
export const strangerActions = ['moves in', 'does the same', 'switches'] as const;
export interface StrangerAction {
  call: number;
  act: (typeof strangerActions)[number] | 'gives all away' | 'switches all off';
}

/** Something that somebody else has created. */
export interface Belonging {
  kind: string;
  id: string | number;
  name: string;
  /** As its owner last left it. */
  left: unknown;
}

/** A field that somebody else has set, of which object, and by which path. */
export interface Setting {
  path: string;
  label: string;
  field: string;
  value: unknown;
}

/** A user that somebody else has created, with its role. */
export interface Account {
  id: string;
  role: string;
}

type World = InProcessSimulator['memory'];

/** Calls whose effect people share with the run, or that nobody makes twice. */
const shared = /\/(idp|send-activation-email|password|bindings|restore|policies$|applications$|run$)/;
/** Roles that fit together with all roles that runs assign. */
const theirRoles: Readonly<Record<string, string>> = { partner: 'protection_admin' };
const THEIR_ROLE = 'notary_user';
/** Fields that mark an object as created by one caller. */
const own = ['internal_tag', 'customer_id', 'origin_id', 'external_id'];
const kinds = ['tenants', 'users', 'clients', 'reports', 'registrationTokens', 'resources', 'assignments'] as const;

/** Other people, and everything that they created or set. */
export class Strangers {
  readonly belongings: Belonging[] = [];
  readonly settings: Setting[] = [];
  readonly accounts: Account[] = [];
  /** Tenants that they disabled or enabled. */
  readonly switched = new Set<string>();
  /** The name of each tenant that they renamed, before they did, by id. */
  readonly formerNames = new Map<string, string>();

  constructor(private readonly simulator: InProcessSimulator) {}

  /** The ids of their objects. */
  get ids(): ReadonlySet<unknown> {
    return new Set(this.belongings.map(({ id }) => id));
  }

  moveIn(tenantId: string): void {
    this.noting('', () => void this.simulator.world.addUser({ tenant_id: tenantId, login: this.newLogin() }));
  }

  switch(tenantId: string): void {
    const tenant = this.simulator.memory.tenants.get(tenantId)!;
    this.switched.add(tenantId);
    this.noting(`/api/2/tenants/${tenantId}`, () =>
      Object.assign(tenant, { enabled: !tenant.enabled, version: tenant.version + 1 }),
    );
  }

  /** Gives each customer, and each partner without customers, to somebody else: name, number, tag and contact. */
  giveAllAway(): void {
    for (const tenant of this.customersAndNewPartners()) {
      const contact = { ...tenant.contact, email: 'boss@contoso.example.com' };
      const theirs = { name: `Contoso ${tenant.id}`, customer_id: 'theirs', internal_tag: 'theirs', contact };
      Object.assign(tenant, theirs, { version: tenant.version + 1 });
    }
  }

  switchAllOff(): void {
    for (const tenant of this.customersAndNewPartners())
      Object.assign(tenant, { enabled: false, version: tenant.version + 1 });
  }

  private customersAndNewPartners() {
    const tenants = [...this.simulator.memory.tenants.values()];
    const parents = new Set(tenants.map(({ parent_id }) => parent_id));
    return tenants.filter(({ id, kind }) => kind === 'customer' || !parents.has(id));
  }

  /** Makes the same call, without the fields that mark the caller. */
  async doTheSame(request: Request): Promise<void> {
    const { pathname } = new URL(request.url);
    if (!['POST', 'PUT'].includes(request.method) || shared.test(pathname)) return;
    const { memory, consoleFetch: aside, rootTenantId } = this.simulator;
    const text = await request.clone().text();
    const asked = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    const body = JSON.stringify({
      ...asked,
      ...Object.fromEntries(own.filter((n) => n in asked).map((n) => [n, null])),
    });
    const token = { value: 'theirs', id: 'theirs', tenantId: rootTenantId, expiresOn: Infinity };
    const headers = { authorization: `Bearer ${token.value}`, 'content-type': 'application/json' };
    const before = this.snapshot();
    memory.tokens.set(token.value, token);
    await aside(request.url, { method: request.method, headers, body });
    if (pathname.endsWith('/users')) this.welcomeNew(before.known);
    memory.tokens.delete(token.value);
    this.note(pathname, before);
  }

  /** Gives their new user a role of its own, which tells it from the run's user. */
  private welcomeNew(known: ReadonlySet<unknown>): void {
    const { users, tenants, policies } = this.simulator.memory;
    for (const user of users.values()) {
      if (known.has(user.id)) continue;
      const role = theirRoles[tenants.get(user.tenant_id)!.kind] ?? THEIR_ROLE;
      policies.set(user.id, [policyOf(user, role)]);
      this.accounts.push({ id: user.id, role });
    }
  }

  private newLogin(): string {
    return `stranger-${this.belongings.length + 1}`;
  }

  private noting(path: string, act: () => void): void {
    const before = this.snapshot();
    act();
    this.note(path, before);
  }

  private snapshot() {
    const { memory } = this.simulator;
    const known = new Set(kinds.flatMap((kind) => [...memory[kind].keys()]));
    const theirs = new Map(this.belongings.map((one) => [one, lookAt(memory, one)]));
    const names = new Map([...memory.tenants.values()].map(({ id, name }) => [id, name]));
    return { known, theirs, names, world: snapshot(memory, this.ids, this.formerNames) };
  }

  private note(path: string, { known, theirs, names, world }: ReturnType<Strangers['snapshot']>): void {
    const { memory } = this.simulator;
    for (const [one, before] of theirs) {
      const now = lookAt(memory, one);
      if (!isSame(now, before)) one.left = now;
    }
    for (const kind of kinds)
      for (const [id, thing] of memory[kind]) {
        if (!known.has(id))
          this.belongings.push({ kind, id, name: `${kind} ${nameOf(thing)}`, left: lastingFields(thing) });
      }
    for (const [id, name] of names)
      if (memory.tenants.get(id)?.name !== name && !this.formerNames.has(id)) this.formerNames.set(id, name);
    const after = snapshot(memory, this.ids, this.formerNames);
    for (const label of Object.keys(after))
      for (const [field, value] of Object.entries(fieldsOf(after[label])))
        if (!isSame(value, fieldsOf(world[label])[field]))
          for (const known of this.labelsOf(label)) this.settings.push({ path, label: known, field, value });
  }

  /** A label with the former name of a tenant, and the one with its name now. */
  private labelsOf(label: string): string[] {
    const now = [...this.formerNames].flatMap(([id, former]) =>
      label.endsWith(` ${former}`)
        ? `${label.slice(0, -former.length)}${this.simulator.memory.tenants.get(id)!.name}`
        : [],
    );
    return [label, ...now];
  }
}

/** The fields of an object; any other value is one field by itself. */
export function fieldsOf(thing: unknown): Record<string, unknown> {
  const isPlain = typeof thing === 'object' && thing !== null && !Array.isArray(thing);
  return isPlain ? (thing as Record<string, unknown>) : { '': thing };
}

export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** A role, as the simulator stores it. */
export function policyOf(
  { id, tenant_id, created_at }: { id: string; tenant_id: string; created_at: string },
  role_id: string,
) {
  const times = { created_at, updated_at: created_at, deleted_at: null };
  const by = { issuer_id: id, trustee_id: id, trustee_type: 'user' };
  return { id: `${role_id} of ${id}`, ...by, tenant_id, role_id, version: 0, ...times };
}

function nameOf(thing: object): string {
  const { login, name, id } = thing as { login?: string; name?: string; id?: unknown };
  return login ?? name ?? String(id);
}

/** What an object is like now. */
export function lookAt(world: World, { kind, id }: Pick<Belonging, 'kind' | 'id'>): unknown {
  return lastingFields((world[kind as (typeof kinds)[number]] as Map<unknown, object>).get(id));
}

/** Whether an object still exists. */
export function isThere(world: World, { kind, id }: Pick<Belonging, 'kind' | 'id'>): boolean {
  const thing = (world[kind as (typeof kinds)[number]] as Map<unknown, object>).get(id);
  const { deleted_at, deleted } = (thing ?? { deleted: true }) as { deleted_at?: string | null; deleted?: boolean };
  return (deleted_at ?? null) === null && deleted !== true;
}
