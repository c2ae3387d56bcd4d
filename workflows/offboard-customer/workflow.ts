import { defineUpdate, setHandler, workflowInfo } from '@temporalio/workflow';
import { CUSTOMER_WORKFLOW } from '../../contract/customers.js';
import type { Proven } from '../../contract/actors.js';
import { graceChoices, type Decision, type DecisionRequest, type GraceChoice } from '../../contract/decisions.js';
import { everyAmendable } from '../../contract/orders.js';
import { ASKS_ITS_CUSTOMER } from '../../contract/revision.js';
import type { StepName } from '../kernel/activity-calls.js';
import { operation } from '../kernel/operation.js';
import { takeTarget } from '../parts/take-target.js';
import { checkArtefactStore, storeSteps } from '../parts/references.js';
import type { ReportWish } from '../produce-report/contract.js';
import { makeReport, reportSteps } from '../produce-report/make-report.js';
import { OFFBOARD_CUSTOMER, type OffboardCustomerOrder, type OffboardedCustomer } from './contract.js';
import { Grace, GRACE } from './grace.js';

const descriptions: Record<GraceChoice, string> = {
  extendGrace: 'Let the grace end later: {"actor", "reason", "by": "10 days"}',
  hold: 'Let nothing happen until "release": {"actor", "reason"}',
  release: 'Let the grace go on: {"actor", "reason"}',
  restore: 'Give the tenant back as it was: {"actor", "reason"}',
};

const LAST_REPORT: ReportWish = {
  kind: 'usage_current',
  level: 'accounts',
  format: 'csv_v2_0',
  hideZeroUsage: false,
  showSkus: false,
};

/** The customer that has started this run, if it is one that agrees to the deletion. */
function customerOf(revision: number): string | undefined {
  const { parent } = workflowInfo();
  const isCustomer = parent?.workflowId.startsWith(`${CUSTOMER_WORKFLOW}:`) ?? false;
  return isCustomer && revision >= ASKS_ITS_CUSTOMER ? parent?.workflowId : undefined;
}

/** Tenants that can have customers below them are not offboarded in one run. */
const unfit = ['partner', 'folder', 'unit'];

/** A person or an earlier run of this offboarding may have disabled it. */
const STAYS_DISABLED = 'it was disabled before this run started and stays disabled: enableTenant enables it';

const stepsOf = ({ finalReport }: Pick<OffboardCustomerOrder, 'finalReport'>, revision: number): StepName[] => [
  'findTenant',
  'checkBelow',
  ...(finalReport ? storeSteps(revision) : []),
  'disableTenant',
  GRACE,
  ...(finalReport ? reportSteps : []),
  'deleteTenant',
];

/** Disables a customer, waits, stores a final usage report, and deletes it. Until then, people can cancel it. */
export const offboardCustomer = operation<OffboardCustomerOrder, OffboardedCustomer, Grace>({
  name: OFFBOARD_CUSTOMER,
  steps: stepsOf,
  // the length of the grace has Updates of its own
  amendable: { including: ['deleteTenant'], finalReport: ['deleteTenant'], ...everyAmendable },
  state: () => new Grace(),
  accept(grace) {
    for (const choice of graceChoices)
      setHandler(
        defineUpdate<Decision, [Proven<DecisionRequest>]>(choice),
        (request) => {
          const taking = { choice, request, validate: () => grace.validate(choice, request) };
          return grace.actors.take(taking, (known) => grace.decide(choice, known));
        },
        { validator: (request) => grace.validate(choice, request), description: descriptions[choice] },
      );
  },

  async run({ order, cloud, revision, steps, expects }, grace) {
    const { including, finalReport } = order;
    const confirm = { given: order.confirm, because: 'deletion cannot be taken back' };
    const wanted = { cloud, tenant: order.tenant, unfit, deleted: 'otherwise', confirm, expects } as const;
    const target = await takeTarget(steps, wanted);
    const { tenantId, version: since, name, deletedAt } = target;
    if (deletedAt !== undefined) {
      for (const step of stepsOf(order, revision).slice(1)) steps.alreadyDone(step);
      return { tenantId, deletedAt };
    }
    const place = { cloud, tenantId };
    // after the grace, with an amended input, the deletion itself checks, and blocks if needed
    if (!grace.hasStarted)
      await steps.allSettled(
        steps.lookUp('checkBelow', { ...place, including }, { summary: `What is deleted with ${name}?` }),
        finalReport ? checkArtefactStore(steps, { cloud, revision }) : undefined,
      );
    let version = since;
    if (target.enabled) {
      const undo = ['restoreTenant', { ...place, to: { enabled: true }, since, came: null }] as const;
      const disabled = await steps.run('disableTenant', { ...place, since, look: false }, { summary: name, undo });
      version = disabled?.version ?? since + 1;
    } else {
      steps.alreadyDone('disableTenant');
      steps.setFacts({ leftAsFound: [{ kind: 'tenant', id: tenantId, reason: STAYS_DISABLED }] });
    }
    await steps.wait(GRACE, {
      summary: `Grace of ${order.grace}`,
      until: (board) => grace.waitOut(board, order.grace, customerOf(revision)),
    });
    const report = finalReport
      ? await makeReport(steps, { cloud, tenantId, wish: LAST_REPORT, within: '1 hour' })
      : undefined;
    const { kind, parentTenantId, pricingMode, customerId, tag } = target;
    const confirmed = { name, kind, parentTenantId, pricingMode, customerId, tag, version };
    await steps.run('deleteTenant', { ...place, including, confirmed, look: false }, { summary: `${name}, for good` });
    steps.setFacts({ leftAsFound: [] });
    return { tenantId, deletedAt: grace.deleted(), ...(report && { report }) };
  },
});
