import type { CustomerStatus } from '../../contract/customers.js';
import { REPEATED_FOR_MS, type CustomerMemory } from './memory.js';
import { isDone } from './status.js';
import { isPatched } from './patches.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** How long a customer whose tenant is gone stays as a record: a year of sales, and some time to ask about it. */
const KEPT_MS = 400 * DAY_MS;

/** Customers of older releases stay for ever. */
const ENDS_AFTER_RETENTION = 'customer-ends-after-retention';

/** Remembers since when the customer is only a record; forgets it once it is more again. */
export function withRest(memory: CustomerMemory, status: CustomerStatus, now: number): CustomerMemory {
  const { recordSince, ...rest } = memory;
  const isOnlyRecord = isRecord(status) && isPatched(ENDS_AFTER_RETENTION);
  if (isOnlyRecord === (recordSince !== undefined)) return memory;
  return isOnlyRecord ? { ...rest, recordSince: new Date(now).toISOString() } : rest;
}

/** True for a customer whose tenant is gone, with nothing sold, open or to come. */
function isRecord(status: CustomerStatus): boolean {
  const { state, wanted, next, held } = status;
  return state === 'ended' && isDone(status) && !wanted.exists && next === undefined && held === undefined;
}

/**
 * When a record ends: its time is over, and no event that it remembers is repeated any more. In milliseconds of the epoch;
 * never, for a customer that is more than a record.
 */
export function endOfRecord({ recordSince, seen }: CustomerMemory): number {
  if (recordSince === undefined) return Infinity;
  const lastEvent = Object.values(seen).reduce((latest, at) => Math.max(latest, Date.parse(at)), 0);
  return Math.max(Date.parse(recordSince) + KEPT_MS, lastEvent + REPEATED_FOR_MS);
}
