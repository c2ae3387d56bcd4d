import { isAcronisError, type Acronis, type ApiClient, type Login } from '../acronis/index.js';
import { FailureType } from '../workflows/shared/failures.js';
import { markText, type Mark } from '../workflows/shared/mark.js';
import type { Many, UndoOutcome } from '../workflows/shared/undos.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { refuse } from './failures.js';
import { lookAgain } from './looking-again.js';
import { safeOf } from './safe.js';
import { mayBeDone, oneAfterAnother, sending } from './sending.js';

interface Origin {
  cloud: string;
  /** By which the clients of one order are found. */
  originId: string;
  /** Name under which the secret of the newest is kept. */
  secret: string;
}

interface NewOnes extends Origin {
  /** Absent in a task that an earlier version gave out. */
  mark?: Mark;
  /** Ids of those that were there before. */
  known: string[];
}

interface ClientSpec extends NewOnes {
  tenantId: string;
  name: string;
  /** A user whose rights it shall have; ours unless given. */
  login?: { login: string; secretRef: string };
  look: boolean;
  unsure?: boolean;
}

interface Made {
  clientId: string;
  /** Clients that this run may have made as well, when nobody can tell. */
  inDoubt?: string[];
}

interface Some extends Pick<Origin, 'cloud' | 'originId'> {
  clientIds: string[];
}

export function createApiClientActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Tells which API clients of this origin there are, and which of them can be used: it is enabled and its secret is kept. Changes nothing.
     * Fails with `Acronis.Taken` when one is enabled whose secret this worker does not know, unless it is to be replaced.
     */
    findApiClients: activity(dependencies, patience.look, findApiClients),
    /**
     * Makes an API client and keeps its secret. The secret is told once: a client whose secret was lost with an answer is of no use to
     * anybody, so after a lost answer it looks for such a one, which carries the mark of this run, for a minute, and removes it once another has
     * been made.
     */
    ensureApiClient: activity(dependencies, patience.change, ensureApiClient),
    /**
     * Removes the API clients of this run: the one that the cloud has answered, and after a lost answer those that carry its mark. A new one of
     * this origin without any mark is named as a leftover. Forgets the secret. Safe to repeat.
     */
    removeApiClients: activity(dependencies, patience.undo, removeApiClients),
    /** Disables API clients: they get no more tokens. One that is gone is none. Tells which it has disabled. Safe to repeat. */
    disableApiClients: activity(dependencies, patience.change, disableApiClients),
    /** Lets API clients that this run has disabled work again. Safe to repeat. */
    enableApiClients: activity(dependencies, patience.undo, enableApiClients),
  };
}

async function findApiClients(
  { originId, secret, rotate }: Origin & { rotate: boolean },
  attempt: Attempt,
): Promise<Found<{ known: string[]; enabled: string[]; usable?: string }>> {
  const clients = await attempt.acronis.clients.list({ originId });
  const enabled = clients.filter(({ status }) => status !== 'disabled').sort(byAge);
  const result = { known: clients.map(idOf), enabled: enabled.map(idOf) };
  const newest = result.enabled.at(-1);
  if (rotate || newest === undefined) return { result };
  if ((await safeOf(attempt.safe).get(secret)) !== undefined) return { result: { ...result, usable: newest } };
  throw refuse(
    FailureType.Taken,
    `name: the API client ${newest} is there already, and its secret is not kept here as ${secret}; "rotate": true puts another in its place`,
  );
}

async function ensureApiClient(spec: ClientSpec, attempt: Attempt): Promise<Found<Made>> {
  const { acronis } = attempt;
  const safe = safeOf(attempt.safe);
  const lost = mayBeDone(spec, attempt) ? await allMadeSince(spec, attempt) : [];
  const { tenantId, name, originId, login, mark } = spec;
  const as = login && { login: login.login, password: await attempt.secret(login.secretRef) };
  const data = { client_name: name, ...(mark && { tenantry_mark: markText(mark) }) };
  const fields = { tenant_id: tenantId, data, origin_id: originId };
  const { client_id, client_secret } = await sending(attempt, async () => create(acronis, fields, as));
  await safe.put(spec.secret, client_secret);
  for (const one of lost.filter(isOf(mark))) await remove(acronis, originId, idOf(one));
  const inDoubt = lost.filter(isUnmarked).map(idOf);
  return { result: { clientId: client_id, ...(inDoubt.length > 0 ? { inDoubt } : {}) } };
}

async function create({ clients }: Acronis, fields: Parameters<Acronis['clients']['create']>[0], login?: Login) {
  try {
    return await clients.create(fields, login);
  } catch (error) {
    if (login === undefined || !isAcronisError(error) || error.kind !== 'forbidden' || error.facts.status !== 401)
      throw error;
    throw refuse(
      FailureType.Forbidden,
      `login: the cloud refuses ${login.login}: the password is wrong, or the account demands a second factor; then make the client in the console`,
    );
  }
}

/**
 * The clients of this origin that were not there before and that this run may have made. Looks for a whole minute: several may have been made,
 * and not all be listed yet.
 */
async function allMadeSince(spec: NewOnes, attempt: Attempt): Promise<ApiClient[]> {
  const made = new Map<string, ApiClient>();
  await lookAgain(attempt, async () => {
    for (const one of await madeSince(attempt.acronis, spec)) made.set(idOf(one), one);
    return undefined;
  });
  return [...made.values()];
}

async function madeSince({ clients }: Acronis, { originId, known, mark }: NewOnes): Promise<ApiClient[]> {
  const there = await clients.list({ originId });
  return there.filter((one) => !known.includes(idOf(one)) && (isOf(mark)(one) || isUnmarked(one)));
}

function isOf(mark: Mark | undefined) {
  return ({ data }: ApiClient) => mark !== undefined && data.tenantry_mark === markText(mark);
}

/** A cloud that does not keep marks cannot tell whose it is. */
function isUnmarked({ data }: ApiClient): boolean {
  return data.tenantry_mark === null;
}

async function removeApiClients(
  spec: NewOnes & { came?: Made | null; doubted?: boolean; unsure: boolean },
  attempt: Attempt,
): Promise<Found<UndoOutcome>> {
  const { acronis, memory, remember } = attempt;
  const { came, doubted = spec.unsure } = spec;
  const made = doubted ? await allMadeSince(spec, attempt) : [];
  const marked = made.filter(isOf(spec.mark)).map(idOf);
  for (const id of new Set([...(came ? [came.clientId] : []), ...marked])) {
    memory.removing = true;
    remember();
    await remove(acronis, spec.originId, id);
  }
  if (came || memory.removing === true) await safeOf(attempt.safe).remove(spec.secret);
  const reason = 'this run or somebody else has made it; delete it unless somebody knows it';
  const inDoubt = made.filter((one) => isUnmarked(one) && idOf(one) !== came?.clientId).map(idOf);
  const leftovers = inDoubt.map((id) => ({ kind: 'api-client' as const, id, reason }));
  return { result: { undone: memory.removing === true, leftovers } };
}

async function disableApiClients(spec: Some, attempt: Attempt): Promise<Found<Many>> {
  const { acronis } = attempt;
  const enabled = await those(acronis, spec, 'enabled');
  const ids = await oneAfterAnother(
    attempt,
    enabled.map((id) => [id]),
    async ([id]) => void (await acronis.clients.update(id!, { status: 'disabled' })),
  );
  return { result: { ids } };
}

async function enableApiClients(
  { came, doubted, ...spec }: Some & { came?: Many | null; doubted?: boolean; unsure: boolean },
  { acronis, memory, remember }: Attempt,
): Promise<Found<UndoOutcome>> {
  const { unsure, clientIds } = spec;
  const ours = (doubted ?? unsure) ? clientIds : (came?.ids ?? []);
  for (const id of await those(acronis, { ...spec, clientIds: ours }, 'disabled')) {
    memory.removing = true;
    remember();
    await acronis.clients.update(id, { status: 'enabled' });
  }
  return { result: { undone: memory.removing === true, leftovers: [] } };
}

/** Of some clients the ids of those that there are, in this status. */
async function those({ clients }: Acronis, { originId, clientIds }: Some, status: string): Promise<string[]> {
  const there = await clients.list({ originId });
  return there.filter((one) => one.status === status && clientIds.includes(one.client_id)).map(idOf);
}

/** What is "not found" and listed all the same is out of sight, not gone. */
async function remove({ clients }: Acronis, originId: string, id: string): Promise<void> {
  try {
    await clients.remove(id);
  } catch (error) {
    const gone = isAcronisError(error) && error.kind === 'not-found';
    if (!gone || (await clients.list({ originId })).some(({ client_id }) => client_id === id)) throw error;
  }
}

function idOf({ client_id }: ApiClient): string {
  return client_id;
}

function byAge(one: ApiClient, other: ApiClient): number {
  return (one.created_at ?? '').localeCompare(other.created_at ?? '');
}
