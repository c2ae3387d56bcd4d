import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  TemporalFailure,
  TimeoutFailure,
} from '@temporalio/common';
import { FailureType, outcomeUnknown, type FailureFacts } from '../../contract/failures.js';

/** A failure in the words of the status: its type, what to read, at which step, and whether another try can help. */
export interface FailureDescription {
  type: string;
  message: string;
  step?: string;
  retryable: boolean;
  /** Not a failure at all but a mistake in our own code: it must stall the run, never undo a customer. */
  bug: boolean;
  facts?: FailureFacts;
}

/** Describes whatever a step threw. */
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

/** Of an attempt that was under way when it was cancelled; the server has only a word for one that was waiting to be tried. */
function factsIn([facts]: readonly unknown[]): { facts?: FailureFacts } {
  return typeof facts === 'object' && facts !== null ? { facts: facts as FailureFacts } : {};
}

/** True when a step that failed so may have taken effect all the same. */
export function mayHaveTakenEffect({ type, facts }: FailureDescription): boolean {
  if (facts?.changed !== undefined) return facts.changed || facts.unsure === true;
  // older versions did not tell, and a refusal says nothing of the tries before it
  return outcomeUnknown(type) || (facts !== undefined && facts.attempts > 1);
}
