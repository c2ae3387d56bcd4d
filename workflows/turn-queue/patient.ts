import { ONBOARD_CUSTOMER } from '../onboard-customer/contract.js';
import { PROTECT_CUSTOMER, protectionSteps } from '../protect-customer/contract.js';
import type { RunsAtPlace, Waiting, WorkingRun } from './state.js';

/** True when a run may pass blocked ones: a remedy may pass all of them, and every run may pass those that go on for months. */
export function mayPass({ passes }: Waiting, { atWork }: RunsAtPlace): boolean {
  return passes || atWork.every(goesOnForMonths);
}

/** What else is done at the tenant waits for none of them that is blocked. */
function goesOnForMonths({ workflowId, blocked }: WorkingRun): boolean {
  const step = blocked?.step as (typeof protectionSteps)[number];
  if (workflowId.startsWith(`${ONBOARD_CUSTOMER}:`)) return protectionSteps.includes(step);
  return workflowId.startsWith(`${PROTECT_CUSTOMER}:`);
}
