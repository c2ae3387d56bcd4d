import type { Mark } from './mark.js';

/** Which runs are asked for: those of one business key, from whatever door. */
export interface EarlierSpec {
  cloud: string;
  mark: Mark;
  /** The operation of this run, and the others that make the same kind of tenant for a key. */
  operation: string;
  others: readonly string[];
  /** What this run is to do, as its operation reads it. */
  order: object;
}

/** What is known of earlier runs of a key. */
export interface EarlierRuns {
  /** `unknown`: Temporal could not say. */
  known: 'none' | 'some' | 'unknown';
  /** Ids of the tenants that they had. */
  tenants: string[];
  /** Ids of the tenants below which those were made. */
  parents: string[];
  /** How the newest one that completed was ordered otherwise than this one; absent when it was not. */
  completed?: { workflowId: string; differing: string[] };
  /** What those made that completed; absent where none did. */
  made?: MadeBefore[];
  /** Which tenant each run had and how it was ordered, also this run before a reset; absent where nothing is known. */
  runs?: RunOfKey[];
  /** What the newest one has made, where it completed with the very order of this run. */
  same?: SameCompleted;
}

/** What Temporal knows of a run of a key. */
export interface RunOfKey {
  /** The first run id, as it is in the mark. */
  runId: string;
  /** The tenant that it has made or adopted. */
  tenantId?: string;
  /** How it was ordered, and amended; absent where that was not read. */
  ordered?: OrderedTenant[];
}

/** What tells one customer or partner from another. */
export interface OrderedTenant {
  name: string;
  customerId?: string;
  /** The e-mail address of the contact. */
  email?: string;
}

/** The tenant of an earlier run that completed. */
export interface MadeBefore {
  tenantId: string;
  workflowId: string;
  runId: string;
}

/** What a run has made that completed with the same order. */
export interface SameCompleted {
  workflowId: string;
  tenantId: string;
  userId: string;
  /** True when the user was let in: by mail or password, and nobody has skipped that. */
  letIn: boolean;
}

/** Of a run that an older version began, which did not ask. */
export const NONE: EarlierRuns = { known: 'none', tenants: [], parents: [] };

/** A user in a tenant. */
export interface UserRef {
  tenantId: string;
  userId: string;
}

/** What earlier runs, of whatever key, have done for a user. */
export interface EarlierForUser {
  /** One of them has made the user: its id was in the answer. */
  made: boolean;
  /** One of them has had the activation mail sent. */
  invited: boolean;
  /** How many mails may have been sent besides, of which nobody knows. */
  mails: number;
  /** So many that none is sent any more, although nobody knows whether one was. */
  unconfirmed?: boolean;
}

/** Of a user for whom no run has worked. */
export const NOTHING_FOR_USER: EarlierForUser = { made: false, invited: false, mails: 0 };
