import type { Acronis, ApiClient } from '../acronis/index.js';
import { ownership, type Mark } from '../contract/mark.js';
import type { Attempt } from './attempt.js';
import { lookAgain, lookForAll } from './lost-answers.js';
import { deleteListed } from './seen-deletions.js';
import type { SecretClaim } from './stored-secrets.js';

export interface ClientOrigin {
  cloud: string;
  /** The clients of one order share this id. */
  originId: string;
  /** Name under which the secret of the newest client is stored. */
  secret: string;
}

/** Which API client an order means. Another one of the same origin is somebody else's. */
export interface ClientName {
  /** Absent in tasks of earlier versions. */
  tenantId?: string;
  /** Absent in tasks of earlier versions. */
  name?: string;
}

export interface NewClientsSpec extends ClientOrigin, Pick<ClientName, 'tenantId'> {
  /** Absent in tasks of earlier versions. */
  mark?: Mark;
  /** Ids of the clients that were there before. */
  known: string[];
}

/** The new clients of this origin that this run may have made. Looks during a whole minute. */
export async function findNewClients(spec: NewClientsSpec, attempt: Attempt): Promise<ApiClient[]> {
  return await lookForAll(attempt, async () => await madeSince(attempt.acronis, spec), idOf);
}

async function madeSince({ clients }: Acronis, spec: NewClientsSpec): Promise<ApiClient[]> {
  const { originId, known, mark, tenantId } = spec;
  const there = (await clients.list({ originId })).filter((one) => isIn(one, tenantId));
  return there.filter((one) => !known.includes(idOf(one)) && (carriesMark(mark)(one) || isUnmarked(one)));
}

function isIn({ tenant_id }: ApiClient, tenantId: string | undefined): boolean {
  return tenantId === undefined || tenant_id === tenantId;
}

/** True for a client of this tenant with this name. */
export function isCalled({ tenantId, name }: ClientName) {
  return (one: ApiClient) => isIn(one, tenantId) && (name === undefined || one.data.client_name?.trim() === name);
}

/** True for a client that this run has made, whatever it was called then. */
export function isOwnClient({ tenantId, mark }: Pick<NewClientsSpec, 'tenantId' | 'mark'>) {
  return (one: ApiClient) => isIn(one, tenantId) && carriesMark(mark)(one);
}

/** Says what a client is called, and where it is. */
export function describeClient({ client_id, tenant_id, data }: ApiClient): string {
  return `the API client ${client_id} is ${JSON.stringify(data.client_name)} in tenant ${tenant_id}`;
}

/** The claim of a client to a name in the secret store; undefined in tasks of earlier versions. */
export function clientSecret(
  { cloud, tenantId, name, secret, mark }: ClientName & { cloud: string; secret: string; mark?: Mark },
  ids: readonly string[],
): SecretClaim | undefined {
  if (tenantId === undefined || name === undefined) return undefined;
  return { secret, owner: { kind: 'api-client', cloud, tenantId, name }, mark, ids };
}

export function carriesMark(mark: Mark | undefined) {
  return ({ data }: ApiClient) => mark !== undefined && ownership(mark, data.tenantry_mark) === 'ours';
}

/** True for a cloud that does not store marks: nobody can say who made the client. */
export function isUnmarked({ data }: ApiClient): boolean {
  return data.tenantry_mark === null;
}

/** Removes a client; false when it was gone already. */
export async function removeClient(attempt: Attempt, originId: string, id: string): Promise<boolean> {
  const { clients } = attempt.acronis;
  const isListed = async () => (await clients.list({ originId })).some((one) => idOf(one) === id);
  return await deleteListed(attempt, `API client ${id}`, { send: async () => await clients.remove(id), isListed });
}

/** Removes a client that this run has certainly made: if it is gone, it looks during a minute, as it may be late. */
export async function removeOwnClient(attempt: Attempt, originId: string, id: string): Promise<void> {
  await lookAgain(attempt, async () => (await removeClient(attempt, originId, id)) || undefined);
}

export function idOf({ client_id }: ApiClient): string {
  return client_id;
}
