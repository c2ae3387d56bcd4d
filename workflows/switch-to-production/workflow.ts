import { everyAmendable } from '../../contract/orders.js';
import { operation } from '../kernel/operation.js';
import { takeTarget } from '../parts/take-target.js';
import { SWITCH_TO_PRODUCTION, type InProduction, type SwitchToProductionOrder } from './contract.js';

/** Ends a customer's trial for good. */
export const switchToProduction = operation<SwitchToProductionOrder, InProduction>({
  name: SWITCH_TO_PRODUCTION,
  steps: () => ['findTenant', 'findPricing', 'switchToProduction'],
  amendable: everyAmendable,

  async run({ order, cloud, steps, expects }) {
    const { tenantId, name } = await takeTarget(steps, {
      cloud,
      tenant: order.tenant,
      // only customers have a trial
      unfit: ['partner', 'folder', 'unit'],
      confirm: { given: order.confirm, because: 'production cannot be taken back and bills the whole month' },
      expects,
    });
    const { mode } = await steps.lookUp('findPricing', { cloud, tenantId }, { summary: `How is ${name} billed?` });
    if (mode === 'production') steps.alreadyDone('switchToProduction');
    else
      await steps.run(
        'switchToProduction',
        { cloud, tenantId },
        { summary: `${name} in production, for good`, undo: ['accountForProduction', { cloud, tenantId }] },
      );
    return { tenantId };
  },
});
