import { FailureType } from './failures.js';

/**
 * What went wrong, for programs: `refused` is a mistake of the caller, `notFound` a run that does not exist,
 * `unavailable` a service that does not answer now, `internal` anything else. Each interface maps kinds to its own
 * terms: exit codes, HTTP statuses.
 */
export type ErrorKind = 'refused' | 'notFound' | 'unavailable' | 'internal';

/** What would help. Each interface words it for its own users. */
export type Remedy =
  | {
      do:
        | 'listRuns'
        | 'setUp'
        | 'startTemporal'
        | 'startWorker'
        | 'checkClouds'
        | 'renewCredentials'
        | 'alignKeys'
        | 'shareKeys'
        | 'readWorkerLog';
    }
  | { do: 'askStatus'; id: string }
  | { do: 'showCustomer'; ref: string }
  /** `id` is no id of a run, but perhaps a name of a customer. */
  | { do: 'nameRun'; id: string }
  | { do: 'showBrake'; cloud: string }
  | { do: 'showRollout'; id: string }
  /** `how` names the settings, which are the same for every interface. */
  | { do: 'correctSettings'; how: string };

/** One problem of an input: where, and why. */
export interface InputProblem {
  path: string;
  message: string;
}

type ErrorDetails = Pick<TenantryError, 'type' | 'remedies' | 'problems'>;

const usualTypes: Readonly<Record<ErrorKind, string>> = {
  refused: 'Refused',
  notFound: 'NotFound',
  unavailable: 'Unavailable',
  internal: 'Internal',
};

/** Something that a person can fix. The message says what is wrong, the remedies what to do about it. */
export class TenantryError extends Error {
  override readonly name = 'TenantryError';
  /** Which error it is, for programs: a `FailureType`, or a word of its own. */
  readonly type: string;
  readonly remedies: readonly Remedy[];
  readonly problems: readonly InputProblem[];

  constructor(
    readonly kind: ErrorKind,
    message: string,
    { type = usualTypes[kind], remedies = [], problems = [] }: Partial<ErrorDetails> = {},
  ) {
    super(message);
    this.type = type;
    this.remedies = remedies;
    this.problems = problems;
  }
}

/** A cloud refuses its API client. `why` is the refused call. */
export function credentialsRefused(why: string): TenantryError {
  return new TenantryError('unavailable', `The cloud refuses the API client: ${why}.`, {
    type: FailureType.Credentials,
    remedies: [{ do: 'renewCredentials' }],
  });
}

/** No run has this workflow id, or Temporal no longer keeps it. */
export function runNotFound(id: string): TenantryError {
  const isNoId = id !== '' && !id.includes(':');
  return new TenantryError('notFound', `There is no run ${id || '""'}.`, {
    remedies: [...(isNoId ? [{ do: 'nameRun', id } as const] : []), { do: 'listRuns' }],
  });
}

/** Refuses the id of a customer, a brake or a rollout where the id of a run is wanted: these have no steps. */
export function checkIsRun(id: string): void {
  if (id.startsWith('rollout:'))
    throw new TenantryError('refused', `${id} is a rollout, not a run.`, { remedies: [{ do: 'showRollout', id }] });
  if (id.startsWith('brake:'))
    throw new TenantryError('refused', `${id} is a brake, not a run.`, {
      remedies: [{ do: 'showBrake', cloud: id.slice(id.indexOf(':') + 1) }],
    });
  if (!id.startsWith('customer:')) return;
  throw new TenantryError('refused', `${id} is a customer, not a run.`, {
    remedies: [{ do: 'showCustomer', ref: id.slice(id.lastIndexOf(':') + 1) }],
  });
}
