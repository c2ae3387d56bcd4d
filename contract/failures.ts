/**
 * Every failure type that may cross an activity or workflow boundary. A class does not survive that boundary,
 * a string does, so these strings are the identity of a failure everywhere: in the history, in search, in the docs.
 */
export const FailureType = {
  /** The input was read and refused; nothing was tried. */
  InvalidInput: 'InvalidInput',
  /** The cloud (or a precheck) said no and nothing was made. */
  Refused: 'Refused',
  /** Something was made and has been removed again. */
  Undone: 'Undone',
  /** The run failed and, as its input asked, left everything as it is. */
  Kept: 'Kept',
  /** The run failed and something could not be removed; the status names it. */
  Leftovers: 'Leftovers',

  /** No usable answer: no connection, a time-out, 408, 421, 425, 499 or 5xx. The call may have taken effect. */
  Unavailable: 'Acronis.Unavailable',
  /** 429: too many calls; not repeated before the time the cloud asked for. */
  Throttled: 'Acronis.Throttled',
  /** Somebody else changed the object between our reading and our writing. */
  Conflict: 'Acronis.Conflict',
  /** The object does not exist, or is out of our sight. */
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
  /** What was asked for does not fit what the parent tenant offers. */
  NotOffered: 'Tenantry.NotOffered',
  /** No worker that took the step knows the cloud: nothing was sent. */
  UnknownCloud: 'Tenantry.UnknownCloud',
  /** A secret that the input refers to cannot be read on this worker. */
  Secret: 'Tenantry.Secret',
  /** More would be destroyed than the order has named, or somebody uses again what was to be deleted. */
  Unexpected: 'Tenantry.Unexpected',
  /** The cloud has not made what was ordered of it, or will not make it just now. */
  NotReady: 'Tenantry.NotReady',
  /** A tenant or user that is to be used was switched off, by somebody else than this product. */
  SwitchedOff: 'Tenantry.SwitchedOff',
  /** An earlier run of the key completed with another order, and what it made is still there. */
  Different: 'Different',
  /** The artefact store does not take a file. */
  Artefact: 'Tenantry.Artefact',
  /** A person has taken an offboarding back during its grace. */
  Restored: 'Tenantry.Restored',
  /** An error that nobody foresaw. */
  Internal: 'Internal',
} as const;

export type FailureType = (typeof FailureType)[keyof typeof FailureType];

/** What an activity attaches to a failure that leaves it: facts only, never a body, a query or a secret. */
export interface FailureFacts {
  operation?: string;
  status?: number;
  code?: string | number;
  requestId?: string;
  attempts: number;
  apiCalls: number;
  /** Whether some call of any attempt may have changed something in the cloud. Older versions tell it of the attempts before the last, and only if true. */
  unsure?: boolean;
  /** Whether some call of any attempt has changed something in the cloud. Absent in runs of older versions. */
  changed?: boolean;
  /** What had come of a call that does the same to many when it failed. */
  came?: unknown;
}

const definite: readonly string[] = [
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

/** True when a failure of this type leaves open whether the call took effect, so that an undo must look more than once. */
export function outcomeUnknown(type: string): boolean {
  return !definite.includes(type);
}

/** True when a failure of this type is only met after a look: what an earlier try made would have been found. */
export function isSettled(type: string): boolean {
  return [FailureType.Taken, FailureType.NotReady, FailureType.SwitchedOff].some((settled) => settled === type);
}

const hopeless: readonly string[] = [
  FailureType.Rejected,
  FailureType.InvalidInput,
  FailureType.Restored,
  FailureType.Different,
];

/** True when a person cannot help with a failure of this type: the input is refused as it stands. */
export function isHopeless(type: string): boolean {
  return hopeless.includes(type);
}

/** What is known of an order when a step of its run fails. */
interface Asked {
  onFailure: 'ask' | 'undo' | 'keep';
  /** Whether the run has begun something that it could undo. */
  mayHaveMade: boolean;
}

/**
 * True when a run that fails like this waits for a person, or for time, instead of ending. A target that does not exist is refused before anything
 * was made. Who does not know the cloud could not undo there either.
 */
export function waitsForHelp(type: string, { onFailure, mayHaveMade }: Asked): boolean {
  if (type === FailureType.UnknownCloud) return true;
  if (onFailure !== 'ask' || isHopeless(type)) return false;
  return type !== FailureType.NotFound || mayHaveMade;
}
