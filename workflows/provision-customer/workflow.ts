import type { Member } from '../../activities/members.js';
import type { MarkedTenant } from '../../activities/tenants.js';
import type { EarlierRuns } from '../../contract/earlier-runs.js';
import { activationStep } from '../../contract/members.js';
import { everyAmendable } from '../../contract/orders.js';
import type { Grant } from '../../contract/turn-queue.js';
import { ENABLE_BACKUP_USER } from '../enable-backup-user/contract.js';
import type { Amendable } from '../decisions/amendments.js';
import type { ActivityResult, StepName } from '../kernel/activity-calls.js';
import { operation, type OperationContext } from '../kernel/operation.js';
import { undosForAdopted, type SettingUndos } from '../parts/adopted.js';
import {
  activateUser,
  ensureMember,
  giveRole,
  memberInTenant,
  wasActivated,
  type Joined,
} from '../parts/giving-user.js';
import { checkAgainIfBlocked } from '../parts/handing-over.js';
import {
  askForEarlierRuns,
  checkLogin,
  creation,
  earlierRunSteps,
  removeDoubles,
  updateAdoptedTenant,
} from '../parts/provisioning.js';
import { waitedForMaker } from '../parts/target.js';
import { PROVISION_CUSTOMER, type ProvisionCustomerOrder, type ProvisionedCustomer } from './contract.js';

type Context = OperationContext<ProvisionCustomerOrder>;

/** The steps that this order needs, in the order in which they begin. */
export const provisioningSteps = (order: ProvisionCustomerOrder): StepName[] => [
  'findOfferingItems',
  'checkLogin',
  'ensureCustomerTenant',
  'applyOfferingItems',
  ...(order.twoFactor ? (['requireTwoFactor'] as const) : []),
  'ensureUser',
  'assignRole',
  ...(order.billingMode === 'production' ? (['switchToProduction'] as const) : []),
  activationStep(order.activation),
  ...(order.customer.managedByProvider ? [] : (['limitAdministratorAccess'] as const)),
];

/** Which steps use which part of the input. Parts that are not listed say for whom the run is, and stay. */
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

/** Gives one customer a working tenant with items, two-factor rule and administrator, or leaves nothing behind. */
export const provisionCustomer = operation<ProvisionCustomerOrder, ProvisionedCustomer>({
  name: PROVISION_CUSTOMER,
  steps: provisioningSteps,
  amendable: provisioningAmendable,

  run: async (context) =>
    await provision(context, {
      role: 'company_admin',
      field: 'administrator',
      operation: PROVISION_CUSTOMER,
      others: [ENABLE_BACKUP_USER],
      ordered: context.order,
    }),
});

interface FirstUser {
  role: string;
  /** What the order calls that user. */
  field: 'administrator' | 'user';
  /** The operation that provisions, the other one that does, and the order as its caller wrote it. */
  operation: string;
  others: readonly string[];
  ordered: object;
}

/** Provisions a new customer whose first user gets this role. */
export async function provision(context: Context, firstUser: FirstUser): Promise<ProvisionedCustomer> {
  const { order, cloud, steps } = context;
  const startAgain = async () => await provision({ ...context, first: false }, firstUser);
  const found = await lookAhead(context, firstUser);
  if (found.turn.waited) {
    // another run for this customer had its turn meanwhile, and may have changed what was looked up
    for (const step of ['findOfferingItems', 'checkLogin', ...earlierRunSteps] as const) steps.invalidate(step);
    return await startAgain();
  }
  const tenant = await ensureTenant({ ...context, first: context.first && !found.turn.known }, found);
  const repeat = ['checkLogin', 'ensureCustomerTenant', ...earlierRunSteps] as const;
  if (await waitedForMaker(steps, { cloud, ...tenant, repeat })) return await startAgain();
  const { tenantId } = tenant;
  const { parentTenantId, items, names } = found.offer;
  steps.setFacts({ tenantId, partnerId: parentTenantId });
  await updateAdoptedTenant(context, tenant, order.customer);
  const [member, undos] = await steps.allSettled(
    memberInTenant(steps, { cloud, tenantId, person: order.administrator, field: firstUser.field }, found.member),
    undosForAdopted(context, tenant, { items, twoFactor: order.twoFactor }),
  );
  const adopted = tenant.ownership !== 'ours';
  const joined = await equip(context, firstUser, { tenantId, adopted, member, offer: found.offer, undos });
  await removeDoubles(context, { kind: 'customer', name: order.customer.name, parentTenantId, ...tenant });
  await handOver(context, joined, { adopted, undos });
  return { tenantId, userId: joined.userId, offeringItems: names };
}

interface Found {
  offer: ActivityResult<'findOfferingItems'>;
  member: Member;
  earlier: EarlierRuns;
  turn: Grant;
}

/** Everything that can be looked up before anything is created. */
async function lookAhead(
  context: Context,
  { role, field, operation: name, others, ordered }: FirstUser,
): Promise<Found> {
  const { order, cloud, mark, steps } = context;
  const { customer, administrator: person, offeringItems, edition, quotas, infraId, infra } = order;
  const { parentTenantId } = customer;
  const kind = 'customer';
  const unless = askForEarlierRuns(context, { kind, operation: name, others, order: ordered, parentTenantId });
  const [offer, member, earlier, turn] = await steps.allSettled(
    steps.lookUp(
      'findOfferingItems',
      { cloud, parentTenantId, offeringItems, edition, quotas, infraId, infra },
      { summary: `What may ${customer.name} be given?`, unless },
    ),
    checkLogin(steps, { cloud, mark, kind, parentTenantId, person, field, role }, unless),
    unless,
    steps.takeTurnOfKey({ cloud, mark }),
  );
  return { offer, member, earlier, turn };
}

async function ensureTenant(context: Context, { offer, ...found }: Found): Promise<MarkedTenant> {
  const { customer } = context.order;
  const { input, undo } = creation(context, customer, { parentTenantId: offer.parentTenantId, ...found });
  return await context.steps.run(
    'ensureCustomerTenant',
    { ...input, customer },
    { summary: `Customer tenant ${customer.name}`, undo: ['removeCustomerTenant', undo] },
  );
}

interface Equipping {
  tenantId: string;
  adopted: boolean;
  member: Member;
  offer: Found['offer'];
  undos: SettingUndos;
}

/** Gives the tenant its items, its two-factor rule and its first user. */
async function equip(
  { order, cloud, steps, revision, reset }: Context,
  { role }: FirstUser,
  { tenantId, adopted, member, offer: { parentTenantId, items, names }, undos }: Equipping,
): Promise<Joined> {
  const { administrator: user, activation, customer } = order;
  const { language } = customer;
  const place = { cloud, tenantId, parentTenantId };
  const joining = { ...place, language, user, role, activation, member, items, revision, reset };
  const [joined] = await steps.allSettled(
    ensureMember(steps, joining, adopted ? undefined : 'ensureCustomerTenant'),
    steps.run(
      'applyOfferingItems',
      { cloud, tenantId, items, look: adopted },
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
  await giveRole(steps, joined);
  return joined;
}

/** Bills it as ordered, lets its user in, and last of all gives our own access away: after that nobody here can look at its users. */
async function handOver(
  { order, cloud, steps }: Context,
  joined: Joined,
  { adopted, undos }: Pick<Equipping, 'adopted' | 'undos'>,
): Promise<void> {
  const { tenantId } = joined;
  if (order.billingMode === 'production') {
    await checkAgainIfBlocked(steps, joined);
    await steps.runSkippable(
      'switchToProduction',
      { cloud, tenantId },
      { summary: 'Billing mode production, for good', ...undos.production },
    );
  }
  await activateUser(steps, joined, wasActivated(joined, adopted));
  if (!order.customer.managedByProvider)
    await steps.runSkippable(
      'limitAdministratorAccess',
      { cloud, tenantId },
      { summary: 'Managed by the customer alone', ...undos.access },
    );
  await checkAgainIfBlocked(steps, joined);
}
