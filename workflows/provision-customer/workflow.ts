import type { Member } from '../../activities/members.js';
import type { Grant } from '../../contract/turn-queue.js';
import type { MarkedTenant } from '../../activities/tenants.js';
import type { Result } from '../kernel/calling.js';
import type { EarlierRuns } from '../../contract/earlier-runs.js';
import { undosWhereAdopted } from '../parts/adopted.js';
import { ensureMember, giveRole, letIn, memberThere, wasLetIn } from '../parts/giving-user.js';
import { runOperation, type Begun, type Operation } from '../kernel/operation.js';
import {
  askForEarlierRuns,
  bringUpToDate,
  checkLogin,
  lookForDoubles,
  ofEarlierRuns,
  traces,
} from '../parts/provisioning.js';
import { ONE_PER_KEY } from '../../contract/revision.js';
import { lookOnceMore } from '../parts/handing-over.js';
import { hadToWait } from '../parts/target.js';
import { ENABLE_BACKUP_USER } from '../enable-backup-user/contract.js';
import { PROVISION_CUSTOMER, provisionCustomerAmendable, provisionCustomerSteps } from './contract.js';
import type { ProvisionCustomerOrder, ProvisionCustomerResult, ProvisionedCustomer } from './contract.js';

/** Gives one customer a working tenant with items, two-factor rule and administrator, or leaves nothing behind. */
export async function provisionCustomer(input: unknown): Promise<ProvisionCustomerResult> {
  return await runOperation(provisioning, input);
}

export const provisioning: Operation<ProvisionCustomerOrder, ProvisionedCustomer> = {
  name: PROVISION_CUSTOMER,
  steps: provisionCustomerSteps,
  amendable: provisionCustomerAmendable,
  story: async (begun) =>
    await provision(begun, {
      role: 'company_admin',
      field: 'administrator',
      operation: PROVISION_CUSTOMER,
      others: [ENABLE_BACKUP_USER],
      ordered: begun.order,
    }),
};

interface FirstUser {
  role: string;
  /** What the order calls that user. */
  field: 'administrator' | 'user';
  /** The operation that provisions, the other one that does, and the order as its caller wrote it. */
  operation: string;
  others: readonly string[];
  ordered: object;
}

/** The story of a new customer whose first user gets this role. */
export async function provision(
  begun: Begun<ProvisionCustomerOrder>,
  firstUser: FirstUser,
): Promise<ProvisionedCustomer> {
  const { order, cloud, run } = begun;
  const { role } = firstUser;
  const { customer, administrator: user, activation } = order;
  const { language } = customer;

  const { offer, member: seen, earlier, turn } = await lookAhead(begun, firstUser);
  // what was seen before another run for this customer had its turn may not be so any more
  if (turn.waited) {
    for (const step of ['findOfferingItems', 'checkLogin', ...ofEarlierRuns]) run.forget(step);
    return await provision({ ...begun, first: false }, firstUser);
  }
  const { parentTenantId, items, names } = offer;
  const tenant = await ensureTenant(
    { ...begun, first: begun.first && !turn.known },
    { parentTenantId, member: seen, earlier },
  );
  if (await hadToWait(run, { cloud, ...tenant, steps: ['checkLogin', 'ensureCustomerTenant', ...ofEarlierRuns] }))
    return await provision({ ...begun, first: false }, firstUser);
  const { tenantId } = tenant;
  const adopted = tenant.ownership !== 'ours';
  run.know({ tenantId, partnerId: parentTenantId });
  await bringUpToDate(begun, tenant, customer);
  const [member, undos] = await run.together(
    memberThere(run, { cloud, tenantId, person: user, field: firstUser.field }, seen),
    undosWhereAdopted(begun, tenant, { items, twoFactor: order.twoFactor }),
  );

  const joining = { cloud, tenantId, language, user, role, activation, member, items, revision: begun.revision };
  const [joined] = await run.together(
    ensureMember(run, joining, adopted ? undefined : 'ensureCustomerTenant'),
    run.step(
      'applyOfferingItems',
      { cloud, tenantId, items, look: adopted },
      { summary: names.join(', '), ...undos.items },
    ),
    order.twoFactor
      ? run.skippable(
          'requireTwoFactor',
          { cloud, tenantId, look: adopted },
          { summary: 'Two-factor authentication', ...undos.twoFactor },
        )
      : undefined,
  );
  await giveRole(run, joined);
  await lookForDoubles(begun, { kind: 'customer', name: customer.name, parentTenantId, ...tenant });
  if (order.billingMode === 'production') {
    await lookOnceMore(run, joined);
    await run.skippable(
      'switchToProduction',
      { cloud, tenantId },
      { summary: 'Billing mode production, for good', ...undos.production },
    );
  }
  await letIn(run, joined, wasLetIn(joining, adopted));
  // last of all: from here on we may not read the tenant's users any more
  if (!customer.managedByProvider)
    await run.skippable(
      'limitAdministratorAccess',
      { cloud, tenantId },
      { summary: 'Managed by the customer alone', ...undos.access },
    );
  await lookOnceMore(run, joined);
  return { tenantId, userId: joined.userId, offeringItems: names };
}

/** All that can be looked up before anything is made. */
async function lookAhead(
  begun: Begun<ProvisionCustomerOrder>,
  { role, field, operation, others, ordered }: FirstUser,
): Promise<{ offer: Result<'findOfferingItems'>; member: Member; earlier: EarlierRuns; turn: Grant }> {
  const { order, cloud, mark, run } = begun;
  const { customer, administrator: person } = order;
  const { parentTenantId } = customer;
  const kind = 'customer';
  const unless = askForEarlierRuns(begun, { kind, operation, others, order: ordered, parentTenantId });
  const [offer, member, earlier, turn] = await run.together(
    run.look(
      'findOfferingItems',
      { cloud, ...wanted(order) },
      { summary: `What may ${customer.name} be given?`, unless },
    ),
    checkLogin(run, { cloud, mark, kind, parentTenantId, person, field, role }, unless),
    unless,
    run.turnOfKey({ cloud, mark }),
  );
  return { offer, member, earlier, turn };
}

async function ensureTenant(
  { order: { customer }, cloud, mark, first, revision, since, run }: Begun<ProvisionCustomerOrder>,
  { parentTenantId, member, earlier }: { parentTenantId: string; member: Member; earlier: EarlierRuns },
): Promise<MarkedTenant> {
  const look = !first || member.userId !== undefined || earlier.known !== 'none';
  const place = { cloud, mark, parentTenantId };
  const made = {
    // its first user is this run's once it has been made
    logins: [],
    name: customer.name,
    customerId: customer.customerId ?? null,
    ...(customer.contact && { email: customer.contact.email }),
    ...(since && { since }),
  };
  return await run.step(
    'ensureCustomerTenant',
    { ...place, ...traces(earlier), customer, look, updates: revision >= ONE_PER_KEY },
    { summary: `Customer tenant ${customer.name}`, undo: ['removeCustomerTenant', { ...place, ...made, came: null }] },
  );
}

function wanted({ customer, offeringItems, edition, quotas, infraId, infra }: ProvisionCustomerOrder) {
  return { parentTenantId: customer.parentTenantId, offeringItems, edition, quotas, infraId, infra };
}
