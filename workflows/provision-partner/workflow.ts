import type { FoundMember } from '../../activities/members.js';
import type { MarkedTenant } from '../../activities/tenants.js';
import type { EarlierRuns } from '../../contract/earlier-runs.js';
import { everyAmendable } from '../../contract/orders.js';
import type { TurnGrant } from '../../contract/turn-queue.js';
import type { ActivityResult } from '../kernel/activity-calls.js';
import { operation, type OperationContext } from '../kernel/operation.js';
import { findAdoptedUndos } from '../parts/adopted-undos.js';
import { activateUser, ensureMember, ensureRole, memberInTenant, memberSteps, wasActivated } from '../parts/members.js';
import { recheckIfDisturbed } from '../parts/recheck.js';
import {
  findEarlierRuns,
  checkLogin,
  toCreation,
  earlierRunSteps,
  expectTenant,
  removeDoubles,
  updateAdoptedTenant,
} from '../parts/provisioning.js';
import { checkPassword, secretSteps } from '../parts/references.js';
import { waitedForMaker } from '../parts/take-target.js';
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
  const { order, cloud, steps } = context;
  const startAgain = async () => await provision({ ...context, first: false });
  const found = await lookAhead(context);
  if (found.turn.waited) {
    // another run for this partner had its turn meanwhile: the look-ups are outdated
    for (const step of ['findPartnerItems', 'checkLogin', ...earlierRunSteps] as const) steps.invalidate(step);
    return await startAgain();
  }
  const tenant = await ensureTenant({ ...context, first: context.first && !found.turn.known }, found);
  const repeat = ['checkLogin', 'ensurePartnerTenant', ...earlierRunSteps] as const;
  if (await waitedForMaker(steps, { cloud, ...tenant, repeat })) return await startAgain();
  const { parentTenantId, names: offeringItems } = found.offer;
  const { tenantId } = tenant;
  steps.setFacts({ tenantId, partnerId: parentTenantId });
  expectTenant(context, { ...tenant, parentTenantId }, order.partner);
  await updateAdoptedTenant(context, tenant, order.partner);
  const userId = await setUpTenant(context, tenant, found);
  return { tenantId, ...(userId === undefined ? {} : { userId }), offeringItems };
}

interface Found {
  turn: TurnGrant;
  offer: ActivityResult<'findPartnerItems'>;
  /** Absent when no administrator is ordered. */
  member: FoundMember | undefined;
  earlier: EarlierRuns;
}

/** All look-ups that are possible before anything is created. */
async function lookAhead(context: Context): Promise<Found> {
  const { order, cloud, mark, revision, steps } = context;
  const { partner, edition, quotas, administrator: person, activation } = order;
  const { name, parentTenantId } = partner;
  const kind = 'partner';
  const earlierRuns = findEarlierRuns(context, {
    kind,
    operation: PROVISION_PARTNER,
    others: [],
    order,
    parentTenantId,
  });
  const login =
    person &&
    checkLogin(steps, { cloud, mark, kind, parentTenantId, person, field: 'administrator', role }, earlierRuns);
  const [offer, member, earlier, turn] = await steps.allSettled(
    steps.lookUp(
      'findPartnerItems',
      { cloud, parentTenantId, edition, ...(quotas && { quotas }) },
      { summary: `What can ${name} get?`, reportFirst: earlierRuns },
    ),
    login,
    earlierRuns,
    steps.takeTurnOfKey({ cloud, mark }),
    checkPassword(steps, { cloud, activation, revision }, login),
  );
  return { offer, member, earlier, turn };
}

async function ensureTenant(context: Context, { offer, ...found }: Found): Promise<MarkedTenant> {
  const { partner } = context.order;
  const { input, undo } = toCreation(context, partner, { parentTenantId: offer.parentTenantId, ...found });
  return await context.steps.run(
    'ensurePartnerTenant',
    { ...input, partner },
    { summary: `Partner tenant ${partner.name}`, undo: ['removePartnerTenant', undo] },
  );
}

/** Sets up items and administrator; returns the id of the administrator, if ordered. */
async function setUpTenant(context: Context, tenant: MarkedTenant, found: Found): Promise<string | undefined> {
  const { order, cloud, steps, revision, wasReset } = context;
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
    };
  const [joined] = await steps.allSettled(
    joining && ensureMember(steps, joining, adopted ? undefined : 'ensurePartnerTenant'),
    steps.run('applyOfferingItems', { ...place, items, look: adopted }, { summary: names.join(', '), ...undos.items }),
  );
  if (joined !== undefined) await ensureRole(steps, joined);
  await removeDoubles(context, { kind: 'partner', name: partner.name, parentTenantId, ...tenant });
  if (joined === undefined) await recheckIfDisturbed(steps, { ...place, parentTenantId, items, revision });
  else await activateUser(steps, joined, wasActivated(joined, adopted));
  return joined?.userId;
}
