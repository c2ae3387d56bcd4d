import { ensureMember, giveRole, letIn, wasLetIn } from '../shared/giving-user.js';
import { runOperation, type Begun, type Operation } from '../shared/operation.js';
import { hadToWait } from '../shared/target.js';
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
  const { order, cloud, mark, first, run } = begun;
  const { partner, edition, administrator: user, activation } = order;
  const { name, language, parentTenantId: wanted } = partner;
  const [offer, member, turn] = await run.together(
    run.look('findPartnerItems', { cloud, parentTenantId: wanted, edition }, { summary: `What may ${name} be given?` }),
    user &&
      run.look(
        'checkLogin',
        { cloud, mark, kind: 'partner', parentTenantId: wanted, person: user, field: 'administrator' },
        { summary: `Is ${user.login} free?` },
      ),
    run.turnOfKey({ cloud, mark }),
  );
  // what was seen before another run for this partner had its turn may not be so any more
  if (turn.waited) {
    for (const step of ['findPartnerItems', 'checkLogin']) run.forget(step);
    return await story(begun);
  }
  const { parentTenantId, items, names } = offer;
  const look = !first || turn.known || member?.userId !== undefined;
  const logins = user ? [user.login] : [];
  const tenant = await run.step(
    'ensurePartnerTenant',
    { cloud, mark, parentTenantId, partner, look },
    { summary: `Partner tenant ${name}`, undo: ['removePartnerTenant', { cloud, mark, parentTenantId, logins }] },
  );
  if (await hadToWait(run, { cloud, ...tenant, steps: ['checkLogin', 'ensurePartnerTenant'] }))
    return await story(begun);
  const { tenantId } = tenant;
  const adopted = tenant.ownership !== 'ours';
  run.know({ tenantId, partnerId: parentTenantId });

  const joining = user && member && { cloud, tenantId, language, user, role, activation, member };
  const [userId] = await run.together(
    joining && ensureMember(run, joining, { ofNewTenant: !adopted }),
    run.step('applyOfferingItems', { cloud, tenantId, items, look: adopted }, { summary: names.join(', ') }),
  );
  if (joining === undefined || userId === undefined) return { tenantId, offeringItems: names };
  await giveRole(run, joining, userId);
  await letIn(run, joining, { userId, wasIn: wasLetIn(joining, adopted) });
  return { tenantId, userId, offeringItems: names };
}
