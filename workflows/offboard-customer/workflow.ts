import { defineUpdate, setHandler } from '@temporalio/workflow';
import type { ReportWish } from '../produce-report/contract.js';
import { makeReport } from '../produce-report/make-report.js';
import { graceChoices, type Decision, type DecisionRequest, type GraceChoice } from '../../contract/decisions.js';
import { runOperation, type Begun, type Operation } from '../kernel/operation.js';
import { takeTarget } from '../parts/target.js';
import { OFFBOARD_CUSTOMER, offboardCustomerAmendable, offboardCustomerSteps } from './contract.js';
import type { OffboardCustomerOrder, OffboardCustomerResult, OffboardedCustomer } from './contract.js';
import { Grace, GRACE } from './grace.js';

const descriptions: Record<GraceChoice, string> = {
  extendGrace: 'Let the grace end later: {"actor", "reason", "by": "10 days"}',
  hold: 'Let nothing happen until "release": {"actor", "reason"}',
  release: 'Let the grace go on: {"actor", "reason"}',
  restore: 'Give the tenant back as it was: {"actor", "reason"}',
};

/** Disables a customer, waits, keeps a last usage report, and deletes it; until then, people may take it back. */
export async function offboardCustomer(input: unknown): Promise<OffboardCustomerResult> {
  const grace = new Grace();
  for (const choice of graceChoices)
    setHandler(defineUpdate<Decision, [DecisionRequest]>(choice), (request) => grace.decide(choice, request), {
      validator: (request) => grace.validate(choice, request),
      description: descriptions[choice],
    });
  return await runOperation(offboarding(grace), input);
}

export function offboarding(grace: Grace = new Grace()): Operation<OffboardCustomerOrder, OffboardedCustomer> {
  return {
    name: OFFBOARD_CUSTOMER,
    steps: offboardCustomerSteps,
    amendable: offboardCustomerAmendable,
    story: async (begun) => await story(begun, grace),
  };
}

const LAST_REPORT: ReportWish = {
  kind: 'usage_current',
  level: 'accounts',
  format: 'csv_v2_0',
  hideZeroUsage: false,
  showSkus: false,
};

/** Whoever has other customers below is not offboarded in one go. */
const unfit = ['partner', 'folder', 'unit'];

async function story({ order, cloud, run }: Begun<OffboardCustomerOrder>, grace: Grace): Promise<OffboardedCustomer> {
  const { including } = order;
  const confirm = { given: order.confirm, because: 'deletion cannot be taken back' };
  const target = await takeTarget(run, { cloud, tenant: order.tenant, unfit, deleted: 'otherwise', confirm });
  const { tenantId, version: since, name, deletedAt } = target;
  if (deletedAt !== undefined) {
    for (const step of offboardCustomerSteps(order).slice(1)) run.found(step);
    return { tenantId, deletedAt };
  }
  const place = { cloud, tenantId };
  // told anew after the grace, the deletion itself looks, and then a person is asked
  if (!grace.begun) await run.look('checkBelow', { ...place, including }, { summary: `What goes with ${name}?` });
  if (target.enabled)
    await run.step('disableTenant', place, {
      summary: name,
      undo: ['restoreTenant', { ...place, to: { enabled: true }, since }],
    });
  else run.found('disableTenant');
  await run.wait(GRACE, { summary: `${order.grace} to think again`, until: (board) => grace.pass(board, order.grace) });
  const report = order.finalReport
    ? await makeReport(run, { cloud, tenantId, wish: LAST_REPORT, within: '1 hour' })
    : undefined;
  const { kind, parentTenantId, pricingMode } = target;
  const confirmed = { name, kind, parentTenantId, ...(pricingMode === undefined ? {} : { pricingMode }) };
  await run.step('deleteTenant', { ...place, including, confirmed, look: false }, { summary: `${name}, for good` });
  return { tenantId, deletedAt: grace.deleted(), ...(report && { report }) };
}
