import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  TemporalFailure,
  TimeoutFailure,
} from '@temporalio/common';
import { FailureType, outcomeUnknown, type FailureFacts } from '../../contract/failures.js';

/** A failure as the status shows it: type, message, step, and whether a retry can help. */
export interface FailureDescription {
  type: string;
  message: string;
  step?: string;
  retryable: boolean;
  /** A bug in Tenantry, not a failure: it stalls the run and never undoes a customer. */
  bug: boolean;
  facts?: FailureFacts;
}

/** Describes any error that a step threw. */
export function describeFailure(error: unknown): FailureDescription {
  if (!(error instanceof TemporalFailure))
    return { type: FailureType.Internal, message: String(error), retryable: false, bug: true };
  const step = error instanceof ActivityFailure ? { step: error.activityType } : {};
  const root = error instanceof ActivityFailure || error instanceof ChildWorkflowFailure ? error.cause : error;
  if (root instanceof ApplicationFailure) {
    const facts = root.details?.[0] as (FailureFacts & { step?: string }) | undefined;
    return {
      type: root.type ?? FailureType.Internal,
      message: root.message,
      ...(facts?.step === undefined ? {} : { step: facts.step }),
      ...step,
      retryable: root.nonRetryable !== true,
      bug: false,
      ...(facts ? { facts } : {}),
    };
  }
  const late = root instanceof TimeoutFailure;
  const type = late ? FailureType.Unavailable : FailureType.Internal;
  const facts = root instanceof CancelledFailure ? factsIn(root.details) : {};
  return { type, message: root?.message ?? error.message, ...step, retryable: late, bug: false, ...facts };
}

/** The facts of an attempt that ran when it was cancelled. Between attempts, the server sends only a text. */
function factsIn([facts]: readonly unknown[]): { facts?: FailureFacts } {
  return typeof facts === 'object' && facts !== null ? { facts: facts as FailureFacts } : {};
}

/** True when a step may have taken effect despite this failure. */
export function mayHaveTakenEffect({ type, facts }: FailureDescription): boolean {
  if (facts?.changed !== undefined) return facts.changed || facts.unsure === true;
  // older versions do not report it, and a refusal says nothing about the attempts before it
  return outcomeUnknown(type) || (facts !== undefined && facts.attempts > 1);
}
