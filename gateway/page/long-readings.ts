import { TenantryError } from '../../contract/errors.js';
import { orSilence } from '../api/streams/events.js';

/** Every part of a long reading ends earlier, in milliseconds. */
const LONGEST_MS = 45_000;

/**
 * Reads what many are asked for. That may take long, so it has no deadline of Temporal: others may share it, and have come
 * later. Fails as `unavailable` within seconds when Temporal is away.
 */
export async function readLong<T>(
  { reachTemporal }: { reachTemporal(): Promise<unknown> },
  read: () => Promise<T>,
): Promise<T> {
  await reachTemporal();
  const found = await orSilence(read(), LONGEST_MS);
  if (found !== 'silence') return found;
  throw new TenantryError('unavailable', `There was no answer within ${LONGEST_MS / 1000} seconds.`);
}
