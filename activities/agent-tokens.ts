import { isNotFound, unlessNotFound, type Acronis, type RegistrationToken } from '../acronis/index.js';
import type { Mark } from '../contract/mark.js';
import { activity } from './activity.js';
import { earlierTries } from './attempt.js';
import type { ActivityDependencies, Attempt, Outcome, StepTries, TenantSpec } from './attempt.js';
import { checkIsNew, lookAgainIf, lookForAll, lookForLost, othersThan, unlessNone } from './lost-answers.js';
import { deleteListed } from './seen-deletions.js';
import { keepSecret, readOwnSecret, requireSecretStore, type SecretClaim } from './stored-secrets.js';
import { hasLifetime, hidesLifetime, ownLifetime } from './token-lifetime.js';
import { isSameScopes, isUsable, type ReuseSpec, type UsableToken } from './usable-tokens.js';
import { beginUndo, hasBegun, type AnsweredStep, type UndoResult } from './undo.js';

interface KeptToken extends TenantSpec {
  /** Absent in tasks of earlier versions. */
  mark?: Mark;
  /** Name of the secret under which the token is stored. */
  secret: string;
  /** The user for whose machines the token is. */
  login?: string;
}

interface OrderedToken {
  scopes: string[];
  expiresInSeconds: number;
}

interface FindSpec extends TenantSpec, Partial<Omit<KeptToken, keyof TenantSpec>> {
  /** What this run may have issued before it was reset; absent in a run that was not. */
  afterReset?: OrderedToken;
  /** Absent in a run that issues a token in any case. */
  reuse?: ReuseSpec;
}

interface TokenSpec extends KeptToken, OrderedToken {
  /** Ids of the tokens that were there before. */
  known: string[];
}

type Likeness = OrderedToken & Pick<TokenSpec, 'mark' | 'known'>;

interface Issued {
  tokenId: string;
  expiresAt: string | null;
  /** Ids of other tokens that this run may have issued. */
  inDoubt?: string[];
}

export function createAgentTokenActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Reads the ids of the tokens of the tenant that were there before this run. Changes nothing. After a reset, a token
     * that this run may have issued does not count as there before. With `reuse` it also gives the stored token, where that
     * is still good. Fails with `Tenantry.Secret` when the name of the
     * secret is somebody else's.
     */
    findAgentTokens: activity.look(dependencies, findAgentTokens),
    /**
     * Issues a token with which agents register, and keeps it in the secret store; the result has only its id. After a
     * lost answer it looks during a minute for a new token with exactly the lifetime that this run uses. It issues
     * another when there is none, or more than one, and then looks for a minute more: a token that is listed only now is
     * named.
     */
    issueAgentToken: activity.change(dependencies, issueAgentToken),
    /**
     * Revokes the tokens of this run and removes its secret: the token in the cloud's answer, and after a lost answer
     * the only new token with the lifetime of this run. Other tokens that may be this run's are named as leftovers.
     * Safe to repeat.
     */
    revokeAgentToken: activity.undo(dependencies, revokeAgentToken),
  };
}

async function findAgentTokens(
  spec: FindSpec,
  attempt: Attempt,
): Promise<Outcome<{ known: string[]; usable?: UsableToken | undefined }>> {
  const { tenantId, secret, afterReset, reuse } = spec;
  const listed = await attempt.acronis.registrationTokens.list(tenantId);
  const tokens = afterReset ? listed.filter((one) => !isAlike(one, { ...spec, ...afterReset, known: [] })) : listed;
  const stored = secret === undefined ? undefined : await readOwnSecret(attempt, tokenSecret({ ...spec, secret }));
  const usable =
    stored &&
    reuse &&
    tokens.find((one) => one.token === stored.value && isUsable(one, { ...reuse, now: attempt.now }));
  const found = usable && { usable: { tokenId: usable.id, expiresAt: usable.expires_at } };
  return { result: { known: tokens.map(({ id }) => id), ...found } };
}

function tokenSecret({ cloud, tenantId, login, secret, mark }: KeptToken): SecretClaim {
  const owner = { kind: 'agent-token', cloud, tenantId, ...(login !== undefined && { name: login }) } as const;
  return { secret, owner, mark, ids: [] };
}

async function issueAgentToken(
  spec: TokenSpec & StepTries & { look: boolean },
  attempt: Attempt,
): Promise<Outcome<Issued>> {
  const { registrationTokens } = attempt.acronis;
  const claim = tokenSecret(spec);
  await readOwnSecret(attempt, claim);
  const tries = earlierTries(spec, attempt);
  const alike = tries === 'maybeDone' ? await lookForLost(attempt, spec, () => alikeIn(spec, attempt), idOf) : [];
  const lost = isCertain(alike, spec) ? alike[0] : undefined;
  const fields = { scopes: spec.scopes, expires_in: lifetimeOf(spec) };
  const issued = lost ?? (await registrationTokens.create(spec.tenantId, fields));
  checkIsNew(issued.id, spec.known, {
    operation: 'registrationTokens.create',
    route: 'POST /tenants/{id}/registration_tokens',
  });
  const { id, token, expires_at } = issued;
  await keepSecret(attempt, claim, id, token);
  const again = tries === 'maybeDone' && lost === undefined;
  const late = again ? await lookForAll(attempt, () => alikeIn(spec, attempt), idOf) : [];
  const inDoubt = again ? othersThan(id, [...alike, ...late].map(idOf)) : [];
  return {
    result: { tokenId: id, expiresAt: expires_at, ...(inDoubt.length > 0 && { inDoubt }) },
    adopted: lost !== undefined,
    changed: true,
  };
}

/** New tokens that look like those of this run. */
async function alikeIn(spec: TokenSpec, { acronis }: Attempt): Promise<RegistrationToken[]> {
  const tokens = await acronis.registrationTokens.list(spec.tenantId);
  return tokens.filter((one) => isAlike(one, spec));
}

function isAlike(token: RegistrationToken, spec: Likeness): boolean {
  if (spec.known.includes(token.id) || !isSameScopes(token.scopes, spec.scopes)) return false;
  return hidesLifetime(token) || hasLifetime(token, lifetimeOf(spec));
}

function lifetimeOf({ mark, expiresInSeconds }: Pick<Likeness, 'mark' | 'expiresInSeconds'>): number {
  return ownLifetime(mark, expiresInSeconds) ?? expiresInSeconds;
}

/** True when there is only one such token, and its lifetime shows that this run issued it. */
function isCertain([only, ...others]: readonly RegistrationToken[], spec: TokenSpec): boolean {
  const lifetime = ownLifetime(spec.mark, spec.expiresInSeconds);
  return only !== undefined && others.length === 0 && lifetime !== null && hasLifetime(only, lifetime);
}

interface TokensToRevoke extends TokenSpec, AnsweredStep<Issued> {
  /** Ids of the tokens that this run has issued before; absent when it issues only one. */
  earlier?: readonly string[];
}

async function revokeAgentToken(spec: TokensToRevoke, attempt: Attempt): Promise<UndoResult> {
  const { memory } = attempt;
  const store = requireSecretStore(attempt);
  const candidates = await issuedBy(spec, attempt);
  const alike = candidates.filter(({ id }) => !isKnownOwn(id, spec));
  const inDoubt = isCertain(alike, spec) ? [] : alike.map(idOf);
  const kept = await store.read(spec.secret);
  for (const { id, token } of candidates.filter((one) => !inDoubt.includes(one.id))) {
    beginUndo(attempt);
    await revoke(attempt, spec.tenantId, id);
    if (kept?.value === token) await store.remove(spec.secret);
  }
  const unlisted = unlistedOwn(candidates, spec, attempt);
  if (unlisted !== undefined && (await revokeUnlisted(attempt, spec.tenantId, unlisted))) {
    beginUndo(attempt);
    if (kept?.origin?.id === unlisted) await store.remove(spec.secret);
  }
  const reason = 'this run or somebody else has issued it; revoke it unless somebody knows it';
  const leftovers = inDoubt.map((id) => ({ kind: 'agent-token' as const, id, reason }));
  const expired = memory.seen === true && candidates.length === 0;
  return { result: { undone: hasBegun(attempt) || expired, leftovers } };
}

/** The token that this run has issued, and after a lost answer those that it may have issued. */
async function issuedBy(spec: TokensToRevoke, attempt: Attempt): Promise<RegistrationToken[]> {
  const { doubted = spec.unsure } = spec;
  const look = async () => {
    const tokens = await tokensLeft(attempt.acronis, spec.tenantId);
    const issued = tokens.filter((one) => isKnownOwn(one.id, spec) || (doubted && isAlike(one, spec)));
    if (isCertain(issued, spec)) attempt.memory.seen = true;
    return issued;
  };
  if (doubted) return await lookForAll(attempt, look, idOf);
  return (await lookAgainIf(spec.unsure, attempt, async () => unlessNone(await look()))) ?? [];
}

/** True for a token of which the cloud has answered that this run issued it. */
function isKnownOwn(id: string, { came, earlier = [] }: TokensToRevoke): boolean {
  return id === came?.tokenId || earlier.includes(id);
}

/** The id of the token that the cloud has given this run, where no list shows it and it is still valid. */
function unlistedOwn(
  listed: readonly RegistrationToken[],
  { came }: TokensToRevoke,
  { now }: Attempt,
): string | undefined {
  if (!came || listed.some(({ id }) => id === came.tokenId)) return undefined;
  return came.expiresAt === null || Date.parse(came.expiresAt) > now() ? came.tokenId : undefined;
}

/** A list can be late for longer than the undo looks. False when there is no such token. */
async function revokeUnlisted(attempt: Attempt, tenantId: string, tokenId: string): Promise<boolean> {
  const send = async () => await attempt.acronis.registrationTokens.remove(tokenId);
  const isListed = async () => (await tokensLeft(attempt.acronis, tenantId)).some(({ id }) => id === tokenId);
  return await deleteListed(attempt, `agent token ${tokenId}`, { send, isListed });
}

/** None when the tenant is deleted: its tokens went with it. */
async function tokensLeft({ registrationTokens, tenants }: Acronis, tenantId: string): Promise<RegistrationToken[]> {
  try {
    return await registrationTokens.list(tenantId);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const tenant = await unlessNotFound(async () => await tenants.get(tenantId, { allowDeleted: true }));
    if (tenant?.deleted_at) return [];
    throw error;
  }
}

function idOf({ id }: RegistrationToken): string {
  return id;
}

async function revoke(attempt: Attempt, tenantId: string, tokenId: string): Promise<void> {
  const { registrationTokens } = attempt.acronis;
  const isListed = async () => (await registrationTokens.list(tenantId)).some(({ id }) => id === tokenId);
  const send = async () => await registrationTokens.remove(tokenId);
  await deleteListed(attempt, `agent token ${tokenId}`, { send, isListed });
}
