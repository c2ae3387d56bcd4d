import type { FoundMember } from '../../activities/members.js';
import type { MarkedTenant } from '../../activities/tenants.js';
import { everyAmendable } from '../../contract/orders.js';
import type { ActivityResult } from '../kernel/activity-calls.js';
import { operation, type OperationContext } from '../kernel/operation.js';
import { findAdoptedUndos } from '../parts/adopted-undos.js';
import { activateUser, ensureMember, ensureRole, memberInTenant, memberSteps, wasActivated } from '../parts/members.js';
import { recheckIfDisturbed } from '../parts/recheck.js';
import { ensureTenant, type NewTenant } from '../parts/new-tenant.js';
import { removeDoubles } from '../parts/provisioning.js';
import { secretSteps } from '../parts/references.js';
import { PROVISION_PARTNER, type ProvisionedPartner, type ProvisionPartnerOrder } from './contract.js';

type Context = OperationContext<ProvisionPartnerOrder>;

const role = 'partner_admin';

/** Creates a partner tenant with items to sell, and an administrator if ordered; or leaves nothing behind. */
export const provisionPartner = operation<ProvisionPartnerOrder, ProvisionedPartner>({
  name: PROVISION_PARTNER,
  steps: (order, revision) => [
    'findPartnerItems',
    ...(order.administrator === undefined ? [] : (['checkLogin'] as const)),
    ...secretSteps(order.activation, revision),
    'ensurePartnerTenant',
    'applyOfferingItems',
    ...(order.administrator === undefined ? [] : memberSteps(order)),
  ],
  amendable: {
    partner: ['ensurePartnerTenant'],
    'partner.language': ['ensurePartnerTenant', 'ensureUser'],
    edition: ['applyOfferingItems'],
    editions: ['applyOfferingItems'],
    quotas: ['applyOfferingItems'],
    administrator: ['ensureUser'],
    activation: ['sendActivationEmail', 'setPassword'],
    ...everyAmendable,
  },
  run: provision,
});

async function provision(context: Context): Promise<ProvisionedPartner> {
  const { tenant, offer, member } = await ensureTenant(context, newPartner(context));
  const userId = await setUpTenant(context, tenant, { offer, member });
  return { tenantId: tenant.tenantId, ...(userId === undefined ? {} : { userId }), offeringItems: offer.names };
}

interface Found {
  offer: ActivityResult<'findPartnerItems'>;
  /** Absent when no administrator is ordered. */
  member: FoundMember | undefined;
}

function newPartner({ order, cloud, steps }: Context) {
  const { partner, edition, quotas, administrator: person, activation } = order;
  const { parentTenantId } = partner;
  return {
    kind: 'partner',
    operation: PROVISION_PARTNER,
    others: [],
    ordered: order,
    tenant: partner,
    person,
    role,
    field: 'administrator',
    activation,
    offerStep: 'findPartnerItems',
    findOffer: async (reportFirst) =>
      await steps.lookUp(
        'findPartnerItems',
        { cloud, parentTenantId, edition, ...(quotas && { quotas }) },
        { summary: `What can ${partner.name} get?`, reportFirst },
      ),
    ensureStep: 'ensurePartnerTenant',
    ensure: async ({ input, undo }) =>
      await steps.run(
        'ensurePartnerTenant',
        { ...input, partner },
        { summary: `Partner tenant ${partner.name}`, undo: ['removePartnerTenant', undo] },
      ),
  } satisfies NewTenant<ActivityResult<'findPartnerItems'>>;
}

/** Sets up items and administrator; returns the id of the administrator, if ordered. */
async function setUpTenant(context: Context, tenant: MarkedTenant, found: Found): Promise<string | undefined> {
  const { order, cloud, steps, revision, wasReset, since } = context;
  const { partner, administrator: user, activation } = order;
  const { parentTenantId, items, names } = found.offer;
  const { tenantId } = tenant;
  const adopted = tenant.ownership !== 'ours';
  const place = { cloud, tenantId };
  const member =
    user &&
    found.member &&
    (await memberInTenant(steps, { ...place, person: user, field: 'administrator' }, found.member));
  const undos = await findAdoptedUndos(context, tenant, { items, twoFactor: false });
  const joining = user &&
    member && {
      ...place,
      parentTenantId,
      language: partner.language,
      user,
      role,
      activation,
      member,
      items,
      revision,
      wasReset,
      since,
    };
  const [joined] = await steps.allSettled(
    joining && ensureMember(steps, joining, adopted ? undefined : 'ensurePartnerTenant'),
    steps.run(
      'applyOfferingItems',
      { ...place, items, look: adopted, ...(undos.items && { undoable: true }) },
      { summary: names.join(', '), ...undos.items },
    ),
  );
  if (joined !== undefined) await ensureRole(steps, joined);
  await removeDoubles(context, { kind: 'partner', ordered: partner, parentTenantId, ...tenant });
  if (joined === undefined) await recheckIfDisturbed(steps, { ...place, parentTenantId, items, revision });
  else await activateUser(steps, joined, wasActivated(joined, adopted));
  return joined?.userId;
}
