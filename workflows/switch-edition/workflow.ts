import { runOperation, type Begun, type Operation } from '../kernel/operation.js';
import { takeTarget } from '../parts/target.js';
import { SWITCH_EDITION, switchEditionAmendable, switchEditionSteps } from './contract.js';
import type { SwitchedEdition, SwitchEditionOrder, SwitchEditionResult } from './contract.js';

/** Gives a customer another edition of a service with the quotas it had, or the former one again. */
export async function switchEdition(input: unknown): Promise<SwitchEditionResult> {
  return await runOperation(switchingEdition, input);
}

export const switchingEdition: Operation<SwitchEditionOrder, SwitchedEdition> = {
  name: SWITCH_EDITION,
  steps: switchEditionSteps,
  amendable: switchEditionAmendable,
  story,
};

async function story({ order, cloud, reset, run }: Begun<SwitchEditionOrder>) {
  const { tenant, to, method, acceptWarnings } = order;
  // partners and folders have many editions at once, units have their customer's
  const target = await takeTarget(run, { cloud, tenant, unfit: ['partner', 'folder', 'unit'] });
  const { tenantId, name, parentTenantId } = target;
  const { applicationId, from, before, after, warnings } = await run.look(
    'findEdition',
    { cloud, tenantId, parentTenantId, to, method, acceptWarnings },
    { summary: `Can ${name} have ${to}?` },
  );
  const made = { tenantId, edition: to, formerEdition: from, warnings };
  if (from === to) {
    for (const step of switchEditionSteps(order).slice(2)) run.found(step);
    return made;
  }
  const undo = ['restoreEdition', { cloud, tenantId, applicationId, edition: from, before, method, to }] as const;
  if (method === 'offeringItems') {
    const telling = { as: 'switchEdition', summary: `Items of ${to} for those of ${from}`, undo };
    await run.step('switchItems', { cloud, tenantId, off: before, on: after }, telling);
    return made;
  }
  const switched = { cloud, tenantId, applicationId, edition: to };
  await run.step('switchEdition', { ...switched, look: reset === true }, { summary: `From ${from} to ${to}`, undo });
  await run.step('carryOverQuotas', { ...switched, before }, { summary: `Quotas of ${from}` });
  return made;
}
