import { LOOKS_EXISTING, MOVED, type CustomerStatus } from './customers.js';

/** The type of the block while a person is asked something about a customer. */
export const ASKS = 'Tenantry.Asks';
/** The reason that Temporal's list shows of a customer that waits, but not for an event or the time. */
export const NEEDS_PERSON = 'Tenantry.NeedsPerson';

/** The fields that a blocked customer asks about: a person says yes to them by `converge`. */
export function askedFields({ blocked, notDone = [] }: Pick<CustomerStatus, 'blocked' | 'notDone'>): string[] {
  if (blocked?.type !== ASKS) return [];
  const asked = notDone.filter(({ field, why }) => blocked.message.includes(`${field}: ${why}`));
  return [...new Set(asked.map(({ field }) => field))];
}

/** The tenants that may be a customer already, while a person is asked that. */
export function existingTenantIds({ waitingFor }: Pick<CustomerStatus, 'waitingFor'>): string[] {
  if (waitingFor?.startsWith(LOOKS_EXISTING) !== true) return [];
  return [...waitingFor.matchAll(/\(([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}), the same /gi)].map(([, id]) => id!);
}

/** True while a customer waits for a person, although nothing has failed. */
export function waitsForPerson({ state, waitingFor }: Pick<CustomerStatus, 'state' | 'waitingFor'>): boolean {
  return state === 'waiting' && [LOOKS_EXISTING, MOVED].some((one) => waitingFor?.startsWith(one));
}
