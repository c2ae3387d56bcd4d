import type { FoundMember } from '../../activities/members.js';
import type { WantedItem } from '../../activities/offer.js';
import { activationStep, everyAmendable } from '../../contract/orders.js';
import { ENABLE_BACKUP_USER } from '../enable-backup-user/contract.js';
import { ONBOARD_CUSTOMER } from '../onboard-customer/contract.js';
import type { Amendable } from '../decisions/amendments.js';
import type { ActivityResult, StepName } from '../kernel/activity-calls.js';
import { operation, type OperationContext } from '../kernel/operation.js';
import { findAdoptedUndos, type SettingUndos } from '../parts/adopted-undos.js';
import {
  activateUser,
  ensureMember,
  ensureRole,
  memberInTenant,
  wasActivated,
  type AddedMember,
} from '../parts/members.js';
import { recheckIfDisturbed } from '../parts/recheck.js';
import { ensureTenant, type NewTenant } from '../parts/new-tenant.js';
import { removeDoubles } from '../parts/provisioning.js';
import { secretSteps } from '../parts/references.js';
import { PROVISION_CUSTOMER, type ProvisionCustomerOrder, type ProvisionedCustomer } from './contract.js';

type Context = OperationContext<ProvisionCustomerOrder>;

/** The steps of this order, in order. */
export function provisioningSteps(order: ProvisionCustomerOrder, revision: number): StepName[] {
  const { administrator, activation, twoFactor, billingMode, customer } = order;
  const ofUser = (...steps: StepName[]) => (administrator === undefined ? [] : steps);
  return [
    'findOfferingItems',
    ...ofUser('checkLogin', ...secretSteps(activation, revision)),
    'ensureCustomerTenant',
    'applyOfferingItems',
    ...(twoFactor ? (['requireTwoFactor'] as const) : []),
    ...ofUser('ensureUser', 'assignRole'),
    ...(billingMode === 'production' ? (['switchToProduction'] as const) : []),
    ...ofUser(activationStep(activation)),
    ...(customer.managedByProvider ? [] : (['limitAdministratorAccess'] as const)),
  ];
}

/** The steps that use each part of the input. Unlisted parts identify the customer and cannot change. */
export const provisioningAmendable: Amendable = {
  'customer.name': ['ensureCustomerTenant'],
  'customer.parentTenantId': ['ensureCustomerTenant'],
  'customer.language': ['ensureCustomerTenant', 'ensureUser'],
  'customer.contact': ['ensureCustomerTenant'],
  'customer.managedByProvider': ['ensureCustomerTenant', 'limitAdministratorAccess'],
  'customer.enhancedSecurity': ['ensureCustomerTenant'],
  offeringItems: ['applyOfferingItems'],
  edition: ['applyOfferingItems'],
  quotas: ['applyOfferingItems'],
  infraId: ['applyOfferingItems'],
  infra: ['applyOfferingItems'],
  twoFactor: ['requireTwoFactor'],
  billingMode: ['switchToProduction'],
  confirm: [],
  administrator: ['ensureUser'],
  activation: ['sendActivationEmail', 'setPassword'],
  ...everyAmendable,
};

/**
 * Creates a customer tenant with items and two-factor rule, and an administrator if ordered; or leaves nothing behind.
 */
export const provisionCustomer = operation<ProvisionCustomerOrder, ProvisionedCustomer>({
  name: PROVISION_CUSTOMER,
  steps: provisioningSteps,
  amendable: provisioningAmendable,

  run: async (context) =>
    await provision(context, {
      role: 'company_admin',
      field: 'administrator',
      operation: PROVISION_CUSTOMER,
      others: [ENABLE_BACKUP_USER, ONBOARD_CUSTOMER],
      ordered: context.order,
    }),
});

interface FirstUserOptions {
  role: string;
  /** The field of that user in the order. */
  field: 'administrator' | 'user';
  /** The operation, the others that create customers, and the order as the caller wrote it. */
  operation: string;
  others: readonly string[];
  ordered: object;
  /** Done once the tenant is as ordered, before its first user gets access. */
  beforeAccess?(tenantId: string): Promise<void>;
}

/** Provisions a new customer. Its first user, if one is ordered, gets this role. */
export async function provision(context: Context, firstUser: FirstUserOptions): Promise<ProvisionedCustomer> {
  const { order, cloud, steps } = context;
  const { customer, administrator: person } = order;
  const { tenant, offer, member: found } = await ensureTenant(context, newCustomer(context, firstUser));
  const { tenantId } = tenant;
  const { parentTenantId, items, names } = offer;
  const [member, undos] = await steps.allSettled(
    person && found && memberInTenant(steps, { cloud, tenantId, person, field: firstUser.field }, found),
    findAdoptedUndos(context, tenant, { items, twoFactor: order.twoFactor }),
  );
  const adopted = tenant.ownership !== 'ours';
  const place = { cloud, tenantId, parentTenantId, items, revision: context.revision };
  const joined = await setUpTenant(context, firstUser, { place, names, adopted, member, undos });
  await removeDoubles(context, { kind: 'customer', ordered: customer, parentTenantId, ...tenant });
  await firstUser.beforeAccess?.(tenantId);
  await finish(context, { place, joined, adopted, undos });
  return { tenantId, ...(joined && { userId: joined.userId }), offeringItems: names };
}

function newCustomer({ order, cloud, steps }: Context, firstUser: FirstUserOptions) {
  const { customer, administrator: person, activation, offeringItems, edition, quotas, infraId, infra } = order;
  const { parentTenantId } = customer;
  return {
    ...firstUser,
    kind: 'customer',
    tenant: customer,
    person,
    activation,
    offerStep: 'findOfferingItems',
    findOffer: async (reportFirst) =>
      await steps.lookUp(
        'findOfferingItems',
        { cloud, parentTenantId, offeringItems, edition, quotas, infraId, infra },
        { summary: `What can ${customer.name} get?`, reportFirst },
      ),
    ensureStep: 'ensureCustomerTenant',
    ensure: async ({ input, undo }) =>
      await steps.run(
        'ensureCustomerTenant',
        { ...input, customer },
        { summary: `Customer tenant ${customer.name}`, undo: ['removeCustomerTenant', undo] },
      ),
  } satisfies NewTenant<ActivityResult<'findOfferingItems'>>;
}

interface TenantSetUp {
  place: TenantPlace;
  adopted: boolean;
  undos: SettingUndos;
}

/** The tenant, and the items that it gets. */
type TenantPlace = Pick<AddedMember, 'cloud' | 'tenantId' | 'revision'> & {
  parentTenantId: string;
  items: WantedItem[];
};

/** Sets up items, two-factor rule and first user. Undefined when no user is ordered. */
async function setUpTenant(
  { order, steps, wasReset, since }: Context,
  { role }: FirstUserOptions,
  { place, names, adopted, member, undos }: TenantSetUp & { names: string[]; member: FoundMember | undefined },
): Promise<AddedMember | undefined> {
  const { administrator: user, activation, customer } = order;
  const { cloud, tenantId, items } = place;
  const joining = user &&
    member && { ...place, language: customer.language, user, role, activation, member, wasReset, since };
  const [joined] = await steps.allSettled(
    joining && ensureMember(steps, joining, adopted ? undefined : 'ensureCustomerTenant'),
    steps.run(
      'applyOfferingItems',
      { cloud, tenantId, items, look: adopted, ...(undos.items && { undoable: true }) },
      { summary: names.join(', '), ...undos.items },
    ),
    order.twoFactor
      ? steps.runSkippable(
          'requireTwoFactor',
          { cloud, tenantId, look: adopted },
          { summary: 'Two-factor authentication', ...undos.twoFactor },
        )
      : undefined,
  );
  if (joined !== undefined) await ensureRole(steps, joined);
  return joined;
}

/**
 * Sets the billing mode and gives the user access; last, it gives up the provider's access, which look-ups of users
 * need.
 */
async function finish(
  { order, steps }: Context,
  { place, joined, adopted, undos }: TenantSetUp & { joined: AddedMember | undefined },
): Promise<void> {
  const { cloud, tenantId } = place;
  if (order.billingMode === 'production') {
    await recheckIfDisturbed(steps, joined ?? place);
    await steps.runSkippable(
      'switchToProduction',
      { cloud, tenantId },
      { summary: 'Billing mode production, for good', ...undos.production },
    );
  }
  if (joined !== undefined) await activateUser(steps, joined, wasActivated(joined, adopted));
  if (!order.customer.managedByProvider)
    await steps.runSkippable(
      'limitAdministratorAccess',
      { cloud, tenantId, look: false },
      { summary: 'Managed by the customer alone', ...undos.access },
    );
  await recheckIfDisturbed(steps, joined ?? place);
}
