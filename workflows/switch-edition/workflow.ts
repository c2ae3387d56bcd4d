import type { StepName } from '../kernel/activity-calls.js';
import { everyAmendable } from '../../contract/orders.js';
import { operation } from '../kernel/operation.js';
import { takeTarget } from '../parts/take-target.js';
import { SWITCH_EDITION } from './contract.js';
import type { SwitchedEdition, SwitchEditionOrder } from './contract.js';

/** An earlier run may have switched and then failed, so the former quotas are unknown. */
const NOT_CARRIED =
  'the tenant had this edition already, so no quotas were carried over: compare them with what was sold';

/** With `offeringItems`, the same call switches the items and sets their quotas. */
const stepsOf = ({ method }: Pick<SwitchEditionOrder, 'method'>): StepName[] => [
  'findTenant',
  'findEdition',
  'switchEdition',
  ...(method === 'edition' ? (['carryOverQuotas'] as const) : []),
];

/** Switches a customer to another edition and keeps its quotas; the undo restores the former edition. */
export const switchEdition = operation<SwitchEditionOrder, SwitchedEdition>({
  name: SWITCH_EDITION,
  steps: stepsOf,
  amendable: {
    to: ['switchEdition'],
    method: ['switchEdition'],
    acceptWarnings: [],
    ...everyAmendable,
  },

  async run({ order, cloud, wasReset, steps, expects }) {
    const { tenant, to, method, acceptWarnings } = order;
    // partners and folders have many editions at once, units have their customer's
    const target = await takeTarget(steps, { cloud, tenant, unfit: ['partner', 'folder', 'unit'], expects });
    const { tenantId, name, parentTenantId } = target;
    const { applicationId, from, before, after, warnings } = await steps.lookUp(
      'findEdition',
      { cloud, tenantId, parentTenantId, to, method, acceptWarnings },
      { summary: `Can ${name} have ${to}?` },
    );
    const made = { tenantId, edition: to, formerEdition: from, warnings };
    if (from === to) {
      steps.alreadyDone('switchEdition');
      if (method === 'edition') steps.alreadyDone('carryOverQuotas', { unseen: NOT_CARRIED });
      return made;
    }
    const undo = ['restoreEdition', { cloud, tenantId, applicationId, edition: from, before, method, to }] as const;
    if (method === 'offeringItems') {
      const options = { as: 'switchEdition' as const, summary: `Items of ${to} for those of ${from}`, undo };
      await steps.run('switchItems', { cloud, tenantId, off: before, on: after }, options);
      return made;
    }
    const switched = { cloud, tenantId, applicationId, edition: to };
    await steps.run(
      'switchEdition',
      { ...switched, look: wasReset === true, before },
      { summary: `From ${from} to ${to}`, undo },
    );
    const carried = await steps.run(
      'carryOverQuotas',
      { ...switched, before, look: false },
      { summary: `Quotas of ${from}` },
    );
    // older workers, and plans, answer nothing
    const notDone = carried?.notDone ?? [];
    return notDone.length === 0 ? made : { ...made, notDone };
  },
});
