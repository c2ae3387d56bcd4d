import { PROTECT_CUSTOMER } from '../protect-customer/contract.js';
import type { RunsAtPlace, Waiting } from './state.js';

/** Operations that go on for months: what else is done at the tenant waits for none of them that is blocked. */
const patient: readonly string[] = [PROTECT_CUSTOMER];

/** True when a run may pass blocked ones: a remedy may pass all of them, and every run may pass those that go on for months. */
export function mayPass({ passes }: Waiting, { atWork }: RunsAtPlace): boolean {
  return (
    passes || atWork.every(({ workflowId }) => patient.some((operation) => workflowId.startsWith(`${operation}:`)))
  );
}
