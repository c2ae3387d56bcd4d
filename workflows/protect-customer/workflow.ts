import { everyAmendable } from '../../contract/orders.js';
import { operation } from '../kernel/operation.js';
import { takeTarget } from '../parts/take-target.js';
import { PROTECT_CUSTOMER, protectionSteps, type ProtectCustomerOrder, type ProtectedCustomer } from './contract.js';
import { ProtectionProgress } from './progress.js';
import { prepareProtection, protectionAmendable, protectMachines } from './protection.js';

/**
 * Gives a customer a token for its installer and a plan, waits for its machines, applies the plan to each new one, and
 * completes once backups have succeeded. The waits can take months; others can change the tenant meanwhile.
 */
export const protectCustomer = operation<ProtectCustomerOrder, ProtectedCustomer, ProtectionProgress>({
  name: PROTECT_CUSTOMER,
  steps: () => ['findTenant', 'checkSafe', ...protectionSteps],
  amendable: { ...protectionAmendable(), ...everyAmendable },
  state: () => new ProtectionProgress(),

  async run(context, progress) {
    const { order, cloud, steps, expects } = context;
    const { tenantId } = await takeTarget(steps, {
      cloud,
      tenant: order.tenant,
      unfit: ['partner', 'folder', 'unit'],
      switchedOn: true,
      expects,
    });
    const place = { cloud, tenantId };
    await steps.lookUp('checkSafe', { cloud }, { summary: 'Can the token be stored?' });
    const planId = await prepareProtection(context, place, progress);
    await steps.giveBackTurn();
    await protectMachines(context, { ...place, planId }, progress);
    return { tenantId, planId, protection: progress.about(order.agents) };
  },
});
