import type { Child } from '../../contract/children.js';
import type { CustomerBlocked } from '../../contract/customer-runs.js';
import { FailureType } from '../../contract/failures.js';
import { isSameId } from '../../contract/ids.js';
import type { Milestone } from '../../contract/milestones.js';
import type { Protection } from '../../contract/protection.js';
import { hasEnded } from '../../contract/status.js';
import type { WantedProtection } from './wanted-protection.js';

/** How far a tenant is on the way from sold to protected. Plain JSON: the next run of the workflow gets it. */
export interface CustomerOnboarding {
  version: 1;
  tenantId: string;
  /** When each was reached first. ISO 8601. */
  milestones: Partial<Record<Milestone, string>>;
  /** What the newest run that protects the tenant has said last. */
  heard?: Omit<Protection, 'milestones'>;
  /** The open run that protects the tenant. */
  run?: ProtectionRun;
  /** What the newest completed run has achieved: the same is not started again. */
  done?: WantedProtection;
  /** Why no run is started now. */
  trouble?: ProtectionTrouble;
}

export interface ProtectionRun {
  id: string;
  /** Whose machines it protects: the customer may have another tenant by now. */
  tenantId: string;
  wanted: WantedProtection;
  /** True for somebody else's run with the same id that does something else. */
  isOther?: true;
  /** True once it was asked to stop. */
  isCancelled?: true;
}

export interface ProtectionTrouble extends CustomerBlocked {
  wanted: WantedProtection;
  /** When it is tried again by itself; absent when a person must act first. */
  retryAt?: string;
}

/** Milestones of another tenant do not count. A run for it may still be open. */
export function onboardingFor(tenantId: string, before: CustomerOnboarding | undefined): CustomerOnboarding {
  if (before !== undefined && isSameId(before.tenantId, tenantId)) return before;
  return { version: 1, tenantId, milestones: {}, ...(before?.run && { run: before.run }) };
}

/** When a tenant was created for the customer. */
export function provisionedAt(
  tenantId: string,
  before: CustomerOnboarding | undefined,
  time: string,
): CustomerOnboarding {
  const onboarding = onboardingFor(tenantId, before);
  return { ...onboarding, milestones: { provisioned: time, ...onboarding.milestones } };
}

/** With what its run says, and without the run once it has ended or nobody knows it any more. */
export function afterNews(onboarding: CustomerOnboarding, child: Child | undefined, now: number): CustomerOnboarding {
  const { run, ...before } = onboarding;
  if (run === undefined) return onboarding;
  if (child === undefined) return before;
  const { status } = child;
  const isOfTenant = isSameId(run.tenantId, before.tenantId);
  const heard = isOfTenant && status.protection ? withProtection(before, status.protection, run) : before;
  if (!hasEnded(status)) return { ...heard, run };
  if (!isOfTenant || run.isOther) return heard;
  if (status.state === 'completed') return { ...heard, done: run.wanted };
  return run.isCancelled ? heard : { ...heard, trouble: troubleAfter(child, run, now) };
}

function withProtection(
  before: CustomerOnboarding,
  { milestones, ...heard }: Protection,
  { isOther }: ProtectionRun,
): CustomerOnboarding {
  const { protected: good, ...others } = milestones;
  // a run with another order may have been about fewer machines
  const reached = { ...others, ...(good !== undefined && !isOther && { protected: good }) };
  return { ...before, milestones: { ...reached, ...before.milestones }, heard };
}

function troubleAfter({ status }: Child, { id, wanted }: ProtectionRun, now: number): ProtectionTrouble {
  const { reason } = status as { reason?: { type: string; message: string } };
  const { type = FailureType.Internal, message = `it ended as ${status.state}` } = reason ?? {};
  return { type, message, since: new Date(now).toISOString(), run: id, wanted };
}

/** What did not work is tried again. */
export function withoutTrouble({ trouble: _trouble, ...onboarding }: CustomerOnboarding): CustomerOnboarding {
  return onboarding;
}

/** True when what was achieved is enough: the template is the same, and no more machines are expected. */
export function isEnough(done: WantedProtection | undefined, wanted: WantedProtection): boolean {
  return done?.template === wanted.template && done.agents >= wanted.agents;
}
