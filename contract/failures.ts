import type { StepTimes } from './steps.js';

/**
 * Every failure type that may cross an activity or workflow boundary. A class does not survive that boundary,
 * a string does, so these strings are the identity of a failure everywhere: in the history, in search, in the docs.
 */
export const FailureType = {
  /** The input was read and refused; nothing was tried. */
  InvalidInput: 'InvalidInput',
  /** The cloud (or a precheck) refused it, and nothing was created. */
  Refused: 'Refused',
  /** What the run created has been removed again. */
  Undone: 'Undone',
  /** The run failed and, as its input asked, left everything as it is. */
  Kept: 'Kept',
  /** The run failed and something could not be removed; the status names it. */
  Leftovers: 'Leftovers',

  /** No usable answer: no connection, a time-out, 408, 421, 425, 499 or 5xx. The call may have taken effect. */
  Unavailable: 'Acronis.Unavailable',
  /** 429: too many calls; not repeated before the time the cloud asked for. */
  Throttled: 'Acronis.Throttled',
  /** Somebody else changed the object between our read and our write. */
  Conflict: 'Acronis.Conflict',
  /** The object does not exist, or the API client cannot see it. */
  NotFound: 'Acronis.NotFound',
  /** A name or login that somebody else already has. */
  Taken: 'Acronis.Taken',
  /** The API client's id or secret was refused, also with a fresh token. */
  Credentials: 'Acronis.Credentials',
  /** The API client may not do this. */
  Forbidden: 'Acronis.Forbidden',
  /** A quota of the partner stands in the way. */
  Quota: 'Acronis.Quota',
  /** The cloud refused the request as it stands; repeating it cannot help. */
  Rejected: 'Acronis.Rejected',
  /** The answer could not be understood, or was no answer of the vendor. The call may have taken effect. */
  Unreadable: 'Acronis.Unreadable',
  /** The parent tenant does not offer what was ordered. */
  NotOffered: 'Tenantry.NotOffered',
  /** No worker that ran the step knows the cloud. Nothing was sent. */
  UnknownCloud: 'Tenantry.UnknownCloud',
  /** A secret that the input refers to cannot be read on this worker. */
  Secret: 'Tenantry.Secret',
  /** More would be destroyed than the order names, or somebody uses again what was about to be deleted. */
  Unexpected: 'Tenantry.Unexpected',
  /** The cloud has not created what was ordered, or cannot create it now. */
  NotReady: 'Tenantry.NotReady',
  /** A tenant or user that the run needs was disabled by somebody else. */
  SwitchedOff: 'Tenantry.SwitchedOff',
  /** An earlier run of the key completed with another order, and its tenant still exists. */
  Different: 'Different',
  /** The artefact store does not accept a file. */
  Artefact: 'Tenantry.Artefact',
  /** A person cancelled an offboarding during its grace. */
  Restored: 'Tenantry.Restored',
  /** A billing or CRM system cannot be asked how one of its objects is now. */
  Sender: 'Tenantry.Sender',
  /** An unexpected error. */
  Internal: 'Internal',
} as const;

export type FailureType = (typeof FailureType)[keyof typeof FailureType];

/** What an activity attaches to a failure that leaves it: facts only, never a body, a query or a secret. */
export interface FailureFacts extends StepTimes {
  operation?: string;
  status?: number;
  code?: string | number;
  requestId?: string;
  attempts: number;
  apiCalls: number;
  /**
   * Whether a call of any attempt may have changed something in the cloud. Older versions report only attempts before
   * the last one, and only if true.
   */
  unsure?: boolean;
  /** Whether a call of any attempt has changed something in the cloud. Absent in runs of older versions. */
  changed?: boolean;
  /** The partial result of a step that does the same to many, when it failed. */
  came?: unknown;
  /** The version of the tenant that the step asks a person about. The next try of the step gets it. */
  shown?: number;
  /** How many activation mails the attempts may have sent. The next try of the step gets the sum. */
  mails?: number;
}

const withoutEffect: readonly string[] = [
  FailureType.Taken,
  FailureType.Forbidden,
  FailureType.Quota,
  FailureType.Rejected,
  FailureType.Credentials,
  FailureType.NotOffered,
  FailureType.UnknownCloud,
  FailureType.Secret,
  FailureType.Unexpected,
  FailureType.NotReady,
  FailureType.SwitchedOff,
  FailureType.Different,
];

/** True when the call may have taken effect despite this failure, so an undo must look more than once. */
export function outcomeUnknown(type: string): boolean {
  return !withoutEffect.includes(type);
}

/** True when this failure comes only after a check that would have found the effect of an earlier attempt. */
export function impliesNoEffect(type: string): boolean {
  return [FailureType.Taken, FailureType.NotReady, FailureType.SwitchedOff].some((settled) => settled === type);
}

const unfixable: readonly string[] = [
  FailureType.Rejected,
  FailureType.InvalidInput,
  FailureType.Restored,
  FailureType.Different,
];

/** True when a person cannot fix this failure: the input itself is refused. */
function isUnfixable(type: string): boolean {
  return unfixable.includes(type);
}

/** What is known about a run when one of its steps fails. */
interface FailureContext {
  onFailure: 'ask' | 'undo' | 'keep';
  /** Whether the run has started something that it could undo. */
  mayHaveMade: boolean;
}

/**
 * True when a run waits after this failure, for a person or for the cloud, instead of ending. A missing target is
 * refused if nothing was created yet. A run always waits for an unknown cloud: without the cloud it could not undo
 * either.
 */
export function waitsForHelp(type: string, { onFailure, mayHaveMade }: FailureContext): boolean {
  if (type === FailureType.UnknownCloud) return true;
  if (onFailure !== 'ask' || isUnfixable(type)) return false;
  return type !== FailureType.NotFound || mayHaveMade;
}
