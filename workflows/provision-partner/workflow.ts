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
import { PROVISION_PARTNER, provisionPartnerAmendable, provisionPartnerSteps } from './contract.js';
import type { ProvisionedPartner, ProvisionPartnerOrder, ProvisionPartnerResult } from './contract.js';

/** Gives a new partner a tenant with all that it may sell on, and an administrator where one is ordered; or leaves nothing behind. */
export async function provisionPartner(input: unknown): Promise<ProvisionPartnerResult> {
  return await runOperation(provisioningPartner, input);
}

export const provisioningPartner: Operation<ProvisionPartnerOrder, ProvisionedPartner> = {
  name: PROVISION_PARTNER,
  steps: provisionPartnerSteps,
  amendable: provisionPartnerAmendable,
  story,
};

const role = 'partner_admin';

async function story(begun: Begun<ProvisionPartnerOrder>): Promise<ProvisionedPartner> {
  const { order, cloud, run } = begun;
  const { partner, administrator: user, activation } = order;
  const { language } = partner;
  const { offer, member: seen, earlier, turn } = await lookAhead(begun);
  // what was seen before another run for this partner had its turn may not be so any more
  if (turn.waited) {
    for (const step of ['findPartnerItems', 'checkLogin', ...ofEarlierRuns]) run.forget(step);
    return await story({ ...begun, first: false });
  }
  const { parentTenantId, items, names } = offer;
  const tenant = await ensureTenant(
    { ...begun, first: begun.first && !turn.known },
    { parentTenantId, member: seen, earlier },
  );
  if (await hadToWait(run, { cloud, ...tenant, steps: ['checkLogin', 'ensurePartnerTenant', ...ofEarlierRuns] }))
    return await story({ ...begun, first: false });
  const { tenantId } = tenant;
  const adopted = tenant.ownership !== 'ours';
  run.know({ tenantId, partnerId: parentTenantId });
  await bringUpToDate(begun, tenant, partner);
  const member =
    user && seen && (await memberThere(run, { cloud, tenantId, person: user, field: 'administrator' }, seen));

  const undos = await undosWhereAdopted(begun, tenant, { items, twoFactor: false });
  const joining = user &&
    member && { cloud, tenantId, language, user, role, activation, member, items, revision: begun.revision };
  const [joined] = await run.together(
    joining && ensureMember(run, joining, adopted ? undefined : 'ensurePartnerTenant'),
    run.step(
      'applyOfferingItems',
      { cloud, tenantId, items, look: adopted },
      { summary: names.join(', '), ...undos.items },
    ),
  );
  if (joined !== undefined) await giveRole(run, joined);
  await lookForDoubles(begun, { kind: 'partner', name: partner.name, parentTenantId, ...tenant });
  if (joined === undefined) {
    await lookOnceMore(run, { cloud, tenantId, items, revision: begun.revision });
    return { tenantId, offeringItems: names };
  }
  await letIn(run, joined, wasLetIn(joined, adopted));
  return { tenantId, userId: joined.userId, offeringItems: names };
}

interface Ahead {
  turn: Grant;
  offer: Result<'findPartnerItems'>;
  member: Member | undefined;
  earlier: EarlierRuns;
}

/** All that can be looked up before anything is made. */
async function lookAhead(begun: Begun<ProvisionPartnerOrder>): Promise<Ahead> {
  const { order, cloud, mark, run } = begun;
  const { partner, edition, administrator: person } = order;
  const { name, parentTenantId } = partner;
  const kind = 'partner';
  const unless = askForEarlierRuns(begun, { kind, operation: PROVISION_PARTNER, others: [], order, parentTenantId });
  const [offer, member, earlier, turn] = await run.together(
    run.look('findPartnerItems', { cloud, parentTenantId, edition }, { summary: `What may ${name} be given?`, unless }),
    person && checkLogin(run, { cloud, mark, kind, parentTenantId, person, field: 'administrator', role }, unless),
    unless,
    run.turnOfKey({ cloud, mark }),
  );
  return { offer, member, earlier, turn };
}

async function ensureTenant(
  { order: { partner }, cloud, mark, first, revision, since, run }: Begun<ProvisionPartnerOrder>,
  { parentTenantId, member, earlier }: Pick<Ahead, 'member' | 'earlier'> & { parentTenantId: string },
): Promise<MarkedTenant> {
  const look = !first || member?.userId !== undefined || earlier.known !== 'none';
  const place = { cloud, mark, parentTenantId };
  const made = {
    // its first user is this run's once it has been made
    logins: [],
    name: partner.name,
    customerId: null,
    ...(partner.contact && { email: partner.contact.email }),
    ...(since && { since }),
  };
  return await run.step(
    'ensurePartnerTenant',
    { ...place, ...traces(earlier), partner, look, updates: revision >= ONE_PER_KEY },
    { summary: `Partner tenant ${partner.name}`, undo: ['removePartnerTenant', { ...place, ...made, came: null }] },
  );
}
