import { everyAmendable } from '../../contract/orders.js';
import { operation } from '../kernel/operation.js';
import type { Steps } from '../kernel/steps.js';
import { takeTarget } from '../parts/take-target.js';
import { RESTORE_CUSTOMER } from './contract.js';
import type { BroughtBack, RestoreCustomerOrder, RestoredCustomer } from './contract.js';

/** Restores a customer that is disabled, being offboarded, or deleted, as far as the cloud still can. */
export const restoreCustomer = operation<RestoreCustomerOrder, RestoredCustomer>({
  name: RESTORE_CUSTOMER,
  steps: () => [
    'findCustomer',
    'checkAbove',
    'endOffboarding',
    'findTenant',
    'restoreDeletedTenant',
    'awaitRestored',
    'enableTenant',
  ],
  amendable: {
    force: ['restoreDeletedTenant'],
    ...everyAmendable,
  },

  async run({ order, cloud, mark, steps, expects }) {
    const wanted = {
      cloud,
      tenant: order.tenant,
      unfit: ['partner', 'folder', 'unit'],
      deleted: 'too' as const,
      expects,
    };
    const meant = await steps.lookUp('findTenant', wanted, { as: 'findCustomer', summary: 'Which customer is it?' });
    await steps.lookUp(
      'checkAbove',
      { cloud, tenantId: meant.parentTenantId },
      { summary: 'Are the tenants above it enabled?' },
    );
    const place = { cloud, tenantId: meant.tenantId };
    const by = { actor: `${RESTORE_CUSTOMER}:${mark.key}`, runId: mark.runId };
    const { offboarding } = await steps.run(
      'endOffboarding',
      { ...place, by },
      { summary: `Of ${meant.name}, if there is one`, undo: ['accountForOffboarding', { ...place, came: null }] },
    );
    // after the offboarding has ended: it has enabled the tenant, or deleted it
    const { deletedAt, version, name, enabled } = await takeTarget(steps, wanted);
    const back = deletedAt === undefined ? notDeleted(steps) : await bringBack(steps, place, order.force);
    if (back?.enabled ?? enabled) steps.alreadyDone('enableTenant');
    else
      await steps.run(
        'enableTenant',
        { ...place, look: false },
        {
          summary: name,
          undo: [
            'restoreTenant',
            { ...place, to: { enabled: false }, ...(back ? {} : { since: version }), came: null },
          ],
        },
      );
    const brought = back === undefined ? {} : { broughtBack: { ...back, enabled: true } };
    return { tenantId: meant.tenantId, ...brought, ...(offboarding === null ? {} : { offboarding }) };
  },
});

const WITHIN = '15 minutes';

async function bringBack(
  steps: Steps,
  place: { cloud: string; tenantId: string },
  force: boolean,
): Promise<BroughtBack> {
  await steps.run(
    'restoreDeletedTenant',
    { ...place, force, look: false },
    { summary: 'As far as the cloud still can', undo: ['accountForRestored', place] },
  );
  for (let nth = 1; ; nth += 1) {
    const back = await steps.poll('awaitRestored', place, { summary: 'What has been restored?', within: WITHIN });
    if (back !== undefined) return back;
    steps.invalidate('awaitRestored');
    await steps.askPerson('awaitRestored', `look ${nth}`, `the cloud had not brought the tenant back after ${WITHIN}`);
  }
}

function notDeleted(steps: Steps): undefined {
  steps.alreadyDone('restoreDeletedTenant');
  steps.alreadyDone('awaitRestored');
}
