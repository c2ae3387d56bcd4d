import { runOperation, type Begun, type Operation } from '../kernel/operation.js';
import type { Teller } from '../kernel/step-runner.js';
import { takeTarget } from '../parts/target.js';
import { RESTORE_CUSTOMER, restoreCustomerAmendable, restoreCustomerSteps } from './contract.js';
import type { BroughtBack, RestoreCustomerOrder, RestoreCustomerResult, RestoredCustomer } from './contract.js';

/** Brings a customer back that is disabled, being offboarded, or deleted; the last as far as the cloud still can. */
export async function restoreCustomer(input: unknown): Promise<RestoreCustomerResult> {
  return await runOperation(restoring, input);
}

export const restoring: Operation<RestoreCustomerOrder, RestoredCustomer> = {
  name: RESTORE_CUSTOMER,
  steps: () => restoreCustomerSteps,
  amendable: restoreCustomerAmendable,
  story,
};

const WITHIN = '15 minutes';

async function story({ order, cloud, mark, run }: Begun<RestoreCustomerOrder>): Promise<RestoredCustomer> {
  const wanted = { cloud, tenant: order.tenant, unfit: ['partner', 'folder', 'unit'], deleted: 'too' as const };
  const meant = await run.look('findTenant', wanted, { as: 'findCustomer', summary: 'Which customer is it?' });
  await run.look('checkAbove', { cloud, tenantId: meant.parentTenantId }, { summary: 'Can it work where it is?' });
  const place = { cloud, tenantId: meant.tenantId };
  const by = { actor: `${RESTORE_CUSTOMER}:${mark.key}`, runId: mark.runId };
  const { offboarding } = await run.step(
    'endOffboarding',
    { ...place, by },
    { summary: `Of ${meant.name}, if there is one`, undo: ['accountForOffboarding', { ...place, came: null }] },
  );
  // only now: an offboarding gives the tenant back, or has deleted it after all
  const { deletedAt, version, name, enabled } = await takeTarget(run, wanted);
  const back = deletedAt === undefined ? notDeleted(run) : await bringBack(run, place, order.force);
  if (back?.enabled ?? enabled) run.found('enableTenant');
  else
    await run.step('enableTenant', place, {
      summary: name,
      undo: ['restoreTenant', { ...place, to: { enabled: false }, ...(back ? {} : { since: version }), came: null }],
    });
  const brought = back === undefined ? {} : { broughtBack: { ...back, enabled: true } };
  return { tenantId: meant.tenantId, ...brought, ...(offboarding === null ? {} : { offboarding }) };
}

async function bringBack(
  run: Teller,
  place: { cloud: string; tenantId: string },
  force: boolean,
): Promise<BroughtBack> {
  await run.step(
    'restoreDeletedTenant',
    { ...place, force, look: false },
    { summary: 'As far as the cloud still can', undo: ['accountForRestored', place] },
  );
  for (let nth = 1; ; nth += 1) {
    const back = await run.poll('awaitRestored', place, { summary: 'What has come back?', within: WITHIN });
    if (back !== undefined) return back;
    run.forget('awaitRestored');
    await run.halt('awaitRestored', `look ${nth}`, `the cloud had not brought the tenant back after ${WITHIN}`);
  }
}

function notDeleted(run: Teller): undefined {
  run.found('restoreDeletedTenant');
  run.found('awaitRestored');
}
