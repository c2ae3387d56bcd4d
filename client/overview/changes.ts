import type { BrakeDecision } from '../../contract/brake.js';
import type { Decision } from '../../contract/decisions.js';
import type { KnownCustomer, KnownStatus } from './known-customer.js';

/** Who or what has caused something. */
export type Cause =
  | { kind: 'person'; name: string; verified: boolean }
  | { kind: 'customer'; ref?: string; id: string; lastEvent?: { source: string; id: string; type: string; at: string } }
  | { kind: 'run'; id: string };

/** What was done: a run began or ended, or a person has said something to a run, a customer or the brake. */
export const changeKinds = ['run', 'decision', 'request', 'brake'] as const;

export interface Change {
  /** ISO 8601. */
  at: string;
  kind: (typeof changeKinds)[number];
  /** The operation, or what was said. */
  what: string;
  /** How the run is, or has ended. */
  state?: string;
  ref?: string;
  cloud?: string;
  tenantId?: string;
  run?: string;
  /** Absent when nobody has recorded it. */
  by?: Cause;
  why?: string;
}

/** A run that was open in the time that is asked about. */
export interface RecentRun {
  id: string;
  runId: string;
  operation: string;
  state: string;
  reason?: string | undefined;
  tenantId?: string | undefined;
  externalRef?: string | undefined;
  startedAt: string;
  closedAt?: string | undefined;
  /** The workflow id of the run that has started it. */
  parent?: string | undefined;
  /** Who has started it, as that program has written down. */
  startedBy?: string | undefined;
  /** What people have decided; absent where nobody could say. */
  decisions?: readonly Decision[] | undefined;
}

export interface ChangeFacts {
  runs: readonly RecentRun[];
  customers: readonly KnownCustomer[];
  brakes: readonly { cloud: string; decisions: readonly BrakeDecision[] }[];
}

/** What was done since a time (ISO 8601), newest first; in the same order at each call. */
export function changesOf({ runs, customers, brakes }: ChangeFacts, since: string): Change[] {
  const byId = new Map(customers.map(({ id, status }) => [id, status]));
  const all = [
    ...runs.flatMap((run) => ofRun(run, byId)),
    ...customers.flatMap(({ status }) => ofPeople(status)),
    ...brakes.flatMap(({ cloud, decisions }) => decisions.map((one) => ofBrake(one, cloud))),
  ];
  return all.filter(({ at }) => at >= since).toSorted(inOrder);
}

function ofRun(run: RecentRun, customers: ReadonlyMap<string, KnownStatus>): Change[] {
  const { id, operation, state, reason, tenantId, externalRef, startedAt, closedAt, parent, decisions = [] } = run;
  const owner = customers.get(parent ?? '');
  const ref = owner?.ref ?? externalRef;
  const about = {
    ...(ref !== undefined && { ref }),
    ...(owner && { cloud: owner.cloud }),
    ...(tenantId !== undefined && { tenantId }),
    run: id,
  };
  const by = causeOf(run, owner);
  return [
    {
      at: closedAt ?? startedAt,
      kind: 'run',
      what: operation,
      state,
      ...about,
      ...(by && { by }),
      ...(reason !== undefined && { why: reason }),
    },
    ...decisions.map(({ at, choice, actor, verified, reason: why }): Change => {
      return { at, kind: 'decision', what: choice, ...about, by: { kind: 'person', name: actor, verified }, why };
    }),
  ];
}

function causeOf({ parent, startedBy, startedAt }: RecentRun, owner: KnownStatus | undefined): Cause | undefined {
  if (parent === undefined)
    return startedBy === undefined ? undefined : { kind: 'person', name: startedBy, verified: false };
  if (!parent.startsWith('customer:')) return { kind: 'run', id: parent };
  const event = owner?.events.findLast(({ at, outcome }) => at <= startedAt && causes.has(outcome));
  const lastEvent = event && { source: event.source, id: event.id, type: event.type, at: event.at };
  return { kind: 'customer', id: parent, ...(owner && { ref: owner.ref }), ...(lastEvent && { lastEvent }) };
}

/** Events that have said something new. */
const causes: ReadonlySet<string> = new Set(['applied', 'recorded']);

function ofPeople({ ref, cloud, tenantId, requests = [] }: KnownStatus): Change[] {
  return requests.map(({ at, request, actor, verified = false, reason }) => ({
    at,
    kind: 'request',
    what: request,
    ref,
    cloud,
    ...(tenantId !== undefined && { tenantId }),
    by: { kind: 'person', name: actor, verified },
    why: reason,
  }));
}

function ofBrake({ at, choice, actor, verified, reason, answered }: BrakeDecision, cloud: string): Change {
  const what = answered === 0 ? choice : `${choice} of ${answered}`;
  return { at, kind: 'brake', what, cloud, by: { kind: 'person', name: actor, verified }, why: reason };
}

/** Newest first; of the same moment, by what is done and where. */
function inOrder(one: Change, other: Change): number {
  const [a, b] = [placeOf(one), placeOf(other)];
  return a < b ? 1 : a > b ? -1 : 0;
}

/** Where a change stands in the list. */
export function placeOf({ at, kind, what, run = '', ref = '' }: Change): string {
  return [at, kind, what, run, ref].join(' ');
}

/** True for what `placeOf` answers. */
export function isPlace(text: string): boolean {
  const [at, kind] = text.split(' ');
  return !Number.isNaN(Date.parse(at!)) && (changeKinds as readonly (string | undefined)[]).includes(kind);
}
