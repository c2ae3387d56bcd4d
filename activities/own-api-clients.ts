import { isAcronisError, type Acronis, type ApiClient } from '../acronis/index.js';
import { markText, type Mark } from '../contract/mark.js';
import type { Attempt } from './attempt.js';
import { lookAgain, lookForAll } from './looking-again.js';

export interface Origin {
  cloud: string;
  /** By which the clients of one order are found. */
  originId: string;
  /** Name under which the secret of the newest is kept. */
  secret: string;
}

export interface NewOnes extends Origin {
  /** Absent in a task that an earlier version gave out. */
  mark?: Mark;
  /** Ids of those that were there before. */
  known: string[];
}

/** The clients of this origin that were not there before and that this run may have made. Looks for a whole minute. */
export async function allMadeSince(spec: NewOnes, attempt: Attempt): Promise<ApiClient[]> {
  return await lookForAll(attempt, async () => await madeSince(attempt.acronis, spec), idOf);
}

async function madeSince({ clients }: Acronis, { originId, known, mark }: NewOnes): Promise<ApiClient[]> {
  const there = await clients.list({ originId });
  return there.filter((one) => !known.includes(idOf(one)) && (isOf(mark)(one) || isUnmarked(one)));
}

export function isOf(mark: Mark | undefined) {
  return ({ data }: ApiClient) => mark !== undefined && data.tenantry_mark === markText(mark);
}

/** A cloud that does not keep marks cannot tell whose it is. */
export function isUnmarked({ data }: ApiClient): boolean {
  return data.tenantry_mark === null;
}

/** False when it is gone already. What is "not found" and listed all the same is out of sight, not gone. */
export async function remove({ clients }: Acronis, originId: string, id: string): Promise<boolean> {
  try {
    await clients.remove(id);
    return true;
  } catch (error) {
    const gone = isAcronisError(error) && error.kind === 'not-found';
    if (!gone || (await clients.list({ originId })).some(({ client_id }) => client_id === id)) throw error;
    return false;
  }
}

/** Removes one that this run has made for sure: what is neither found nor listed may only be late, so it looks again for a minute. */
export async function removeOwn(attempt: Attempt, originId: string, id: string): Promise<void> {
  await lookAgain(attempt, async () => (await remove(attempt.acronis, originId, id)) || undefined);
}

export function idOf({ client_id }: ApiClient): string {
  return client_id;
}
