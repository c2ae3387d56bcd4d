import { runOperation, type Begun, type Operation } from '../kernel/operation.js';
import { everyAmendable } from '../../contract/orders.js';
import { takeTarget } from '../parts/target.js';
import { SWITCH_TO_PRODUCTION, switchToProductionSteps } from './contract.js';
import type { InProduction, SwitchToProductionOrder, SwitchToProductionResult } from './contract.js';

/** Ends a customer's trial for good. */
export async function switchToProduction(input: unknown): Promise<SwitchToProductionResult> {
  return await runOperation(switchingToProduction, input);
}

export const switchingToProduction: Operation<SwitchToProductionOrder, InProduction> = {
  name: SWITCH_TO_PRODUCTION,
  steps: () => switchToProductionSteps,
  amendable: everyAmendable,
  story,
};

async function story({ order, cloud, run }: Begun<SwitchToProductionOrder>) {
  const { tenantId, name } = await takeTarget(run, {
    cloud,
    tenant: order.tenant,
    // only customers have a trial
    unfit: ['partner', 'folder', 'unit'],
    confirm: { given: order.confirm, because: 'production cannot be taken back and bills the whole month' },
  });
  const { mode } = await run.look('findPricing', { cloud, tenantId }, { summary: `How is ${name} billed?` });
  if (mode === 'production') run.found('switchToProduction');
  else
    await run.step(
      'switchToProduction',
      { cloud, tenantId },
      {
        summary: `${name} in production, for good`,
        undo: ['accountForProduction', { cloud, tenantId }],
      },
    );
  return { tenantId };
}
