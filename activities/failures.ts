import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { isAcronisError, type AcronisError, type AcronisErrorKind } from '../acronis/index.js';
import { FailureType, type FailureFacts } from '../contract/failures.js';
import type { ManyEffects } from '../contract/steps.js';
import { UnknownCloud } from './unknown-cloud.js';

/** What the attempts of one activity hand on to each other. */
export interface AttemptMemory {
  apiCalls: number;
  firstFailedAt?: number;
  lastError?: string;
  /** An undo has found its thing and begun to remove it. */
  removing?: boolean;
  /** Ids of the tenants that an undo has begun to remove. */
  taking?: string[];
  /** An undo has seen its thing; where nothing of it is left later, that was taken back, whoever did it. */
  seen?: boolean;
  /** A change may have taken effect, in the words of workers of older versions. */
  sent?: boolean;
  /** A call of this activity has changed something in the cloud. */
  changed?: boolean;
  /** A call of this activity may have changed something. */
  doubt?: boolean;
  /** To which of many the change was done, or may have been. */
  came?: ManyEffects | undefined;
  /** The run that is being told to give a customer back, by its workflow id. */
  ending?: string;
  /** Mails that may be on their way although nobody confirmed them. */
  unconfirmedMails?: number;
  /** How many attempts did nothing, because their cloud had its share of the worker. */
  stoodBack?: number;
  /** How often each kind of failure has been met. */
  failures: Partial<Record<string, number>>;
}

interface Try {
  attempt: number;
  /** Server time at which this attempt was scheduled; the worker's own clock is not asked. */
  now: number;
  againMs: number;
  /** True when an earlier attempt has sent a change of which nobody knows whether it took effect. */
  unsure?: boolean;
}

/** What its calls have changed, or may have: exact, unless an attempt was never heard of again. */
function factsOf({ apiCalls, changed, doubt, came }: AttemptMemory, { attempt, unsure }: Try): FailureFacts {
  const known = { unsure: unsure === true || doubt === true, changed: changed === true };
  return { attempts: attempt, apiCalls, ...known, ...(came === undefined ? {} : { came }) };
}

/** Try again, hand the matter to a person, or stop. */
type Verdict = { again: boolean; type: FailureType; delayMs?: number };

const FEW = 3;
const LEAST_FAILURES = 5;
/** For so long a worker that does not know a cloud passes its work on quickly. */
const PASS_ON_MS = 60_000;
const PASS_ON_PAUSE_MS = 500;

/**
 * Gives any error of an activity its verdict: the only place where it is decided whether to try again. "Again" lasts for the time given
 * and at least five failures, counted from the first one, so that a worker that was away uses up nobody's patience.
 */
export function toFailure(error: unknown, memory: AttemptMemory, now: Try): unknown {
  const facts = factsOf(memory, now);
  if (error instanceof CancelledFailure) return new CancelledFailure(error.message, [facts], error.cause);
  if (error instanceof ApplicationFailure) return withFacts(error, facts);
  if (error instanceof UnknownCloud) return passedOn(error, facts, memory, now);
  if (!isAcronisError(error)) {
    const { name, message } = error as { name?: string; message?: string };
    return ApplicationFailure.nonRetryable(`${name ?? 'Error'}: ${message ?? 'unknown'}`, FailureType.Internal, facts);
  }
  const { again, type, delayMs } = judge(error, memory, now);
  const { status, code, requestId } = error.facts;
  return ApplicationFailure.create({
    type,
    message: error.message,
    nonRetryable: !again,
    details: [{ ...facts, operation: error.operation, status, code, requestId }],
    ...(again && delayMs !== undefined ? { nextRetryDelay: delayMs } : {}),
  });
}

/** The type that an error of the cloud has as a failure. */
export function failureTypeOf(error: unknown): FailureType {
  if (!isAcronisError(error)) return FailureType.Internal;
  return kindVerdict(error.kind, { patient: false, few: false, retryAfterMs: undefined }).type;
}

function withFacts({ type, message, details, cause, ...same }: ApplicationFailure, facts: FailureFacts) {
  const { nonRetryable, nextRetryDelay, category } = same;
  const [told = {}, ...others] = details ?? [];
  return ApplicationFailure.create({
    message,
    details: [{ ...(told as object), ...facts }, ...others],
    nonRetryable: nonRetryable === true,
    ...(type == null ? {} : { type }),
    ...(nextRetryDelay == null ? {} : { nextRetryDelay }),
    ...(category == null ? {} : { category }),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** A refusal of our own, before or instead of a call. */
export function refuse(type: FailureType, message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, type);
}

/** Nothing was done: any worker that knows the cloud can take it. */
function passedOn({ message }: UnknownCloud, facts: FailureFacts, memory: AttemptMemory, now: Try): ApplicationFailure {
  const { patient, sinceMs } = meet('unknown-cloud', memory, now);
  const quickly = now.againMs !== Infinity && sinceMs < PASS_ON_MS;
  return ApplicationFailure.create({
    type: FailureType.UnknownCloud,
    message,
    nonRetryable: !patient,
    details: [facts],
    ...(patient && quickly ? { nextRetryDelay: PASS_ON_PAUSE_MS } : {}),
  });
}

/** Counts a failure; tells whether "again" still lasts, and how long ago the first one was. */
function meet(kind: string, memory: AttemptMemory, { now, againMs }: Try) {
  const met = (memory.failures[kind] ?? 0) + 1;
  memory.failures[kind] = met;
  memory.firstFailedAt ??= now;
  const sinceMs = now - memory.firstFailedAt;
  const all = Object.values(memory.failures).reduce<number>((sum, count) => sum + (count ?? 0), 0);
  return { met, sinceMs, patient: sinceMs < againMs || all < LEAST_FAILURES };
}

function judge(error: AcronisError, memory: AttemptMemory, now: Try): Verdict {
  const { met, patient } = meet(error.kind, memory, now);
  return kindVerdict(error.kind, {
    patient,
    few: (met <= FEW || now.againMs === Infinity) && error.facts.makesMore !== true,
    retryAfterMs: error.facts.retryAfterMs,
  });
}

function kindVerdict(
  kind: AcronisErrorKind,
  { patient, few, retryAfterMs }: { patient: boolean; few: boolean; retryAfterMs: number | undefined },
): Verdict {
  switch (kind) {
    case 'unavailable':
      return { again: patient, type: FailureType.Unavailable };
    case 'throttled':
      return {
        again: patient,
        type: FailureType.Throttled,
        ...(retryAfterMs === undefined ? {} : { delayMs: retryAfterMs }),
      };
    case 'conflict':
      return { again: patient, type: FailureType.Conflict };
    // right after our own create an object may not be readable everywhere yet
    case 'not-found':
      return { again: few, type: FailureType.NotFound };
    case 'unreadable':
      return { again: few, type: FailureType.Unreadable };
    case 'credentials':
      return { again: few, type: FailureType.Credentials };
    case 'taken':
      return { again: false, type: FailureType.Taken };
    case 'forbidden':
      return { again: false, type: FailureType.Forbidden };
    case 'quota':
      return { again: false, type: FailureType.Quota };
    case 'rejected':
      return { again: false, type: FailureType.Rejected };
    default:
      return kind satisfies never;
  }
}
