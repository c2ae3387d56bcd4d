import type { InProcessSimulator } from '../../simulator/index.js';
import { addMachine } from '../../simulator/machines.js';
import { applyPlan } from '../../simulator/plan-applications.js';
import { contact } from '../support/full-contact.js';
import { addExampleTenant } from './example-tenant.js';
import { addMachineToBe } from './models/plans.js';
import { models } from './models/index.js';
import type { Input } from './subjects.js';
import { tenantSwitches } from '../../workflows/tenant-switches/contract.js';

type World = InProcessSimulator['memory'];
type Order = (world: World) => Input;

const MINUTE_MS = 60_000;
const NAME = 'Customer, Inc';
const tenant = { customerId: 'customer-inc' };
const person = { login: 'Northwind', email: 'admin@example.com', firstName: 'Ann', lastName: 'Ox' };
const lowered = { tenant, quotas: { storage: { limit: '1 TiB' } }, belowUse: 'limitToUse' };
const backup = { days: ['monday'], at: '04:05', keep: '10 days' };
const protecting = { template: 'servers', plan: 'Nightly', backup, agents: 1, secret: 'kept', tokenFor: '2 days' };
const activation = { by: 'password', secretRef: 'env:INITIAL' };

/** The second place with an item, of the two that a cloud has here. */
function otherPlace({ items, rootId }: World, usage: string): string {
  const rows = items.get(rootId)!.filter(({ usage_name, infra_id }) => usage_name === usage && infra_id !== undefined);
  return [...new Set(rows.map(({ infra_id }) => infra_id!))][1]!;
}

/** A partner that offers what the root offers. */
function reseller(world: World): string {
  // a key can have its id in it
  const id = '7d1f0a52-6a0e-4b55-9b0e-1f2d3c4b5a69';
  world.newTenant({ id, name: 'Reseller', kind: 'partner', parent_id: world.rootId });
  const items = world.items.get(world.rootId)!.map((row) => ({ ...row, tenant_id: id }));
  world.items.set(id, items);
  return id;
}

const newCustomer = (world: World) => ({
  name: NAME,
  customerId: 'customer-inc',
  parentTenantId: reseller(world),
  language: 'de',
  contact,
  managedByProvider: false,
  enhancedSecurity: true,
});
const newPartner = (world: World) => ({
  name: 'Partner, Ltd',
  parentTenantId: reseller(world),
  language: 'de',
  contact,
});
const places = (world: World) => ({
  infraId: otherPlace(world, 'dr_storage'),
  infra: { backup: otherPlace(world, 'storage') },
});

/** The example's tenant, with one more thing in it. */
function withTenant(order: Input, add: (world: World, tenantId: string) => void = () => undefined): Order {
  return (world) => {
    addExampleTenant(world, { tenant });
    add(world, [...world.tenants.values()].find(({ customer_id }) => customer_id === tenant.customerId)!.id);
    return { tenant, ...order };
  };
}

/** The example's tenant with workstations only, and an order that names places. */
function withWorkstations(order: Input): Order {
  const keepOnly = ({ items }: World, id: string) =>
    void items.set(
      id,
      items.get(id)!.filter(({ name }) => name === 'workstations'),
    );
  return (world) => withTenant({ ...order, ...places(world) }, keepOnly)(world);
}

/** A world as the model prepares it for a variant. */
function asIn(operation: string, variant: string, order: Input): Order {
  return (world) => {
    models[operation]!.prepare!(world, models[operation]!.variants?.[variant]?.(order) ?? order);
    return order;
  };
}

const provisioning: Order = (world) => ({
  customer: newCustomer(world),
  edition: 'pck_per_gigabyte',
  offeringItems: ['local_storage', 'pu_base_fc_seats'],
  quotas: { pg_base_storage: { limit: '1 TiB', overage: '500 GiB' } },
  ...places(world),
  twoFactor: false,
  billingMode: 'production',
  confirm: NAME,
  administrator: person,
  activation,
});

const onPlan = {
  tenant: { name: 'Seeded Customer' },
  plan: { name: 'Seeded plan' },
  resources: [{ name: 'WS-SEEDED' }],
};
const apiClient = {
  tenant,
  name: 'Billing system',
  login: { login: 'demo.admin', secretRef: 'env:LOGIN' },
  secret: 'kept',
  rotate: true,
};

/** Orders that together have every option of an operation, each with another value than the default. */
export const fullestOrders: Readonly<Record<string, readonly Order[]>> = {
  addUser: [withTenant({ user: person, role: 'company_admin', activation })],
  changeEntitlement: [
    withWorkstations({
      offeringItems: ['servers', 'storage', 'dr_storage'],
      quotas: { servers: { limit: 10 }, storage: { limit: '1 TiB', overage: '500 GiB' } },
      remove: ['workstations'],
    }),
    asIn('changeEntitlement', 'of which a part is in use', lowered),
  ],
  createApiClient: [
    (world) => {
      world.users.get(world.rootUserId)!.password = 'the secret of env:LOGIN';
      return asIn('createApiClient', 'rotate', apiClient)(world);
    },
  ],
  createPlan: [
    withTenant({ name: 'Servers', template: 'servers', backup: { days: ['monday'], at: '12:30' } }),
    withTenant({ name: 'Servers', template: 'servers', backup: { keep: '60 days' } }),
  ],
  createResourceGroup: [withTenant({ name: 'Office', condition: 'ws-*', parentGroupId: 'a-group' })],
  disableApplications: [withTenant({ except: ['backup'], confirm: NAME })],
  enableBackupUser: [
    (world) => ({
      customer: newCustomer(world),
      user: person,
      role: 'company_admin',
      activation,
      offeringItems: ['servers', 'storage', 'dr_storage'],
      ...places(world),
      confirm: NAME,
    }),
    withWorkstations({
      user: person,
      role: 'company_admin',
      activation,
      offeringItems: ['servers', 'storage', 'dr_storage'],
    }),
  ],
  impersonateUser: [
    (world) => {
      addExampleTenant(world, { tenant, user: { login: 'JohnDoe' } });
      return { user: { login: 'JohnDoe' } };
    },
  ],
  issueAgentToken: [
    withTenant({ expiresIn: '2 hours', scopes: ['backup_agent_admin'], secret: 'kept' }),
    (world) => {
      addExampleTenant(world, { tenant, user: { login: 'JohnDoe' } });
      return { user: { login: 'JohnDoe' }, expiresIn: '2 hours', scopes: ['backup_agent_admin'], secret: 'kept' };
    },
  ],
  protectCustomer: [asIn('protectCustomer', 'example', { tenant, remindAfter: '2 days', ...protecting })],
  applyPlan: [asIn('applyPlan', 'example', onPlan)],
  revokePlan: [asIn('revokePlan', 'example', onPlan)],
  runPlan: [
    (world) => {
      const [plan] = world.plans.values();
      const { resourceId } = addMachine(world, { tenantId: plan!.tenantId, hostname: 'ws-other.local' });
      applyPlan(world, plan!, [resourceId]);
      return onPlan;
    },
  ],
  offboardCustomer: [
    withTenant(
      {
        grace: '1 day',
        confirm: NAME,
        including: {
          tenants: ['Unit'],
          users: ['somebody.inside'],
          agents: ['ws-1.local'],
          usage: { workstations: 3 },
        },
        finalReport: false,
      },
      (world, id) => {
        world.newTenant({ name: 'Unit', kind: 'unit', parent_id: id });
        world.usages.set(id, new Map([['workstations', 3]]));
        addMachine(world, { tenantId: id, hostname: 'ws-1.local' });
      },
    ),
  ],
  produceReport: [
    (world) => {
      world.reportDelay = { ms: 90 * MINUTE_MS };
      return {
        tenant: { name: 'Seeded Partner' },
        kind: 'usage_summary',
        level: 'direct_partners',
        period: { start: '2021-10-01', end: '2021-10-31' },
        format: 'json_v2_0',
        showSkus: true,
        hideZeroUsage: true,
        within: '2 hours',
      };
    },
  ],
  provisionCustomer: [provisioning],
  onboardCustomer: [
    (world) => {
      addMachineToBe(world);
      return { ...provisioning(world), protect: { remindAfter: '2 days', ...protecting } };
    },
  ],
  provisionPartner: [
    (world) => ({
      partner: newPartner(world),
      edition: 'pck_per_gigabyte',
      quotas: { pg_base_workstations: { limit: 10 } },
      administrator: person,
      activation,
    }),
    (world) => ({ partner: newPartner(world), editions: 'all', quotas: { servers: { limit: 10 } } }),
  ],
  resendActivation: [asIn('resendActivation', 'example', { tenant, user: { login: 'JohnDoe' } })],
  restoreCustomer: [
    (world) => {
      const order = asIn('restoreCustomer', 'example', { tenant, force: true })(world);
      world.newTenant({ name: NAME, kind: 'customer', parent_id: world.rootId });
      return order;
    },
  ],
  switchEdition: [withTenant({ to: 'pck_per_gigabyte', method: 'offeringItems', acceptWarnings: true })],
  switchToProduction: [withTenant({ confirm: NAME })],
  updateContact: [withTenant({ name: 'Customer International, Inc', language: 'de', contact })],
  updatePartners: [() => ({ root: { name: 'Seeded Partner' }, to: { edition: 'pck_per_gigabyte' } })],
  ...Object.fromEntries(
    Object.keys(tenantSwitches).map((operation) => [operation, [asIn(operation, 'example', { tenant })]]),
  ),
};
