import type { Child } from '../../contract/children.js';
import { FailureType } from '../../contract/failures.js';
import { OFFBOARD_CUSTOMER } from '../offboard-customer/contract.js';
import { RESTORE_CUSTOMER } from '../restore-customer/contract.js';
import type { Situation } from './intention.js';
import { isWanted, nextOperation } from './next-operation.js';
import { takesAway, type CurrentRun } from './progress.js';

/**
 * Why a run of this customer is stopped before its end; undefined while it may go on. Only a run that waits is stopped: a
 * running one ends soon by itself.
 */
export function whyStop(
  { own, status }: Child,
  current: CurrentRun,
  { situation, isHeld }: { situation: Situation; isHeld: boolean },
): string | undefined {
  if (!own || current.isOther || current.isCancelled) return undefined;
  if (isBeyondRestoring({ status }, current)) return BEYOND_RESTORING;
  const { operation } = current.intended;
  const isQueued = 'waitsFor' in status;
  if (isHeld && isQueued && takesAway.has(operation)) return HELD;
  const waits = status.state === 'blocked' || isQueued || operation === OFFBOARD_CUSTOMER;
  if (!waits || isWanted(situation, current.intended)) return undefined;
  // a question holds up what comes after it, and stops nothing but the end of a customer
  const isAsked = nextOperation(situation).kind === 'asks';
  return isAsked && operation !== OFFBOARD_CUSTOMER ? undefined : OVERTAKEN;
}

const HELD = 'a person has said that nothing is taken away for now';
const OVERTAKEN = 'what is sold has changed since it was started';
const BEYOND_RESTORING = 'the cloud no longer restores the tenant: the customer gets a new one';

/** True when the cloud has said that it does not restore the tenant any more. */
export function isBeyondRestoring({ status }: Pick<Child, 'status'>, { intended }: CurrentRun): boolean {
  if (intended.operation !== RESTORE_CUSTOMER || status.state !== 'blocked') return false;
  const { step, type } = status.blocked;
  return step === 'restoreDeletedTenant' && type === FailureType.Rejected;
}
