import { isAcronisError, type Acronis, type RegistrationToken } from '../acronis/index.js';
import type { Mark } from '../contract/mark.js';
import type { UndoOutcome } from '../contract/steps.js';
import { activity, mayBeDone, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { lookAgain, lookForAll, lookForLost } from './looking-again.js';
import { checkNew } from './new-things.js';
import { safeOf } from './safe.js';
import { lives, livesUnknown, ownLife } from './token-life.js';

interface Place {
  cloud: string;
  tenantId: string;
}

interface TokenSpec extends Place {
  /** Absent in a task that an earlier version gave out. */
  mark?: Mark;
  scopes: string[];
  expiresInSeconds: number;
  /** Name under which the token is kept. */
  secret: string;
  /** Ids of the tokens that were there before. */
  known: string[];
}

interface Issued {
  tokenId: string;
  expiresAt: string | null;
  /** Tokens that this run may have issued as well, when nobody can tell. */
  inDoubt?: string[];
}

export function createAgentTokenActivities(dependencies: ActivityDependencies) {
  return {
    /** Tells the ids of the tokens that the tenant has. Changes nothing. */
    findAgentTokens: activity(dependencies, patience.look, findAgentTokens),
    /**
     * Issues a token by which agents register, and keeps it in the secret store; only its id goes on. After a lost answer it looks for a minute
     * for the only new token that lives exactly as long as those of this run do, and issues another where there is none, or more than one; after
     * several lost answers it looks for the whole minute, because each of them may have made one.
     */
    issueAgentToken: activity(dependencies, patience.change, issueAgentToken),
    /**
     * Makes the token of this run useless, and forgets it: the one that the cloud has answered, and after a lost answer the only new one that
     * lives as long. Others that could be this run's are named as leftovers. Safe to repeat.
     */
    revokeAgentToken: activity(dependencies, patience.undo, revokeAgentToken),
  };
}

async function findAgentTokens({ tenantId }: Place, { acronis }: Attempt): Promise<Found<{ known: string[] }>> {
  const tokens = await acronis.registrationTokens.list(tenantId);
  return { result: { known: tokens.map(({ id }) => id) } };
}

async function issueAgentToken(
  spec: TokenSpec & { look: boolean; unsure?: boolean },
  attempt: Attempt,
): Promise<Found<Issued>> {
  const { registrationTokens } = attempt.acronis;
  const safe = safeOf(attempt.safe);
  const alike = mayBeDone(spec, attempt) ? await lookForLost(attempt, spec, () => alikeIn(spec, attempt), idOf) : [];
  const lost = isCertain(alike, spec) ? alike[0] : undefined;
  const fields = { scopes: spec.scopes, expires_in: lifeOf(spec) };
  const issued = lost ?? (await registrationTokens.create(spec.tenantId, fields));
  checkNew(issued.id, spec.known, {
    operation: 'registrationTokens.create',
    route: 'POST /tenants/{id}/registration_tokens',
  });
  const { id, token, expires_at } = issued;
  await safe.put(spec.secret, token);
  const inDoubt = lost === undefined && alike.length > 0 ? { inDoubt: alike.map(idOf) } : {};
  return {
    result: { tokenId: id, expiresAt: expires_at, ...inDoubt },
    adopted: lost !== undefined,
    changed: true,
  };
}

/** New tokens such as this run issues. */
async function alikeIn(spec: TokenSpec, { acronis }: Attempt): Promise<RegistrationToken[]> {
  const tokens = await acronis.registrationTokens.list(spec.tenantId);
  return tokens.filter((one) => isAlike(one, spec));
}

function unlessNone<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined;
}

function isAlike(token: RegistrationToken, spec: TokenSpec): boolean {
  const scopes = (list: readonly string[]) => list.toSorted().join(' ');
  if (spec.known.includes(token.id) || scopes(token.scopes) !== scopes(spec.scopes)) return false;
  return livesUnknown(token) || lives(token, lifeOf(spec));
}

function lifeOf({ mark, expiresInSeconds }: TokenSpec): number {
  return ownLife(mark, expiresInSeconds) ?? expiresInSeconds;
}

/** True when there is one token alike, and its life tells that it is this run's. */
function isCertain([only, ...others]: readonly RegistrationToken[], spec: TokenSpec): boolean {
  const life = ownLife(spec.mark, spec.expiresInSeconds);
  return only !== undefined && others.length === 0 && life !== null && lives(only, life);
}

async function revokeAgentToken(
  spec: TokenSpec & { came?: Issued | null; doubted?: boolean; unsure: boolean },
  attempt: Attempt,
): Promise<Found<UndoOutcome>> {
  const { acronis, memory, remember } = attempt;
  const safe = safeOf(attempt.safe);
  const candidates = await issuedBy(spec, attempt);
  const alike = candidates.filter(({ id }) => id !== spec.came?.tokenId);
  const inDoubt = isCertain(alike, spec) ? [] : alike.map(idOf);
  const kept = await safe.get(spec.secret);
  for (const { id, token } of candidates.filter((one) => !inDoubt.includes(one.id))) {
    memory.removing = true;
    remember();
    await revoke(acronis, spec.tenantId, id);
    if (kept === token) await safe.remove(spec.secret);
  }
  const reason = 'this run or somebody else has issued it; revoke it unless somebody knows it';
  const leftovers = inDoubt.map((id) => ({ kind: 'agent-token' as const, id, reason }));
  const expired = memory.seen === true && candidates.length === 0;
  return { result: { undone: memory.removing === true || expired, leftovers } };
}

/** The token that this run is known to have issued, and after a lost answer those that it may have issued. */
async function issuedBy(
  spec: TokenSpec & { came?: Issued | null; doubted?: boolean; unsure: boolean },
  attempt: Attempt,
): Promise<RegistrationToken[]> {
  const { came, doubted = spec.unsure } = spec;
  const look = async () => {
    const tokens = await attempt.acronis.registrationTokens.list(spec.tenantId);
    const issued = tokens.filter((one) => one.id === came?.tokenId || (doubted && isAlike(one, spec)));
    if (isCertain(issued, spec)) attempt.memory.seen = true;
    return issued;
  };
  if (doubted) return await lookForAll(attempt, look, idOf);
  if (!spec.unsure) return await look();
  return (await lookAgain(attempt, async () => unlessNone(await look()))) ?? [];
}

function idOf({ id }: RegistrationToken): string {
  return id;
}

/** What is "not found" and listed all the same is out of sight, not gone. */
async function revoke({ registrationTokens }: Acronis, tenantId: string, tokenId: string): Promise<void> {
  try {
    await registrationTokens.remove(tokenId);
  } catch (error) {
    const gone = isAcronisError(error) && error.kind === 'not-found';
    if (!gone || (await registrationTokens.list(tenantId)).some(({ id }) => id === tokenId)) throw error;
  }
}
