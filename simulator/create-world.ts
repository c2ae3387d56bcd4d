import { applications } from './applications.js';
import { addTenant, addTree } from './add-tenants.js';
import { catalogue } from './catalogue.js';
import { defaultAccount, type Fixture } from './fixture.js';
import { addScript } from './machine-scripts.js';
import { addMachine } from './machines.js';
import { addSampleProtection } from './sample-protection.js';
import { itemsAvailableToChild, itemsOf } from './tenant-items.js';
import { Untidiness } from './untidy.js';
import { now, World } from './world.js';

const sampleItems = ['pg_base_workstations', 'pg_base_storage'];

/** Creates the world as it is before the first call. */
export function createWorld(fixture: Fixture, newId?: () => string): World {
  const world = new World(newId);
  applySettings(world, fixture);
  const root = world.newTenant({ name: fixture.rootName ?? defaultAccount.rootName, kind: 'partner' });
  world.rootId = root.id;
  world.items.set(root.id, catalogue(root.id, fixture));
  const { login, password } = defaultAccount;
  const contact = { email: 'admin@msp.example' };
  world.rootUserId = world.newUser({ tenant_id: root.id, login, password, activated: true, contact }).id;
  world.bindings.set(root.id, new Set(applications.map(({ id }) => id)));
  addClient(world, fixture);
  addSampleTenants(world);
  for (const { kind = 'customer', edition, ...fields } of fixture.tenants ?? [])
    addTenant(world, { ...fields, kind, parent_id: root.id }, edition);
  for (const user of fixture.users ?? []) addUser(world, user);
  if (fixture.tree !== undefined) addTree(world, fixture.tree);
  world.createdByCall.length = 0;
  return world;
}

function addUser(world: World, { login, email, tenant }: NonNullable<Fixture['users']>[number]): void {
  const home = [...world.tenants.values()].find(({ name }) => name === tenant);
  world.newUser({ tenant_id: home?.id ?? world.rootId, login, contact: { email } });
}

function applySettings(world: World, fixture: Fixture): void {
  const untidiness = new Untidiness(fixture.untidy);
  world.uniqueNames = fixture.uniqueNames ?? !untidiness.has('sameNames');
  world.strict = fixture.strict ?? false;
  world.tokenTtlSeconds = fixture.tokenTtlSeconds ?? (untidiness.has('shortTokens') ? 900 : 7200);
  world.searchLagMs = fixture.searchLagMs ?? 0;
  world.twoFactorOffDelay = fixture.twoFactorOff ?? { looks: 0 };
  world.reportDelay = fixture.reports ?? {};
  world.runDelay = fixture.runs ?? {};
  world.scheduledBackups = fixture.scheduledBackups ?? false;
  for (const [at, script] of (fixture.machines ?? []).entries()) addScript(world, script, `machines[${at}]`);
  for (const [edition, warnings] of Object.entries(fixture.editionWarnings ?? {}))
    world.editionWarnings.set(edition, warnings);
}

function addClient(world: World, { clientId, clientSecret }: Fixture): void {
  world.clients.set(clientId ?? defaultAccount.clientId, {
    client_id: clientId ?? defaultAccount.clientId,
    secret: clientSecret ?? defaultAccount.clientSecret,
    tenant_id: world.rootId,
    type: 'api_client',
    token_endpoint_auth_method: 'client_secret_basic',
    data: { client_name: 'simulated client' },
    status: 'enabled',
    origin_id: null,
    redirect_uris: [],
    created_at: now(),
    created_by: world.rootUserId,
    last_access_at: null,
    deleted: false,
    hiddenReads: 0,
  });
}

/** Adds a partner with a customer whose machine is protected, and a customer whose name is taken. */
function addSampleTenants(world: World): void {
  const partner = world.newTenant({ name: 'Seeded Partner', kind: 'partner', parent_id: world.rootId });
  const rows = itemsOf(world, world.rootId).map((row) => ({ ...row, tenant_id: partner.id }));
  world.items.set(partner.id, rows);
  const below = world.newTenant({ name: 'Seeded Customer', kind: 'customer', parent_id: partner.id });
  world.newUser({ tenant_id: below.id, login: 'taken.login', contact: { email: 'taken@customer.example' } });
  const given = itemsAvailableToChild(world, partner.id, below.kind).filter(({ name }) => sampleItems.includes(name));
  world.items.set(
    below.id,
    given.map((row) => ({ ...row, tenant_id: below.id })),
  );
  addSampleProtection(world, below.id);
  const taken = world.newTenant({ name: 'Taken Name, Inc', kind: 'customer', parent_id: world.rootId });
  addMachine(world, { tenantId: taken.id, hostname: 'ws-taken.local' });
}
