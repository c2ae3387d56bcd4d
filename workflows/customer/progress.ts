import type { Child } from '../../contract/children.js';
import type {
  CustomerStart,
  ExistingTenant,
  FoundTenant,
  Halt,
  IntendedOperation,
  NotDone,
} from '../../contract/customers.js';
import type { AcceptedRequest, NamedAdministrator } from '../../contract/customer-requests.js';
import type { CustomerRun } from '../../contract/customer-runs.js';
import type { AskedIntent } from '../brake/gate.js';
import { firstMomentIn } from './act-between.js';
import { withoutOldQuotas, type Falls } from './falls.js';
import { identityAsFound } from './identity.js';
import type { AppliedTenant, Situation } from './intention.js';
import type { CustomerOnboarding } from './onboarding.js';
import type { Trouble } from './troubles.js';
import type { WantedCustomer } from './wanted.js';

/** What a customer has done for its tenant, and what people have asked of it. Plain JSON. */
export interface Progress {
  /** False while it only observes. */
  acts: boolean;
  /** A rollout has ended the observation: it limits how many customers get their first tenant at a time. */
  isRolledOut?: true;
  /** A rollout acts for it now: no person waits for its runs one by one. */
  isBulk?: true;
  /** The tenant, with what was wanted when each of its fields was last applied. */
  tenant?: AppliedTenant;
  /** The tenant as the cloud has shown it, and when. */
  seen?: { at: string; tenant: FoundTenant };
  /** A run that was to disable the tenant did not complete, so nobody knows whether the tenant is enabled. */
  mayBeDisabled?: true;
  /** The tenant after its deletion. */
  gone?: { tenant: AppliedTenant; isRestorable: boolean };
  /** A person has released the tenant: nothing is created until another one is adopted, or a person says so. */
  released?: true;
  /** Whom a person has named as the administrator of the tenant that is to be created. */
  administrator?: NamedAdministrator;
  /** What a person has said yes to, by field. */
  agreed: Record<string, string>;
  paused?: Halt;
  held?: Halt;
  current?: CurrentRun;
  /** One for each operation. */
  troubles: Trouble[];
  /** Quotas that the tenant's use does not allow, by field. */
  setAside: Record<string, SetAside>;
  /** Absent before there is a tenant, and in runs of older releases. */
  falls?: Falls;
  /** How far the tenant is on the way to being protected; absent before anything is known of it. */
  onboarding?: CustomerOnboarding;
  /** Tenants that may be this customer already, and the creation that waits for that. */
  existing?: { tenants: ExistingTenant[]; intended: IntendedOperation };
  runs: CustomerRun[];
  /** What people have asked, the newest, newest last. */
  requests?: AcceptedRequest[];
}

/** What a request changes. It is done at once, whatever has come while the customer looked. */
export type Change = (progress: Progress) => Progress;

/** What the next run of the workflow gets. */
export interface SavedProgress extends Progress {
  children: Child[];
  /** What the brake was asked. */
  intents: AskedIntent[];
  /** Of a run that knew one trouble only. */
  trouble?: Trouble;
}

/** The run that this customer has started, or waits for. */
export interface CurrentRun {
  id: string;
  intended: IntendedOperation;
  /** True for somebody else's run with the same id that does something else. */
  isOther?: true;
  /** True once it was asked to stop, because it was overtaken. */
  isCancelled?: true;
  /** Why its sources do not confirm that it may delete the tenant, and since when. */
  doubt?: { why: string; since: string };
}

/** A quota below what is used. It is tried again at the time, or when another quota is wanted. */
export interface SetAside extends NotDone {
  wanted: string;
  /** Absent once it is time. */
  retryAt?: string;
  /** A person has said yes to it. */
  isAgreed?: true;
}

/** With the tenant as it is now, if somebody has looked. */
export function withSeen(progress: Progress, tenant: FoundTenant | undefined): Progress {
  if (tenant === undefined) return progress;
  const known = progress.tenant?.identity === undefined && progress.tenant && { identity: identityAsFound(tenant) };
  return {
    ...progress,
    ...(known && { tenant: { ...progress.tenant!, ...known } }),
    seen: { at: new Date().toISOString(), tenant },
  };
}

/** What comes later, a person may wait for. */
export function withoutBulk({ isBulk: _isBulk, ...progress }: Progress): Progress {
  return progress;
}

/** A creation waits for a person, unless one has said meanwhile that a new tenant is created. */
export function withExisting(progress: Progress, existing: NonNullable<Progress['existing']>): Progress {
  return progress.agreed['create'] === undefined ? { ...progress, existing } : progress;
}

const MOST_RUNS = 50;

export const noProgress = (): Progress => ({
  acts: false,
  troubles: [],
  agreed: {},
  setAside: {},
  runs: [],
});

const MOST_REQUESTS = 20;
const LONGEST = { actor: 200, reason: 1000 };

/** With what a person has asked. A long text is cut: the history has the whole of it. */
export function withRequest(progress: Progress, asked: AcceptedRequest, before: readonly AcceptedRequest[]): Progress {
  const kept = { ...asked, actor: asked.actor.slice(0, LONGEST.actor), reason: asked.reason.slice(0, LONGEST.reason) };
  return { ...progress, requests: [...before, kept].slice(-MOST_REQUESTS) };
}

export function withRun(runs: readonly CustomerRun[], run: CustomerRun): CustomerRun[] {
  return [...runs, run].slice(-MOST_RUNS);
}

/** What the next operation of a customer follows from. */
export function situationOf(
  { ref, cloud }: CustomerStart,
  { tenant, mayBeDisabled, gone, released, administrator, agreed, setAside, falls, current, troubles }: Progress,
  wanted: WantedCustomer,
): Situation {
  const isTakingAway = current !== undefined && takesAway.has(current.intended.operation);
  return {
    ref,
    ...(cloud !== undefined && { cloud }),
    wanted,
    ...(tenant && { applied: tenant }),
    ...((mayBeDisabled || isTakingAway) && { mayBeDisabled: true }),
    ...(gone && { gone }),
    ...(released && { released }),
    ...(administrator && { administrator }),
    ...(falls && { falls }),
    agreed,
    setAside: setAsideFields(setAside, ({ retryAt }) => retryAt !== undefined),
    retried: setAsideFields(setAside, ({ retryAt }) => retryAt === undefined),
    stuck: troubles.map(({ intended }) => intended),
  };
}

function setAsideFields(setAside: Progress['setAside'], isMeant: (one: SetAside) => boolean): Record<string, string> {
  const entries = Object.entries(setAside).filter(([, one]) => isMeant(one));
  return Object.fromEntries(entries.map(([field, { wanted }]) => [field, wanted]));
}

/** When halts end and something is tried again. Milliseconds of the epoch. */
export function momentsIn({ paused, held, troubles, setAside }: Progress): number[] {
  const retries = [...troubles, ...Object.values(setAside)].map(({ retryAt }) => retryAt);
  return [paused?.until, held?.until, ...retries].flatMap((time) => (time === undefined ? [] : Date.parse(time)));
}

/** Without what has ended by time alone. */
export function withoutPast({ paused, held, troubles, setAside, falls, ...rest }: Progress, now: number): Progress {
  const isPast = (time: string | undefined) => time !== undefined && Date.parse(time) <= now;
  return {
    ...rest,
    troubles: troubles.filter(({ retryAt }) => !isPast(retryAt)),
    setAside: Object.fromEntries(
      Object.entries(setAside).map(([field, { retryAt, ...one }]) => [
        field,
        { ...one, ...(retryAt !== undefined && !isPast(retryAt) && { retryAt }) },
      ]),
    ),
    ...(falls && { falls: withoutOldQuotas(falls, now) }),
    ...(paused && !isPast(paused.until) && { paused }),
    ...(held && !isPast(held.until) && { held }),
  };
}

/** Whether a person has stopped it at this time. */
export function isHalted(halt: Halt | undefined, now: number): boolean {
  return halt !== undefined && (halt.until === undefined || Date.parse(halt.until) > now);
}

export const takesAway: ReadonlySet<string> = new Set(['disableTenant', 'offboardCustomer']);

/**
 * When an operation may begin, milliseconds of the epoch: one that takes something away waits for holds, windows, and the
 * word of a person on whose a subscription is.
 */
export function mayBeginAt(
  { held }: Progress,
  { operation, wanted, now }: { operation: string; wanted: WantedCustomer; now: number },
): number {
  if (!takesAway.has(operation)) return now;
  if (wanted.isOwnerOpen) return Infinity;
  if (isHalted(held, now)) return held?.until === undefined ? Infinity : Date.parse(held.until);
  return firstMomentIn(wanted.windows, now);
}
