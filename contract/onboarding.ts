import type { CustomerState, CustomerStatus } from './customers.js';
import { FailureType } from './failures.js';
import { everyMilestone, milestones, type Milestone, type Milestones } from './milestones.js';
import type { Protection } from './protection.js';
import type { OperationState } from './status.js';

/** The query of a customer for its onboarding, an `Onboarding`. */
export const ONBOARDING_QUERY = 'onboarding';

/** A customer seen by its milestones. Times are ISO 8601. */
export interface Onboarding extends Pick<Partial<Protection>, 'machines' | 'token'> {
  ref: string;
  /** That of the customer; where no source has spoken of it, that of the run that onboards it. */
  state: CustomerState | OperationState;
  tenantId?: string;
  /** When each was reached; null while it is not reached, or not known. */
  milestones: Milestones;
  /** The milestones of which nothing can be said, and why. */
  unknown?: { milestone: Milestone; why: string }[];
  /** What comes next on the way; absent when nothing is missing, when that is not known, or when nothing is sold. */
  missing?: string;
  /** Since when it is missing. */
  since?: string;
  /** Who must act so that it comes; absent when that is not known. */
  whoMustAct?: 'customer' | 'operator' | 'vendor' | 'nobody';
  /** The run that brings its machines to their first good backup, or the last one. */
  run?: string;
}

/** The part of a customer's status that says how far it is. */
export type OnboardedStatus = Pick<
  CustomerStatus,
  'ref' | 'state' | 'tenantId' | 'subscriptions' | 'wanted' | 'blocked' | 'waitingFor' | 'milestones' | 'protection'
>;

const TENANT = 'the tenant';
const BEGINNING = 'the start of the protection';
const UNDATED =
  'the tenant exists; the run that created it is not known: the tenant was adopted, or the run is too old';
const UNWATCHED = 'no plan of what is sold says "protect", so nothing watches for it';

/**
 * What a customer says of its onboarding. `provisionedAt`: when its tenant was created, if the customer itself has
 * forgotten it.
 */
export function onboardingOf(status: OnboardedStatus, provisionedAt?: string): Onboarding {
  const { ref, state, tenantId, protection } = status;
  const exists = tenantId !== undefined;
  const known = everyMilestone(status.milestones);
  const reached = exists ? { ...known, provisioned: known.provisioned ?? provisionedAt ?? null } : everyMilestone();
  const unknown = exists ? unknownOf(reached, protection !== undefined) : [];
  const who = whoMustAct(status, reached);
  const { machines, token, run } = protection ?? {};
  return {
    ref,
    state,
    ...(exists && { tenantId }),
    milestones: reached,
    ...(unknown.length > 0 && { unknown }),
    ...missingOf(status, reached),
    ...(who && { whoMustAct: who }),
    ...(machines && { machines }),
    ...(token && { token }),
    ...(run && { run: run.id }),
  };
}

function unknownOf(reached: Milestones, isWatched: boolean): Onboarding['unknown'] & {} {
  const [provisioned, ...others] = milestones;
  const unwatched = isWatched ? [] : others.filter((milestone) => reached[milestone] === null);
  return [
    ...(reached.provisioned === null ? [{ milestone: provisioned, why: UNDATED }] : []),
    ...unwatched.map((milestone) => ({ milestone, why: UNWATCHED })),
  ];
}

/** The tenant, then what the run that protects its machines waits for. */
function missingOf(status: OnboardedStatus, reached: Milestones): Pick<Onboarding, 'missing' | 'since'> {
  const { tenantId, protection, wanted } = status;
  if (!wanted.exists) return {};
  if (tenantId === undefined) return { missing: TENANT, ...dated(soldSince(status)) };
  if (protection?.missing) return { missing: protection.missing.what, since: protection.missing.since };
  if (protection === undefined || reached.protected !== null) return {};
  return { missing: BEGINNING, ...dated(protection.blocked?.since ?? reached.provisioned ?? undefined) };
}

function dated(since: string | undefined): Pick<Onboarding, 'since'> {
  return since === undefined ? {} : { since };
}

function soldSince({ subscriptions }: OnboardedStatus): string | undefined {
  const [first] = subscriptions
    .filter(({ state }) => state !== 'ended')
    .map(({ since }) => since)
    .toSorted();
  return first;
}

/** Failures that only the cloud can end. */
export const ofVendor: readonly string[] = [FailureType.Unavailable, FailureType.Throttled, FailureType.Unreadable];

/** Nobody knows who is waited for once the tenant exists and no plan asks for more. */
function whoMustAct(
  { state, tenantId, blocked, waitingFor, wanted, protection }: OnboardedStatus,
  { protected: isProtected }: Milestones,
): Onboarding['whoMustAct'] {
  const stuck = blocked ?? protection?.blocked;
  if (stuck !== undefined) return ofVendor.includes(stuck.type) ? 'vendor' : 'operator';
  if (state === 'observed' || state === 'paused' || waitingFor !== undefined) return 'operator';
  if (!wanted.exists) return 'nobody';
  if (tenantId === undefined) return state === 'converging' ? 'nobody' : undefined;
  if (protection === undefined) return undefined;
  return isProtected === null || protection.missing ? (protection.missing?.whoMustAct ?? 'nobody') : 'nobody';
}
