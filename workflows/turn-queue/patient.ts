import { ONBOARD_CUSTOMER } from '../onboard-customer/contract.js';
import { PROTECT_CUSTOMER, protectionSteps, waitingSteps } from '../protect-customer/contract.js';
import type { RunsAtPlace, Waiting, WorkingRun } from './state.js';

/** True when a run may pass blocked ones: a remedy may pass all of them, and every run may pass those that go on for months. */
export function mayPass({ passes, gaveBack }: Waiting, { atWork }: RunsAtPlace): boolean {
  // claims of older workers say nothing of it, and queues must replay what they decided then
  const knows = gaveBack !== undefined;
  return passes || atWork.every((one) => goesOnForMonths(one, knows));
}

/** What else is done at the tenant waits for none of them that is blocked. */
function goesOnForMonths({ workflowId, blocked, gaveBack }: WorkingRun, knows: boolean): boolean {
  const step = blocked?.step ?? '';
  if (workflowId.startsWith(`${PROTECT_CUSTOMER}:`)) return true;
  if (!workflowId.startsWith(`${ONBOARD_CUSTOMER}:`)) return false;
  const isHandedOver = gaveBack === true || isOneOf(waitingSteps, step);
  return knows ? isHandedOver : isOneOf(protectionSteps, step);
}

function isOneOf(steps: readonly string[], step: string): boolean {
  return steps.includes(step);
}
