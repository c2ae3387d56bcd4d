import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { isAcronisError, type AcronisError, type AcronisErrorKind } from '../acronis/index.js';
import { FailureType, type FailureFacts } from '../contract/failures.js';
import type { PutItem } from '../contract/put-items.js';
import type { ManyEffects, StepTimes } from '../contract/steps.js';

/** The settings of this worker do not name this cloud. Another worker may know it, or this one after its next start. */
export class UnknownCloud extends Error {
  override readonly name = 'UnknownCloud';

  constructor(cloud: string, known: readonly string[]) {
    super(unknownCloudText(cloud, known));
  }
}

/** What a worker says about a cloud that its settings do not name, and what helps. */
export function unknownCloudText(cloud: string, known: readonly string[]): string {
  const problem = `the worker that was asked knows no cloud ${JSON.stringify(cloud)}, only ${known.join(', ')}`;
  return `${problem}; correct "cloud", or name it in TENANTRY_CLOUDS of every worker`;
}

/** A deletion that was sent, or is about to be. */
interface SentDeletion {
  /** When the cloud had last changed the thing before; null when it did not say. */
  updatedAt: string | null;
  /** True once the cloud has answered that it deleted the thing. */
  answered?: true;
}

/** What the attempts of one activity pass on to each other. */
export interface AttemptMemory {
  apiCalls: number;
  firstFailedAt?: number;
  lastError?: string;
  /** True when an undo has begun to change something. */
  removing?: boolean;
  /** Ids of the tenants that an undo has begun to remove. */
  taking?: string[];
  /** The version in which an undo has disabled a user, or may have. */
  disabling?: number;
  /** The deletions that were sent, by the id of the thing. Those that certainly had no effect are not among them. */
  deletions?: Record<string, SentDeletion>;
  /** True when an undo has seen its thing: if nothing is left of it later, somebody has taken it back. */
  seen?: boolean;
  /** Workers of older versions write this instead of `changed` and `doubt`. */
  sent?: boolean;
  /** A call of this activity has changed something in the cloud. */
  changed?: boolean;
  /** A call of this activity may have changed something. */
  doubt?: boolean;
  /** Which of many things the change was made to, or may have been. */
  came?: ManyEffects | undefined;
  /** The items that the calls of this step have changed, or may have. */
  put?: PutItem[] | undefined;
  /** The workflow ids of the offboardings that were asked to end. */
  endings?: string[];
  /** How many mails may have been sent without a confirmation. */
  unconfirmedMails?: number;
  /** How many of them earlier tries and runs may have sent. */
  mailsBefore?: number;
  /** How many attempts did nothing because their cloud already used its share of the worker. */
  stoodBack?: number;
  /** True when the activity was reset: before its present attempts there were others. */
  reset?: true;
  /** True when a look after a call without answer has shown no effect of it, and no call since can have had one. */
  missing?: true;
  /** True when the vendor has refused a change for its version, and no call since can have had an effect. */
  refusedVersion?: true;
  /** True when the creation of a thing whose id the answer does not give was answered. */
  answered?: true;
  /** Since when the cloud has not shown the tenant that a look is about. Milliseconds since 1970. */
  missingSince?: number;
  /** How often each kind of failure has happened. */
  failures: Partial<Record<string, number>>;
}

interface Try {
  attempt: number;
  /** When the server scheduled the first attempt. */
  scheduledAt: number;
  /** When the server scheduled this attempt; the worker's own clock is not used. */
  now: number;
  againMs: number;
  /** True when an earlier attempt has changed something, or may have. */
  unsure?: boolean;
}

/** What the calls have changed, or may have. Exact, unless an attempt ended without a report. */
function factsOf(memory: AttemptMemory, { attempt, unsure, scheduledAt }: Try): FailureFacts {
  const { apiCalls, changed, doubt, answered, unconfirmedMails: mails, mailsBefore = 0 } = memory;
  const known = { unsure: unsure === true || doubt === true, changed: changed === true };
  const came = memory.came ?? (answered && { answered }) ?? cameOf(memory);
  return {
    attempts: attempt,
    apiCalls,
    ...known,
    ...(came === undefined ? {} : { came }),
    ...(mails === undefined ? {} : { mails: mails - mailsBefore }),
    ...timesUntilNow(scheduledAt),
  };
}

/** Which items were changed, and whether perhaps somebody else has done what the step does; undefined when neither is known. */
function cameOf({ missing, put }: AttemptMemory): object | undefined {
  const came = { ...(missing && { doubtful: missing }), ...(put && { put }) };
  return Object.keys(came).length > 0 ? came : undefined;
}

/** The times of a call that ends now. A worker whose clock is behind does not make it end before it began. */
export function timesUntilNow(scheduledAt: number): Required<StepTimes> {
  const endedAt = Math.max(scheduledAt, Date.now());
  return { startedAt: new Date(scheduledAt).toISOString(), endedAt: new Date(endedAt).toISOString() };
}

/** Whether to try again, as which failure, and when. */
type Verdict = { again: boolean; type: FailureType; delayMs?: number };

const FEW = 3;
const LEAST_FAILURES = 5;
/** During this time a worker that does not know a cloud passes the task on quickly. */
const PASS_ON_MS = 60_000;
const PASS_ON_PAUSE_MS = 500;

/**
 * Gives an error of an activity its verdict. Only this function decides whether to try again: for the time given since
 * the first failure, and until at least five failures, so that the time while no worker was up does not end the tries.
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

/** The failure type of an error of the cloud. */
export function failureTypeOf(error: unknown): FailureType {
  if (!isAcronisError(error)) return FailureType.Internal;
  return kindVerdict(error.kind, { patient: false, few: false, retryAfterMs: undefined }).type;
}

function withFacts({ type, message, details, cause, ...same }: ApplicationFailure, facts: FailureFacts) {
  const { nonRetryable, nextRetryDelay, category } = same;
  const [first = {}, ...others] = details ?? [];
  return ApplicationFailure.create({
    message,
    details: [{ ...(first as object), ...facts }, ...others],
    nonRetryable: nonRetryable === true,
    ...(type == null ? {} : { type }),
    ...(nextRetryDelay == null ? {} : { nextRetryDelay }),
    ...(category == null ? {} : { category }),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** A failure that this product raises itself, instead of a call. It is not tried again. */
export function refuse(
  type: FailureType,
  message: string,
  facts: Pick<FailureFacts, 'shown'> = {},
): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, type, facts);
}

/** Refuses an order as it stands. */
export function reject(message: string): ApplicationFailure {
  return refuse(FailureType.Rejected, message);
}

/** Nothing was done, so any worker that knows the cloud can take the task. */
function passedOn({ message }: UnknownCloud, facts: FailureFacts, memory: AttemptMemory, now: Try): ApplicationFailure {
  const { patient, sinceMs } = countFailure('unknown-cloud', memory, now);
  const quickly = now.againMs !== Infinity && sinceMs < PASS_ON_MS;
  return ApplicationFailure.create({
    type: FailureType.UnknownCloud,
    message,
    nonRetryable: !patient,
    details: [facts],
    ...(patient && quickly ? { nextRetryDelay: PASS_ON_PAUSE_MS } : {}),
  });
}

/** Counts a failure. `patient` is whether there is still time to try again. */
function countFailure(kind: string, memory: AttemptMemory, { now, againMs }: Try) {
  const met = (memory.failures[kind] ?? 0) + 1;
  memory.failures[kind] = met;
  memory.firstFailedAt ??= now;
  const sinceMs = now - memory.firstFailedAt;
  const all = Object.values(memory.failures).reduce<number>((sum, count) => sum + (count ?? 0), 0);
  return { met, sinceMs, patient: sinceMs < againMs || all < LEAST_FAILURES };
}

function judge(error: AcronisError, memory: AttemptMemory, now: Try): Verdict {
  const { met, patient } = countFailure(error.kind, memory, now);
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
  const delay = retryAfterMs === undefined ? {} : { delayMs: retryAfterMs };
  switch (kind) {
    case 'unavailable':
      return { again: patient, type: FailureType.Unavailable, ...delay };
    case 'throttled':
      return { again: patient, type: FailureType.Throttled, ...delay };
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
