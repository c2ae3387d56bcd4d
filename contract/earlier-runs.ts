import type { Mark } from './mark.js';

/** A query for the runs of one business key, started through any interface. */
export interface EarlierSpec {
  cloud: string;
  mark: Mark;
  /** The operation of this run, and the other operations that create the same kind of tenant for a key. */
  operation: string;
  others: readonly string[];
  /** The order of this run, as its operation has read it. */
  order: object;
}

/** What is known about earlier runs of a key. */
export interface EarlierRuns {
  /** `unknown`: Temporal could not say. */
  known: 'none' | 'some' | 'unknown';
  /** True when one of them may have made a tenant whose id nobody knows: it ended in the middle. Absent if none did. */
  lost?: true;
  /** Ids of their tenants. */
  tenants: string[];
  /** Ids of the parents of those tenants. */
  parents: string[];
  /** The newest completed run, if its order differs from this one, and in which fields. */
  completed?: { workflowId: string; differing: string[] };
  /** The tenants of completed runs; absent if none completed. */
  made?: EarlierTenant[];
  /** Tenant and order of each run, and of this run before a reset; absent when unknown. */
  runs?: RunOfKey[];
  /** What the newest run created, if it completed with the same order as this run. */
  same?: SameCompleted;
  /** The users that some of the runs made or found for the same person; absent if none is known. */
  users?: KnownUser[];
}

/** A user of an earlier run, whatever its login is now. */
export interface KnownUser {
  workflowId: string;
  tenantId: string;
  userId: string;
}

/** What Temporal knows about a run of a key. */
export interface RunOfKey {
  /** The first run id, as it is in the mark. */
  runId: string;
  /** The tenant that it created or adopted. */
  tenantId?: string;
  /** Its order and amendments; absent when they could not be read. */
  ordered?: OrderedTenant[];
}

/** The fields that identify a customer or partner. */
export interface OrderedTenant {
  name: string;
  customerId?: string;
  /** The e-mail address of the contact. */
  email?: string;
}

/** The tenant of an earlier run that completed. */
export interface EarlierTenant {
  tenantId: string;
  workflowId: string;
  runId: string;
}

/** What a run created that completed with the same order. */
export interface SameCompleted {
  workflowId: string;
  tenantId: string;
  userId: string;
  /** True when the user got a mail or password, so nobody skipped that step. */
  letIn: boolean;
}

/** For runs of older versions, which do not query earlier runs. */
export const NO_EARLIER_RUNS: EarlierRuns = { known: 'none', tenants: [], parents: [] };

/** A user in a tenant. */
export interface UserRef {
  tenantId: string;
  userId: string;
}

/** What earlier runs of any key have done for a user. */
export interface EarlierForUser {
  /** One of them created the user: the answer contained the id. */
  made: boolean;
  /** One of them had the activation mail sent. */
  invited: boolean;
  /** How many more mails may have been sent, without confirmation. */
  mails: number;
  /** The limit of unconfirmed mails is reached: no more is sent, although none was confirmed. */
  unconfirmed?: boolean;
}

/** For a user that no earlier run has handled. */
export const NO_EARLIER_RUNS_FOR_USER: EarlierForUser = { made: false, invited: false, mails: 0 };
