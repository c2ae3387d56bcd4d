import { isAcronisError, type Acronis, type ApiClient, type Login } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import { markText } from '../contract/mark.js';
import type { ManyEffects, UndoOutcome } from '../contract/steps.js';
import { activity, mayBeDone, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { refuse } from './failures.js';
import { changedOf, oneAfterAnother } from './many.js';
import { checkNew } from './new-things.js';
import {
  type NewOnes,
  type Origin,
  allMadeSince,
  idOf,
  isOf,
  isUnmarked,
  remove,
  removeOwn,
} from './own-api-clients.js';
import { safeOf } from './safe.js';

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
  const { client_id, client_secret } = await create(acronis, fields, as);
  checkNew(client_id, spec.known, { operation: 'clients.create', route: 'POST /clients' });
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

async function removeApiClients(
  spec: NewOnes & { came?: Made | null; doubted?: boolean; unsure: boolean },
  attempt: Attempt,
): Promise<Found<UndoOutcome>> {
  const { acronis, memory, remember } = attempt;
  const { came, doubted = spec.unsure } = spec;
  const made = doubted ? await allMadeSince(spec, attempt) : [];
  const marked = made.filter(isOf(spec.mark)).map(idOf);
  const begun = memory.removing === true;
  for (const id of new Set([...(came ? [came.clientId] : []), ...marked])) {
    memory.removing = true;
    remember();
    if (begun) await remove(acronis, spec.originId, id);
    else await removeOwn(attempt, spec.originId, id);
  }
  if (came || memory.removing === true) await safeOf(attempt.safe).remove(spec.secret);
  const reason = 'this run or somebody else has made it; delete it unless somebody knows it';
  const inDoubt = made.filter((one) => isUnmarked(one) && idOf(one) !== came?.clientId).map(idOf);
  const leftovers = inDoubt.map((id) => ({ kind: 'api-client' as const, id, reason }));
  return { result: { undone: memory.removing === true, leftovers } };
}

async function disableApiClients(spec: Some, attempt: Attempt): Promise<Found<ManyEffects>> {
  const { acronis } = attempt;
  const enabled = await those(acronis, spec, 'enabled');
  const result = await oneAfterAnother(
    attempt,
    enabled.map((id) => [id]),
    async ([id]) => void (await acronis.clients.update(id!, { status: 'disabled' })),
  );
  return { result };
}

async function enableApiClients(
  spec: Some & { came?: ManyEffects | null; doubted?: boolean; unsure: boolean },
  { acronis, memory, remember }: Attempt,
): Promise<Found<UndoOutcome>> {
  const clientIds = [...changedOf(spec, spec.clientIds)];
  for (const id of await those(acronis, { ...spec, clientIds }, 'disabled')) {
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

function byAge(one: ApiClient, other: ApiClient): number {
  return (one.created_at ?? '').localeCompare(other.created_at ?? '');
}
