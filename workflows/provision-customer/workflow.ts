import { ensureMember, giveRole, letIn, wasLetIn } from '../shared/giving-user.js';
import { runOperation, type Begun, type Operation } from '../shared/operation.js';
import { hadToWait } from '../shared/target.js';
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
  story: async (begun) => await provision(begun, { role: 'company_admin', field: 'administrator' }),
};

/** The story of a new customer whose first user gets this role; `field` is what the order calls that user. */
export async function provision(
  begun: Begun<ProvisionCustomerOrder>,
  firstUser: { role: string; field: 'administrator' | 'user' },
): Promise<ProvisionedCustomer> {
  const { order, cloud, mark, first, run } = begun;
  const { role, field } = firstUser;
  const { customer, administrator: user, activation } = order;
  const { login } = user;
  const { language } = customer;

  const [offer, member, turn] = await run.together(
    run.look('findOfferingItems', { cloud, ...wanted(order) }, { summary: `What may ${customer.name} be given?` }),
    run.look(
      'checkLogin',
      { cloud, mark, kind: 'customer', parentTenantId: customer.parentTenantId, person: user, field },
      { summary: `Is ${login} free?` },
    ),
    run.turnOfKey({ cloud, mark }),
  );
  // what was seen before another run for this customer had its turn may not be so any more
  if (turn.waited) {
    for (const step of ['findOfferingItems', 'checkLogin']) run.forget(step);
    return await provision(begun, firstUser);
  }
  const { parentTenantId, items, names } = offer;
  const look = !first || turn.known || member.userId !== undefined;
  const tenant = await run.step(
    'ensureCustomerTenant',
    { cloud, mark, parentTenantId, customer, look },
    {
      summary: `Customer tenant ${customer.name}`,
      undo: ['removeCustomerTenant', { cloud, mark, parentTenantId, logins: [login] }],
    },
  );
  if (await hadToWait(run, { cloud, ...tenant, steps: ['checkLogin', 'ensureCustomerTenant'] }))
    return await provision(begun, firstUser);
  const { tenantId } = tenant;
  const adopted = tenant.ownership !== 'ours';
  run.know({ tenantId, partnerId: parentTenantId });

  const joining = { cloud, tenantId, language, user, role, activation, member };
  const [userId] = await run.together(
    ensureMember(run, joining, { ofNewTenant: !adopted }),
    run.step('applyOfferingItems', { cloud, tenantId, items, look: adopted }, { summary: names.join(', ') }),
    order.twoFactor
      ? run.skippable('requireTwoFactor', { cloud, tenantId, look: adopted }, { summary: 'Two-factor authentication' })
      : undefined,
  );
  await giveRole(run, joining, userId);
  if (order.billingMode === 'production')
    await run.skippable('switchToProduction', { cloud, tenantId }, { summary: 'Billing mode production, for good' });
  await letIn(run, joining, { userId, wasIn: wasLetIn(joining, adopted) });
  // last of all: from here on we may not read the tenant's users any more
  if (!customer.managedByProvider)
    await run.skippable('limitAdministratorAccess', { cloud, tenantId }, { summary: 'Managed by the customer alone' });
  return { tenantId, userId, offeringItems: names };
}

function wanted({ customer, offeringItems, edition, quotas, infraId }: ProvisionCustomerOrder) {
  return { parentTenantId: customer.parentTenantId, offeringItems, edition, quotas, infraId };
}
