import { defineQuery, setHandler } from '@temporalio/workflow';
import { ONBOARDING_QUERY, type Onboarding } from '../../contract/onboarding.js';
import { everyAmendable } from '../../contract/orders.js';
import { AMENDS_PROTECTION } from '../../contract/revision.js';
import { onboardingOfRun } from '../../contract/run-onboarding.js';
import { ENABLE_BACKUP_USER } from '../enable-backup-user/contract.js';
import { operation, type OperationContext } from '../kernel/operation.js';
import { preparingSteps, waitingSteps } from '../protect-customer/contract.js';
import { ProtectionProgress } from '../protect-customer/progress.js';
import { prepareProtection, protectionAmendable, protectMachines } from '../protect-customer/protection.js';
import { PROVISION_CUSTOMER, type ProvisionedCustomer } from '../provision-customer/contract.js';
import { provision, provisioningAmendable, provisioningSteps } from '../provision-customer/workflow.js';
import { ONBOARD_CUSTOMER, type OnboardCustomerOrder, type OnboardedCustomer } from './contract.js';

type Context = OperationContext<OnboardCustomerOrder>;

/** The steps that give the first user access, and what comes after them. They come when all else is true. */
const lastSteps: readonly string[] = [
  'switchToProduction',
  'sendActivationEmail',
  'setPassword',
  'limitAdministratorAccess',
];
/** What is still taken back after the customer was handed over. */
const stillUndone = ['ensurePlan', 'issueAgentToken'] as const;

/** What a run knows of its customer. It survives an amendment. */
class OnboardingState {
  readonly progress = new ProtectionProgress();
  planId: string | undefined;
  /** Set once the tenant belongs to the customer: from then on the run only protects it. */
  handedOver: ProvisionedCustomer | undefined;
}

/**
 * Creates a customer as `provisionCustomer` does, prepares its protection before its first user gets access, and then
 * protects its machines as `protectCustomer` does. Once the user has access, the tenant stays whatever happens, and others
 * can change it while the run waits.
 */
export const onboardCustomer = operation<OnboardCustomerOrder, OnboardedCustomer, OnboardingState>({
  name: ONBOARD_CUSTOMER,
  steps(order, revision) {
    const provisioning = provisioningSteps(order, revision);
    const first = provisioning.filter((step) => !lastSteps.includes(step));
    const last = provisioning.filter((step) => lastSteps.includes(step));
    return ['checkSafe', ...first, ...preparingSteps, ...last, ...waitingSteps];
  },
  amendable: ({ handedOver }, revision) =>
    handedOver !== undefined && revision >= AMENDS_PROTECTION
      ? { ...protectionAmendable('protect.'), ...everyAmendable }
      : { ...provisioningAmendable, ...protectionAmendable('protect.') },
  state: () => new OnboardingState(),
  accept(_state, status) {
    setHandler(defineQuery<Onboarding>(ONBOARDING_QUERY), () => onboardingOfRun(status()), {
      description: 'How far the customer is on the way from sold to protected',
    });
  },

  async run(context, state) {
    const { order, cloud, steps, revision } = context;
    const { progress } = state;
    await steps.lookUp('checkSafe', { cloud }, { summary: 'Can the token be stored?' });
    // an amendment may have come in the middle of a turn
    if (state.handedOver !== undefined && revision >= AMENDS_PROTECTION) await steps.giveBackTurn();
    state.handedOver ??= await handOver(context, await create(context, state));
    const { tenantId } = state.handedOver;
    const planId = state.planId!;
    await protectMachines({ ...context, order: order.protect }, { cloud, tenantId, planId }, progress);
    return { ...state.handedOver, planId, protection: progress.about(order.protect.agents) };
  },
});

async function create(context: Context, state: OnboardingState): Promise<ProvisionedCustomer> {
  const { order, cloud } = context;
  return await provision(context, {
    role: 'company_admin',
    field: 'administrator',
    operation: ONBOARD_CUSTOMER,
    others: [PROVISION_CUSTOMER, ENABLE_BACKUP_USER],
    ordered: order,
    async beforeAccess(tenantId) {
      const place = { cloud, tenantId };
      state.planId = await prepareProtection({ ...context, order: order.protect }, place, state.progress);
    },
  });
}

/** From here on the tenant is the customer's: it is not removed any more, and others need not wait for this run. */
async function handOver({ steps }: Context, made: ProvisionedCustomer): Promise<ProvisionedCustomer> {
  const reason = 'it was handed over to the customer before the run ended; offboardCustomer removes it';
  steps.handOver(stillUndone, { kind: 'tenant', id: made.tenantId, reason });
  await steps.giveBackTurn();
  return made;
}
