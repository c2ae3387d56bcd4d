import type { CustomerState, CustomerStatus } from './customers.js';
import { FailureType } from './failures.js';

/** The way from sold to protected, in order. */
export const milestones = ['provisioned', 'activated', 'agentOnline', 'planApplied', 'protected'] as const;
export type Milestone = (typeof milestones)[number];

/** A customer seen by its milestones. Times are ISO 8601. */
export interface Onboarding {
  ref: string;
  /** That of the customer. */
  state: CustomerState;
  tenantId?: string;
  /** When each was reached; null while it is not reached, or not known. */
  milestones: Record<Milestone, string | null>;
  /** The milestones of which nothing can be said, and why. */
  unknown?: { milestone: Milestone; why: string }[];
  /** What comes next on the way; absent when that is not known, or when nothing is sold. */
  missing?: string;
  /** Since when it is missing. */
  since?: string;
  /** Who must act so that it comes; absent when that is not known. */
  whoMustAct?: 'operator' | 'vendor' | 'nobody';
}

const TENANT = 'the tenant';
const UNDATED =
  'the tenant exists; the run that created it is not known: the tenant was adopted, or the run is too old';
const UNWATCHED = 'nothing watches for this yet';

/** What a customer says of its onboarding. `provisionedAt`: when its tenant was created, as far as that is known. */
export function onboardingOf(status: CustomerStatus, provisionedAt?: string): Onboarding {
  const { ref, state, tenantId } = status;
  const exists = tenantId !== undefined;
  const provisioned = exists ? (provisionedAt ?? null) : null;
  const unknown = exists ? unknownOf(provisionedAt) : [];
  const since = soldSince(status);
  const who = whoMustAct(status);
  return {
    ref,
    state,
    ...(exists && { tenantId }),
    milestones: { provisioned, activated: null, agentOnline: null, planApplied: null, protected: null },
    ...(unknown.length > 0 && { unknown }),
    ...(!exists && status.wanted.exists && { missing: TENANT, ...(since !== undefined && { since }) }),
    ...(who && { whoMustAct: who }),
  };
}

function unknownOf(provisionedAt: string | undefined): Onboarding['unknown'] & {} {
  const unwatched = milestones.slice(1).map((milestone) => ({ milestone, why: UNWATCHED }));
  return [...(provisionedAt === undefined ? [{ milestone: milestones[0], why: UNDATED }] : []), ...unwatched];
}

function soldSince({ subscriptions }: CustomerStatus): string | undefined {
  const [first] = subscriptions
    .filter(({ state }) => state !== 'ended')
    .map(({ since }) => since)
    .toSorted();
  return first;
}

/** Failures that only the cloud can end. */
const ofVendor: readonly string[] = [FailureType.Unavailable, FailureType.Throttled, FailureType.Unreadable];

/** Nobody knows who is waited for once the tenant exists and all is as sold. */
function whoMustAct({ state, tenantId, blocked, waitingFor, wanted }: CustomerStatus): Onboarding['whoMustAct'] {
  if (blocked !== undefined) return ofVendor.includes(blocked.type) ? 'vendor' : 'operator';
  if (state === 'observed' || state === 'paused' || waitingFor !== undefined) return 'operator';
  const goesOn = state === 'converging' && tenantId === undefined;
  return goesOn || !wanted.exists ? 'nobody' : undefined;
}
