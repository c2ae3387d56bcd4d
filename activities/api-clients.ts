import { isAcronisError, type Acronis, type ApiClient, type Login } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import { markText } from '../contract/mark.js';
import type { ManyEffects } from '../contract/steps.js';
import { activity } from './activity.js';
import { earlierTries, type ActivityDependencies, type Attempt, type Outcome, type StepTries } from './attempt.js';
import { changeInBatches, changedIds } from './batches.js';
import { refuse } from './failures.js';
import { checkIsNew } from './lost-answers.js';
import { carriesMark, findNewClients, idOf, isUnmarked, removeClient, removeOwnClient } from './new-api-clients.js';
import type { ClientOrigin, NewClientsSpec } from './new-api-clients.js';
import { requireSecretStore } from './secrets.js';
import { beginUndo, hasBegun, outcomeSoFar, takeBack, type AnsweredStep, type UndoResult } from './undo.js';

interface ClientSpec extends NewClientsSpec, StepTries {
  tenantId: string;
  name: string;
  /** The user whose rights the client gets; the API client's own unless given. */
  login?: { login: string; secretRef: string };
}

interface Made {
  clientId: string;
  /** Ids of other clients that this run may have made. */
  inDoubt?: string[];
}

interface SwitchSpec extends Pick<ClientOrigin, 'cloud' | 'originId'> {
  clientIds: string[];
}

export function createApiClientActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Finds the API clients of this origin, and which one can be used: it is enabled and its secret is stored. Changes
     * nothing. Fails with `Acronis.Taken` when one is enabled whose secret this worker does not know, unless the order
     * replaces it.
     */
    findApiClients: activity.look(dependencies, findApiClients),
    /**
     * Makes an API client and stores its secret. The cloud shows the secret only once, so a client whose creation was
     * not answered is useless. After a lost answer it makes another, and then removes the useless one, which it finds
     * by the mark of this run during a minute.
     */
    ensureApiClient: activity.change(dependencies, ensureApiClient),
    /**
     * Removes the API clients of this run: the one in the cloud's answer, and after a lost answer those that carry its
     * mark. A new client of this origin without any mark is named as a leftover. Removes the secret. Safe to repeat.
     */
    removeApiClients: activity.undo(dependencies, removeApiClients),
    /** Disables API clients, so that they get no tokens. Ignores those that are gone. Safe to repeat. */
    disableApiClients: activity.change(dependencies, disableApiClients),
    /** Enables the API clients that this run has disabled. Safe to repeat. */
    enableApiClients: activity.undo(dependencies, enableApiClients),
  };
}

async function findApiClients(
  { originId, secret, rotate }: ClientOrigin & { rotate: boolean },
  attempt: Attempt,
): Promise<Outcome<{ known: string[]; enabled: string[]; usable?: string }>> {
  const clients = await attempt.acronis.clients.list({ originId });
  const enabled = clients.filter(({ status }) => status !== 'disabled').sort(byAge);
  const result = { known: clients.map(idOf), enabled: enabled.map(idOf) };
  const newest = result.enabled.at(-1);
  if (rotate || newest === undefined) return { result };
  if ((await requireSecretStore(attempt).get(secret)) !== undefined) return { result: { ...result, usable: newest } };
  throw refuse(
    FailureType.Taken,
    `name: the API client ${newest} is there already, and its secret is not kept here as ${secret}; "rotate": true puts another in its place`,
  );
}

async function ensureApiClient(spec: ClientSpec, attempt: Attempt): Promise<Outcome<Made>> {
  const { acronis } = attempt;
  const store = requireSecretStore(attempt);
  const lost = earlierTries(spec, attempt) === 'maybeDone' ? await findNewClients(spec, attempt) : [];
  const { tenantId, name, originId, login, mark } = spec;
  const as = login && { login: login.login, password: await attempt.secret(login.secretRef) };
  const data = { client_name: name, ...(mark && { tenantry_mark: markText(mark) }) };
  const fields = { tenant_id: tenantId, data, origin_id: originId };
  const { client_id, client_secret } = await create(acronis, fields, as);
  checkIsNew(client_id, spec.known, { operation: 'clients.create', route: 'POST /clients' });
  await store.put(spec.secret, client_secret);
  for (const one of lost.filter(carriesMark(mark))) await removeClient(acronis, originId, idOf(one));
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

async function removeApiClients(spec: NewClientsSpec & AnsweredStep<Made>, attempt: Attempt): Promise<UndoResult> {
  const { acronis } = attempt;
  const { came, doubted = spec.unsure } = spec;
  const made = doubted ? await findNewClients(spec, attempt) : [];
  const marked = made.filter(carriesMark(spec.mark)).map(idOf);
  const begun = hasBegun(attempt);
  for (const id of new Set([...(came ? [came.clientId] : []), ...marked])) {
    beginUndo(attempt);
    if (begun) await removeClient(acronis, spec.originId, id);
    else await removeOwnClient(attempt, spec.originId, id);
  }
  if (came || hasBegun(attempt)) await requireSecretStore(attempt).remove(spec.secret);
  const reason = 'this run or somebody else has made it; delete it unless somebody knows it';
  const inDoubt = made.filter((one) => isUnmarked(one) && idOf(one) !== came?.clientId).map(idOf);
  const leftovers = inDoubt.map((id) => ({ kind: 'api-client' as const, id, reason }));
  return { result: outcomeSoFar(attempt, leftovers) };
}

async function disableApiClients(spec: SwitchSpec, attempt: Attempt): Promise<Outcome<ManyEffects>> {
  const { acronis } = attempt;
  const enabled = await idsWithStatus(acronis, spec, 'enabled');
  const result = await changeInBatches(
    attempt,
    enabled.map((id) => [id]),
    async ([id]) => void (await acronis.clients.update(id!, { status: 'disabled' })),
  );
  return { result };
}

async function enableApiClients(spec: SwitchSpec & AnsweredStep<ManyEffects>, attempt: Attempt): Promise<UndoResult> {
  const { acronis } = attempt;
  const clientIds = [...changedIds(spec, spec.clientIds)];
  return await takeBack(attempt, {
    mayBeLate: false,
    async find() {
      const disabled = await idsWithStatus(acronis, { ...spec, clientIds }, 'disabled');
      return disabled.length > 0 ? disabled : undefined;
    },
    async act(disabled) {
      for (const id of disabled) await acronis.clients.update(id, { status: 'enabled' });
    },
  });
}

/** The ids of the clients that have this status. */
async function idsWithStatus(
  { clients }: Acronis,
  { originId, clientIds }: SwitchSpec,
  status: string,
): Promise<string[]> {
  const there = await clients.list({ originId });
  return there.filter((one) => one.status === status && clientIds.includes(one.client_id)).map(idOf);
}

function byAge(one: ApiClient, other: ApiClient): number {
  return (one.created_at ?? '').localeCompare(other.created_at ?? '');
}
