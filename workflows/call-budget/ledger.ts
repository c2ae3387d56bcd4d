import {
  LEASE_MS,
  type CallBudgetStatus,
  type GrantedLease,
  type LeaseAsk,
  type WorkerShare,
} from '../../contract/call-budget.js';
import { divide } from './divide.js';

/** What a budget takes along when it continues as new. Plain JSON; times are milliseconds since 1970. */
export interface BudgetMemory {
  version: 1;
  /** In the order in which they first asked. */
  holders: Holder[];
}

/** A worker with demand. It is forgotten when its last lease lapses. */
export interface Holder extends Pick<LeaseAsk, 'worker' | 'callsPerSecond' | 'urgent' | 'bulk'> {
  /**
   * The leases that the worker may be using, the newest last. It uses an earlier one until it has heard of the newest;
   * so the largest counts.
   */
  leases: HeldLease[];
}

export interface HeldLease {
  nth: number;
  rate: number;
  until: number;
}

/** More workers than this get no lease: what continues as new must stay small. */
const MOST_HOLDERS = 500;

export const emptyMemory = (): BudgetMemory => ({ version: 1, holders: [] });

/** What the run before has left, or nothing: anybody may start a workflow with anything. */
export function memoryFrom(carried: BudgetMemory | null | undefined): BudgetMemory {
  return carried?.version === 1 ? { ...emptyMemory(), ...carried } : emptyMemory();
}

/** A worker asks. It gets its share at once, as far as others do not still hold it. */
export function ask(memory: BudgetMemory, question: LeaseAsk, now: number): BudgetMemory {
  const { worker, nth, uses, urgent, bulk, callsPerSecond } = question;
  const live = withoutLapsed(memory, now);
  const before = live.holders.find((one) => one.worker === worker);
  // Temporal may deliver an ask twice
  if (before !== undefined && nth <= before.leases.at(-1)!.nth) return live;
  const others = live.holders.filter((one) => one !== before);
  if (urgent + bulk === 0 || (before === undefined && others.length >= MOST_HOLDERS))
    return { ...live, holders: others };
  const held = (before?.leases ?? []).filter((one) => one.nth >= uses);
  const self: Holder = { worker, callsPerSecond, urgent, bulk, leases: held };
  const holders = before === undefined ? [...others, self] : live.holders.map((one) => (one === before ? self : one));
  const free = budgetOf(holders) - sum(others.map(heldBy));
  const rate = rounded(Math.min(shareOf(holders, worker), free));
  const lease: HeldLease = { nth, rate, until: now + LEASE_MS };
  return {
    ...live,
    holders: holders.map((one) => (one === self ? { ...self, leases: [...held, lease] } : one)),
  };
}

/** The newest lease of a worker; null when it has none. */
export function leaseOf({ holders }: BudgetMemory, worker: string): GrantedLease | null {
  const lease = holders.find((one) => one.worker === worker)?.leases.at(-1);
  if (lease === undefined) return null;
  return { nth: lease.nth, callsPerSecond: lease.rate, share: shareOf(holders, worker) };
}

/** What people read of a budget. */
export function statusOf(cloud: string, memory: BudgetMemory, now: number): CallBudgetStatus {
  const { holders } = withoutLapsed(memory, now);
  return {
    cloud,
    ...(holders.length > 0 && { callsPerSecond: budgetOf(holders) }),
    workers: holders.map((one): WorkerShare => {
      const { worker, urgent, bulk } = one;
      const until = new Date(lapsesAt(one)).toISOString();
      return { worker, callsPerSecond: heldBy(one), urgent, bulk, until };
    }),
  };
}

/**
 * Without the leases that have lapsed by now, and the workers that have no other. The server's clock may be set back: then
 * the lease of a dead worker would last for ever, so none lasts longer than a new one.
 */
export function withoutLapsed(memory: BudgetMemory, now: number): BudgetMemory {
  const latest = now + LEASE_MS;
  const holders = memory.holders.map((one) => {
    const live = one.leases.filter(({ until }) => until > now);
    return { ...one, leases: live.map((lease) => ({ ...lease, until: Math.min(lease.until, latest) })) };
  });
  return { ...memory, holders: holders.filter(({ leases }) => leases.length > 0) };
}

/** What a worker may be using. */
export function heldBy({ leases }: Pick<Holder, 'leases'>): number {
  return Math.max(0, ...leases.map(({ rate }) => rate));
}

function lapsesAt({ leases }: Holder): number {
  return Math.max(...leases.map(({ until }) => until));
}

function budgetOf(holders: readonly Holder[]): number {
  return Math.min(...holders.map(({ callsPerSecond }) => callsPerSecond));
}

function shareOf(holders: readonly Holder[], worker: string): number {
  const shares = divide(budgetOf(holders), holders);
  return rounded(shares[holders.findIndex((one) => one.worker === worker)] ?? 0);
}

/** Without what floating-point numbers add and lose: a millionth of a call per second is nothing. */
function rounded(rate: number): number {
  return Math.max(0, Math.floor(rate * 1e6 + 1e-3) / 1e6);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
