import { runOperation, type Begun, type Operation } from '../shared/operation.js';
import { ownTurn } from '../shared/target.js';
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
  story: async (begun) => await provision(begun, 'company_admin'),
};

/** The story of a new customer whose first user gets this role. */
export async function provision({ order, cloud, mark, first, run }: Begun<ProvisionCustomerOrder>, role: string) {
  const { customer, administrator, activation } = order;
  const { login } = administrator;

  const [offer, { seenBefore }] = await run.together(
    run.look('findOfferingItems', { cloud, ...wanted(order) }, { summary: `What may ${customer.name} be given?` }),
    run.look(
      'checkLogin',
      { cloud, mark, login, parentTenantId: customer.parentTenantId },
      { summary: `Is ${login} free?` },
    ),
  );
  const { parentTenantId, items, names } = offer;
  const tenant = await ownTurn(run, cloud, () =>
    run.step(
      'ensureCustomerTenant',
      { cloud, mark, parentTenantId, customer, look: !first || seenBefore },
      {
        summary: `Customer tenant ${customer.name}`,
        undo: ['removeCustomerTenant', { cloud, mark, parentTenantId, logins: [login] }],
      },
    ),
  );
  const { tenantId } = tenant;
  const adopted = tenant.ownership !== 'ours';
  run.know({ tenantId, partnerId: parentTenantId });

  const [user] = await run.together(
    run.step(
      'ensureUser',
      { cloud, tenantId, person: administrator, language: customer.language, look: seenBefore },
      {
        summary: `Administrator ${login}`,
        // in a tenant of this run the user goes with the tenant; an earlier run's user is not ours to remove
        ...(!adopted || seenBefore
          ? {}
          : { undo: ['removeUser', { cloud, tenantId, person: administrator }] as const }),
      },
    ),
    run.step('applyOfferingItems', { cloud, tenantId, items, look: adopted }, { summary: names.join(', ') }),
    order.twoFactor
      ? run.skippable('requireTwoFactor', { cloud, tenantId }, { summary: 'Two-factor authentication' })
      : undefined,
  );
  const { userId } = user;
  run.know({ userId });

  await run.step(
    'assignRole',
    { cloud, userId, tenantId, role, keepOthers: seenBefore },
    { summary: `${role} for ${login}` },
  );
  if (order.billingMode === 'production')
    await run.skippable('switchToProduction', { cloud, tenantId }, { summary: 'Billing mode production, for good' });
  if (activation.by === 'email')
    await run.skippable('sendActivationEmail', { cloud, userId }, { summary: `Activation mail for ${login}` });
  else
    await run.skippable(
      'setPassword',
      { cloud, userId, secretRef: activation.secretRef },
      { summary: `Password for ${login}` },
    );
  // last of all: from here on we may not read the tenant's users any more
  if (!customer.managedByProvider)
    await run.skippable('limitAdministratorAccess', { cloud, tenantId }, { summary: 'Managed by the customer alone' });
  return { tenantId, userId, offeringItems: names };
}

function wanted({ customer, offeringItems, edition, quotas, infraId }: ProvisionCustomerOrder) {
  return { parentTenantId: customer.parentTenantId, offeringItems, edition, quotas, infraId };
}
