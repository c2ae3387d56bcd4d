import { isAcronisError, type Acronis, type ApiClient, type Login } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import { markText, type Mark } from '../contract/mark.js';
import type { ManyEffects } from '../contract/steps.js';
import { activity } from './activity.js';
import { earlierTries, type ActivityDependencies, type Attempt, type Outcome, type StepTries } from './attempt.js';
import { changeInBatches, changedIds } from './batches.js';
import { refuse } from './failures.js';
import { checkIsNew, othersThan } from './lost-answers.js';
import {
  type ClientName,
  type ClientOrigin,
  type NewClientsSpec,
  carriesMark,
  clientSecret,
  describeClient,
  findNewClients,
  idOf,
  isCalled,
  isOwnClient,
  isUnmarked,
  removeClient,
  removeOwnClient,
} from './new-api-clients.js';
import { claimSetAside } from './secrets.js';
import { isStoredBy, keepSecret, readOwnSecret, requireSecretStore } from './stored-secrets.js';
import { beginUndo, hasBegun, outcomeSoFar, PERHAPS_BY_OTHERS, type AnsweredStep, type UndoResult } from './undo.js';

interface ClientSpec extends NewClientsSpec, StepTries {
  tenantId: string;
  name: string;
  /** The user whose rights the client gets; the API client's own unless given. */
  login?: { login: string; secretRef: string };
  /** Ids of the clients that this one replaces. Absent in tasks of earlier versions. */
  replaced?: string[];
}

interface FindSpec extends ClientOrigin, ClientName {
  rotate: boolean;
  /** Absent in tasks of earlier versions. */
  mark?: Mark;
}

interface FoundClients {
  /** Ids of all clients of this origin, without those that this run has made. */
  known: string[];
  /** Ids of those that are this order's, and enabled. */
  enabled: string[];
  /** Id of the client whose secret is stored. */
  usable?: string;
}

interface Made {
  clientId: string;
  /** Ids of other clients that this run may have made. */
  inDoubt?: string[];
}

interface SwitchSpec extends Pick<ClientOrigin, 'cloud' | 'originId'>, ClientName {
  clientIds: string[];
}

export function createApiClientActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Finds the API clients of this origin, and which one can be used: it is enabled and its secret is stored. Changes
     * nothing. Fails with `Acronis.Taken` when one is enabled whose secret this worker does not know, unless the order
     * replaces it, or when one is enabled that is in another tenant or has another name. Fails with `Tenantry.Secret`
     * when the name of the secret is somebody else's.
     */
    findApiClients: activity.look(dependencies, findApiClients),
    /**
     * Makes an API client and stores its secret. The cloud shows the secret only once, so a client whose creation was
     * not answered is useless. After a lost answer it makes another, and then removes the useless one, which it finds
     * by the mark of this run during the minutes before and after. After a reset it keeps the client of this run whose secret is stored.
     */
    ensureApiClient: activity.change(dependencies, ensureApiClient),
    /**
     * Removes the API clients of this run: the one in the cloud's answer, and after a lost answer those that carry its
     * mark. A new client of this origin without any mark is named as a leftover. Removes the secret that this run has
     * stored. Safe to repeat.
     */
    removeApiClients: activity.undo(dependencies, removeApiClients),
    /**
     * Disables API clients, so that they get no tokens. Ignores those that are gone. Fails with `Acronis.Taken`, and
     * disables none, when one is called otherwise by now. Safe to repeat.
     */
    disableApiClients: activity.change(dependencies, disableApiClients),
    /** Enables the API clients that this run has disabled; names one that is called otherwise by now. Safe to repeat. */
    enableApiClients: activity.undo(dependencies, enableApiClients),
  };
}

async function findApiClients(spec: FindSpec, attempt: Attempt): Promise<Outcome<FoundClients>> {
  const clients = (await attempt.acronis.clients.list({ originId: spec.originId })).sort(byAge);
  const isOwn = isOwnClient(spec);
  const others = clients.filter((one) => !isOwn(one));
  const enabled = others.filter(isEnabled);
  refuseOthers(enabled, spec);
  const result = { known: others.map(idOf), enabled: enabled.map(idOf) };
  const claim = clientSecret(spec, result.enabled);
  const store = requireSecretStore(attempt);
  const stored = claim ? await readOwnSecret(attempt, claim) : await store.read(spec.secret);
  if (spec.rotate) {
    if (claim) await readOwnSecret(attempt, claimSetAside(claim));
    return { result };
  }
  const ids = clients.filter(isEnabled).map(idOf);
  const usable = stored?.origin ? ids.find((id) => id === stored.origin?.id) : stored && ids.at(-1);
  if (usable !== undefined) return { result: { ...result, usable } };
  if (enabled.length === 0) return { result };
  throw refuse(
    FailureType.Taken,
    `name: the API client ${result.enabled.at(-1)} is there already, and its secret is not kept here as ${spec.secret}; "rotate": true puts another in its place`,
  );
}

function refuseOthers(enabled: readonly ApiClient[], spec: FindSpec): void {
  const other = enabled.find((one) => !isCalled(spec)(one));
  if (other === undefined) return;
  throw refuse(
    FailureType.Taken,
    `name: ${describeClient(other)}, and this order, which has the same key, is for ${JSON.stringify(spec.name)} in tenant ${spec.tenantId}; give the order an externalRef of its own, or disable that client in the console if nobody needs it, then retry`,
  );
}

async function ensureApiClient(spec: ClientSpec, attempt: Attempt): Promise<Outcome<Made>> {
  const { acronis } = attempt;
  const claim = clientSecret(spec, spec.replaced ?? [])!;
  const stored = await readOwnSecret(attempt, claim);
  const again = earlierTries(spec, attempt) === 'maybeDone';
  const lost = again ? await findNewClients(spec, attempt) : [];
  const { tenantId, name, originId, login, mark } = spec;
  const isOwn = carriesMark(mark);
  const kept = lost.find((one) => isOwn(one) && isEnabled(one) && idOf(one) === stored?.origin?.id);
  const clientId = kept ? idOf(kept) : await makeClient();
  const late = again && kept === undefined ? await findNewClients(spec, attempt) : [];
  const useless = othersThan(clientId, [...lost, ...late].filter(isOwn).map(idOf));
  for (const id of useless) await removeClient(attempt, originId, id);
  const inDoubt = othersThan(clientId, [...lost, ...late].filter(isUnmarked).map(idOf));
  const result = { clientId, ...(inDoubt.length > 0 ? { inDoubt } : {}) };
  return { result, adopted: kept !== undefined, changed: true };

  async function makeClient(): Promise<string> {
    const as = login && { login: login.login, password: await attempt.secret(login.secretRef) };
    const data = { client_name: name, ...(mark && { tenantry_mark: markText(mark) }) };
    const fields = { tenant_id: tenantId, data, origin_id: originId };
    const { client_id, client_secret } = await create(acronis, fields, as);
    checkIsNew(client_id, spec.known, { operation: 'clients.create', route: 'POST /clients' });
    await keepSecret(attempt, claim, client_id, client_secret);
    return client_id;
  }
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
  const { came, doubted = spec.unsure } = spec;
  const made = doubted ? await findNewClients(spec, attempt) : [];
  const marked = made.filter(carriesMark(spec.mark)).map(idOf);
  const begun = hasBegun(attempt);
  for (const id of new Set([...(came ? [came.clientId] : []), ...marked])) {
    beginUndo(attempt);
    if (begun) await removeClient(attempt, spec.originId, id);
    else await removeOwnClient(attempt, spec.originId, id);
  }
  if (came || hasBegun(attempt)) await removeOwnSecret(spec, attempt);
  const reason = 'this run or somebody else has made it; delete it unless somebody knows it';
  const inDoubt = made.filter((one) => isUnmarked(one) && idOf(one) !== came?.clientId).map(idOf);
  const leftovers = inDoubt.map((id) => ({ kind: 'api-client' as const, id, reason }));
  return { result: outcomeSoFar(attempt, leftovers) };
}

async function removeOwnSecret({ secret, mark }: NewClientsSpec, attempt: Attempt): Promise<void> {
  const store = requireSecretStore(attempt);
  if (isStoredBy(mark, await store.read(secret))) await store.remove(secret);
}

async function disableApiClients(spec: SwitchSpec, attempt: Attempt): Promise<Outcome<ManyEffects>> {
  const { acronis } = attempt;
  const enabled = await withStatus(acronis, spec, 'enabled');
  const other = enabled.find((one) => !isCalled(spec)(one));
  if (other !== undefined)
    throw refuse(
      FailureType.Taken,
      `${describeClient(other)} by now, no longer ${JSON.stringify(spec.name)} in tenant ${spec.tenantId}, so it stays enabled; name it so again, or disable it in the console, then retry`,
    );
  const result = await changeInBatches(
    attempt,
    enabled.map((one) => [idOf(one)]),
    async ([id]) => void (await acronis.clients.update(id!, { status: 'disabled' })),
  );
  return { result };
}

async function enableApiClients(spec: SwitchSpec & AnsweredStep<ManyEffects>, attempt: Attempt): Promise<UndoResult> {
  const { acronis } = attempt;
  const { ours, doubtful } = changedIds(spec, spec.clientIds);
  const clientIds = [...ours, ...doubtful];
  const disabled = await withStatus(acronis, { ...spec, clientIds }, 'disabled');
  const isDoubtful = (one: ApiClient) => doubtful.includes(idOf(one));
  const isOurs = (one: ApiClient) => isCalled(spec)(one) && !isDoubtful(one);
  const whyLeft = (one: ApiClient) =>
    isDoubtful(one)
      ? `it is disabled: ${PERHAPS_BY_OTHERS}`
      : `this run has disabled it, and ${describeClient(one)} by now; enable it if it is still needed`;
  const leftovers = disabled
    .filter((one) => !isOurs(one))
    .map((one) => ({ kind: 'api-client' as const, id: idOf(one), reason: whyLeft(one) }));
  for (const one of disabled.filter(isOurs)) {
    beginUndo(attempt);
    await acronis.clients.update(idOf(one), { status: 'enabled' });
  }
  return { result: outcomeSoFar(attempt, leftovers) };
}

/** Those of the clients that have this status. */
async function withStatus(
  { clients }: Acronis,
  { originId, clientIds }: SwitchSpec,
  status: string,
): Promise<ApiClient[]> {
  const there = await clients.list({ originId });
  return there.filter((one) => one.status === status && clientIds.includes(idOf(one)));
}

function isEnabled({ status }: ApiClient): boolean {
  return status !== 'disabled';
}

function byAge(one: ApiClient, other: ApiClient): number {
  return (one.created_at ?? '').localeCompare(other.created_at ?? '');
}
