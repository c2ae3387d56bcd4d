import type { Item } from './entities.js';
import { partnersOnly, rowsOf } from './offering-items.js';
import { now, World } from './world.js';

/** The disaster-recovery storage that the vendor's own scripts leave out. */
export const GOOGLE_DR_INFRA = 'ba2976d0-c13e-4661-ae60-b4593583fce2';
export const BACKUP_APPLICATION = '6e6d758d-8e74-3ae3-ac84-50eb0dff12eb';
export const ORDINARY_INFRA = '5b0c9f52-1f0e-4b55-9b0e-1f2d3c4b5a69';

/** What may be told otherwise of the world at the start. */
export interface Fixture {
  rootName?: string;
  clientId?: string;
  clientSecret?: string;
  /** How many ordinary backup storages customers are offered; one unless given. */
  storages?: number;
  tokenTtlSeconds?: number;
  /** False: several tenants may have one name. */
  uniqueNames?: boolean;
  /** More tenants directly below the root. */
  tenants?: { name: string; kind?: string; customer_id?: string; internal_tag?: string }[];
  /** More users of the root tenant: logins that are taken. */
  users?: { login: string; email: string }[];
}

export const defaults = {
  rootName: 'Tenantry Demo MSP',
  clientId: '0f5b1c1e-5c53-4c9a-9a0f-6c7c1d2e3f40',
  clientSecret: 'simulated-client-secret',
  login: 'demo.admin',
  password: 'simulated-password',
} as const;

const editions: readonly (readonly [edition: string, prefix: string])[] = [
  ['standard', ''],
  ['pck_per_gigabyte', 'pg_base_'],
  ['pck_per_workload', 'pw_base_'],
];
const counts = ['workstations', 'servers', 'vms', 'mobiles', 'o365_seats'];

/** Makes the world as it is before the first call. */
export function seed(fixture: Fixture): World {
  const world = new World();
  world.uniqueNames = fixture.uniqueNames ?? true;
  world.tokenTtlSeconds = fixture.tokenTtlSeconds ?? 7200;
  const root = world.newTenant({ name: fixture.rootName ?? defaults.rootName, kind: 'partner' });
  world.rootId = root.id;
  world.items.set(root.id, catalogue(root.id, fixture.storages ?? 1));
  const { login, password } = defaults;
  const admin = world.newUser({
    tenant_id: root.id,
    login,
    password,
    activated: true,
    contact: { email: 'admin@msp.example' },
  });
  world.rootUserId = admin.id;
  addClient(world, fixture);
  const partner = world.newTenant({ name: 'Seeded Partner', kind: 'partner', parent_id: root.id });
  world.items.set(
    partner.id,
    rowsOf(world, root.id).map((row) => ({ ...row, tenant_id: partner.id })),
  );
  const below = world.newTenant({ name: 'Seeded Customer', kind: 'customer', parent_id: partner.id });
  world.newUser({ tenant_id: below.id, login: 'taken.login', contact: { email: 'taken@customer.example' } });
  world.newTenant({ name: 'Taken Name, Inc', kind: 'customer', parent_id: root.id });
  for (const { kind = 'customer', ...fields } of fixture.tenants ?? [])
    world.newTenant({ ...fields, kind, parent_id: root.id });
  for (const user of fixture.users ?? [])
    world.newUser({ tenant_id: root.id, login: user.login, contact: { email: user.email } });
  world.fresh.length = 0;
  return world;
}

function addClient(world: World, { clientId, clientSecret }: Fixture): void {
  world.clients.set(clientId ?? defaults.clientId, {
    client_id: clientId ?? defaults.clientId,
    secret: clientSecret ?? defaults.clientSecret,
    tenant_id: world.rootId,
    type: 'api_client',
    token_endpoint_auth_method: 'client_secret_basic',
    data: { client_name: 'simulated client' },
    status: 'enabled',
    origin_id: null,
    created_at: now(),
    deleted: false,
  });
}

function catalogue(tenantId: string, storages: number): Item[] {
  const base = {
    application_id: BACKUP_APPLICATION,
    tenant_id: tenantId,
    updated_at: now(),
    deleted_at: null,
    status: 1,
    locked: false,
  };
  const quota = () => ({ value: null, overage: null, version: 0 });
  const infras = [ORDINARY_INFRA, ...Array.from({ length: storages - 1 }, (_none, at) => numbered(at + 2))];
  const rows = editions.flatMap(([edition, prefix]): Item[] => [
    ...counts.map((usage) => ({
      ...base,
      name: `${prefix}${usage}`,
      usage_name: usage,
      edition,
      type: 'count',
      measurement_unit: 'quantity',
      quota: quota(),
    })),
    ...infras.map((infra_id) => ({
      ...base,
      name: `${prefix}storage`,
      usage_name: 'storage',
      edition,
      type: 'infra',
      measurement_unit: 'bytes',
      infra_id,
      quota: quota(),
    })),
    {
      ...base,
      name: `${prefix}dr_storage`,
      usage_name: 'dr_storage',
      edition,
      type: 'infra',
      measurement_unit: 'bytes',
      infra_id: GOOGLE_DR_INFRA,
      quota: quota(),
    },
    {
      ...base,
      name: `${prefix}dr_internet_access`,
      usage_name: 'dr_internet_access',
      edition,
      type: 'feature',
      measurement_unit: 'n/a',
      infra_id: GOOGLE_DR_INFRA,
    },
    {
      ...base,
      name: `${prefix}device_control`,
      usage_name: 'device_control',
      edition,
      type: 'feature',
      measurement_unit: 'n/a',
    },
  ]);
  const partnerOnly: Item = {
    ...base,
    name: 'storage',
    usage_name: 'storage',
    edition: 'standard',
    type: 'infra',
    measurement_unit: 'bytes',
    infra_id: numbered(99),
    quota: quota(),
  };
  partnersOnly.add(partnerOnly);
  const local: Item = {
    ...base,
    name: 'local_storage',
    usage_name: 'local_storage',
    edition: null,
    type: 'count',
    measurement_unit: 'bytes',
    quota: quota(),
  };
  return [...rows, local, partnerOnly];
}

function numbered(at: number): string {
  return `5b0c9f52-1f0e-4b55-9b0e-${String(at).padStart(12, '0')}`;
}
