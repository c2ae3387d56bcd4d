import { isAcronisError, type Acronis, type ApiClient, type Login } from '../acronis/index.js';
import { FailureType } from '../workflows/shared/failures.js';
import type { UndoOutcome } from '../workflows/shared/undos.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { refuse } from './failures.js';
import { lookAgain } from './looking-again.js';
import { safeOf } from './safe.js';

interface Origin {
  cloud: string;
  /** By which the clients of one order are found. */
  originId: string;
  /** Name under which the secret of the newest is kept. */
  secret: string;
}

interface NewOnes extends Origin {
  /** Ids of those that were there before. */
  known: string[];
}

interface ClientSpec extends NewOnes {
  tenantId: string;
  name: string;
  /** A user whose rights it shall have; ours unless given. */
  login?: { login: string; secretRef: string };
  look: boolean;
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
     * anybody, so any try but the first looks for such a one, for a minute, and removes it once another has been made.
     */
    ensureApiClient: activity(dependencies, patience.change, ensureApiClient),
    /** Removes every API client of this origin that was not there before, and forgets its secret. Safe to repeat. */
    removeApiClients: activity(dependencies, patience.undo, removeApiClients),
    /** Disables API clients: they get no more tokens. One that is gone is none. Safe to repeat. */
    disableApiClients: activity(dependencies, patience.change, async (spec: Some, { acronis }) => {
      for (const id of await those(acronis, spec, 'enabled')) await acronis.clients.update(id, { status: 'disabled' });
      return { result: null };
    }),
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

async function ensureApiClient(spec: ClientSpec, attempt: Attempt): Promise<Found<{ clientId: string }>> {
  const { acronis, first } = attempt;
  const safe = safeOf(attempt.safe);
  const lost = spec.look || !first ? await allMadeSince(spec, attempt) : [];
  const { tenantId, name, originId, login } = spec;
  const as = login && { login: login.login, password: await attempt.secret(login.secretRef) };
  const fields = { tenant_id: tenantId, data: { client_name: name }, origin_id: originId };
  const { client_id, client_secret } = await create(acronis, fields, as);
  await safe.put(spec.secret, client_secret);
  for (const id of lost) await remove(acronis, originId, id);
  return { result: { clientId: client_id } };
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

/** The clients of this origin that were not there before. Looks for a whole minute: several may have been made, and not all be listed yet. */
async function allMadeSince(spec: NewOnes, attempt: Attempt): Promise<string[]> {
  const made = new Set<string>();
  await lookAgain(attempt, async () => {
    for (const id of await madeSince(attempt.acronis, spec)) made.add(id);
    return undefined;
  });
  return [...made];
}

async function madeSince({ clients }: Acronis, { originId, known }: NewOnes): Promise<string[]> {
  return (await clients.list({ originId })).map(idOf).filter((id) => !known.includes(id));
}

async function removeApiClients(spec: NewOnes & { unsure: boolean }, attempt: Attempt): Promise<Found<UndoOutcome>> {
  const { acronis, memory, remember } = attempt;
  const made = spec.unsure ? await allMadeSince(spec, attempt) : await madeSince(acronis, spec);
  if (made.length > 0) {
    memory.removing = true;
    remember();
  }
  for (const id of made) await remove(acronis, spec.originId, id);
  if (memory.removing === true) await safeOf(attempt.safe).remove(spec.secret);
  return { result: { undone: memory.removing === true, leftovers: [] } };
}

async function enableApiClients(
  spec: Some & { unsure: boolean },
  { acronis, memory, remember }: Attempt,
): Promise<Found<UndoOutcome>> {
  for (const id of await those(acronis, spec, 'disabled')) {
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
