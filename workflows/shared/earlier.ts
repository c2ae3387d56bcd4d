import { patientLooks } from './activity-options.js';
import { untilAnswered } from './forsaken.js';
import type { Mark } from './mark.js';
import type { Teller } from './run.js';

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
  /** What the newest one has made, where it completed with the very order of this run. */
  same?: SameCompleted;
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

/** Asks Temporal for earlier runs of a key, unless the answer came ahead. That counts once: it is of the input as it was then. */
export async function askTemporal(
  spec: EarlierSpec,
  ahead: { earlier?: EarlierRuns | undefined },
): Promise<EarlierRuns> {
  const { earlier } = ahead;
  ahead.earlier = undefined;
  if (earlier !== undefined) return earlier;
  return await untilAnswered(() => patientLooks.earlierRuns(spec));
}

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

/** Asks Temporal what earlier runs have done for a user. */
export async function askTemporalAbout(user: UserRef): Promise<EarlierForUser> {
  return await untilAnswered(() => patientLooks.earlierForUser(user));
}

interface Other {
  cloud: string;
  mark: Mark;
  kind: 'customer' | 'partner';
  parentTenantId: string | undefined;
}

/** What is known of earlier runs. Fails with `Different` when one completed with another order and its tenant is still there. */
export async function withSameOrder(
  run: Pick<Teller, 'look'>,
  earlier: EarlierRuns,
  { cloud, mark, kind, parentTenantId }: Other,
): Promise<EarlierRuns> {
  const { completed, tenants, parents } = earlier;
  if (completed !== undefined)
    await run.look(
      'checkSameOrder',
      { cloud, mark, kind, parentTenantId, tenants, parents, completed },
      { summary: `Is what ${completed.workflowId} made still there?` },
    );
  return earlier;
}
