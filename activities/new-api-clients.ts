import type { Acronis, ApiClient } from '../acronis/index.js';
import { markText, type Mark } from '../contract/mark.js';
import type { Attempt } from './attempt.js';
import { lookAgain, lookForAll } from './lost-answers.js';
import { unlessGone } from './undo.js';

export interface ClientOrigin {
  cloud: string;
  /** The clients of one order share this id. */
  originId: string;
  /** Name under which the secret of the newest client is stored. */
  secret: string;
}

export interface NewClientsSpec extends ClientOrigin {
  /** Absent in tasks of earlier versions. */
  mark?: Mark;
  /** Ids of the clients that were there before. */
  known: string[];
}

/** The new clients of this origin that this run may have made. Looks during a whole minute. */
export async function findNewClients(spec: NewClientsSpec, attempt: Attempt): Promise<ApiClient[]> {
  return await lookForAll(attempt, async () => await madeSince(attempt.acronis, spec), idOf);
}

async function madeSince({ clients }: Acronis, { originId, known, mark }: NewClientsSpec): Promise<ApiClient[]> {
  const there = await clients.list({ originId });
  return there.filter((one) => !known.includes(idOf(one)) && (carriesMark(mark)(one) || isUnmarked(one)));
}

export function carriesMark(mark: Mark | undefined) {
  return ({ data }: ApiClient) => mark !== undefined && data.tenantry_mark === markText(mark);
}

/** True for a cloud that does not store marks: nobody can say who made the client. */
export function isUnmarked({ data }: ApiClient): boolean {
  return data.tenantry_mark === null;
}

/** Removes a client; false when it was gone already. */
export async function removeClient({ clients }: Acronis, originId: string, id: string): Promise<boolean> {
  const isListed = async () => (await clients.list({ originId })).some((one) => idOf(one) === id);
  const removed = await unlessGone(async () => {
    await clients.remove(id);
    return true;
  }, isListed);
  return removed === true;
}

/** Removes a client that this run has certainly made: if it is gone, it looks during a minute, as it may be late. */
export async function removeOwnClient(attempt: Attempt, originId: string, id: string): Promise<void> {
  await lookAgain(attempt, async () => (await removeClient(attempt.acronis, originId, id)) || undefined);
}

export function idOf({ client_id }: ApiClient): string {
  return client_id;
}
