import { everyAmendable } from '../../contract/orders.js';
import { operation } from '../kernel/operation.js';
import { meantBy, takeTarget } from '../parts/take-target.js';
import { UPDATE_CONTACT, type UpdateContactOrder, type UpdatedContact } from './contract.js';

const step = ['updateContact'] as const;

/** Sets the name, language and contact of a customer; or puts back what it has set. */
export const updateContact = operation<UpdateContactOrder, UpdatedContact>({
  name: UPDATE_CONTACT,
  steps: () => ['findTenant', 'findContact', ...step],
  amendable: { name: step, language: step, contact: step, ...everyAmendable },

  async run({ order, cloud, steps, expects }) {
    const { tenant, name, language, contact } = order;
    const target = await takeTarget(steps, { cloud, tenant, unfit: ['partner', 'folder', 'unit'], expects });
    const { tenantId } = target;
    const email = contact?.email ?? target.email;
    // the run itself may have renamed it, in a call without an answer
    steps.rememberTenant(meantBy({ cloud, tenant }, target, { name: name ?? target.name, ...(email && { email }) }));
    const texts = { ...(name && { name }), ...(language && { language }), ...(contact && { contact }) };
    const { version: since, before } = await steps.lookUp(
      'findContact',
      { cloud, tenantId, texts },
      { summary: `What is not yet so at ${target.name}?` },
    );
    if (before === undefined) steps.alreadyDone('updateContact');
    else
      await steps.run(
        'updateContact',
        { cloud, tenantId, texts, look: false },
        {
          summary: `${Object.keys(before).join(', ')} of ${target.name}`,
          undo: ['restoreTenant', { cloud, tenantId, to: before, since, came: null }],
        },
      );
    return { tenantId };
  },
});
