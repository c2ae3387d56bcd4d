import { isAcronisError, type Acronis, type RegistrationToken } from '../acronis/index.js';
import type { UndoOutcome } from '../workflows/shared/undos.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { lookAgain } from './looking-again.js';
import { safeOf } from './safe.js';

interface Place {
  cloud: string;
  tenantId: string;
}

interface TokenSpec extends Place {
  scopes: string[];
  expiresInSeconds: number;
  /** Name under which the token is kept. */
  secret: string;
  /** Ids of the tokens that were there before. */
  known: string[];
}

const CLOCK_SECONDS = 5;

export function createAgentTokenActivities(dependencies: ActivityDependencies) {
  return {
    /** Tells the ids of the tokens that the tenant has. Changes nothing. */
    findAgentTokens: activity(dependencies, patience.look, findAgentTokens),
    /**
     * Issues a token by which agents register, and keeps it in the secret store; only its id goes on. Any try but the first looks for the
     * one that a lost call has issued, for a minute.
     */
    issueAgentToken: activity(dependencies, patience.change, issueAgentToken),
    /** Makes the token of this run useless, and forgets it. Safe to repeat. */
    revokeAgentToken: activity(dependencies, patience.undo, revokeAgentToken),
  };
}

async function findAgentTokens({ tenantId }: Place, { acronis }: Attempt): Promise<Found<{ known: string[] }>> {
  const tokens = await acronis.registrationTokens.list(tenantId);
  return { result: { known: tokens.map(({ id }) => id) } };
}

async function issueAgentToken(
  spec: TokenSpec & { look: boolean },
  attempt: Attempt,
): Promise<Found<{ tokenId: string; expiresAt: string | null }>> {
  const { acronis, first } = attempt;
  const safe = safeOf(attempt.safe);
  const lost = spec.look || !first ? await lookAgain(attempt, () => issuedSince(acronis, spec)) : undefined;
  const fields = { scopes: spec.scopes, expires_in: spec.expiresInSeconds };
  const { id, token, expires_at } = lost?.[0] ?? (await acronis.registrationTokens.create(spec.tenantId, fields));
  await safe.put(spec.secret, token);
  return { result: { tokenId: id, expiresAt: expires_at }, adopted: lost !== undefined, changed: true };
}

/** Tokens such as this run issues that were not there before; undefined when there is none. */
async function issuedSince(
  acronis: Acronis,
  { tenantId, scopes, expiresInSeconds, known }: TokenSpec,
): Promise<RegistrationToken[] | undefined> {
  const tokens = await acronis.registrationTokens.list(tenantId);
  const issued = tokens.filter(
    (one) =>
      !known.includes(one.id) &&
      one.scopes.toSorted().join(' ') === scopes.toSorted().join(' ') &&
      Math.abs(lifeOf(one) - expiresInSeconds) <= CLOCK_SECONDS,
  );
  return issued.length > 0 ? issued : undefined;
}

function lifeOf({ created_at, expires_at }: RegistrationToken): number {
  return (Date.parse(expires_at ?? '') - Date.parse(created_at ?? '')) / 1000;
}

async function revokeAgentToken(spec: TokenSpec & { unsure: boolean }, attempt: Attempt): Promise<Found<UndoOutcome>> {
  const { acronis, memory, remember } = attempt;
  const safe = safeOf(attempt.safe);
  const look = () => issuedSince(acronis, spec);
  const issued = (spec.unsure ? await lookAgain(attempt, look) : await look()) ?? [];
  if (issued.length > 0) {
    memory.removing = true;
    remember();
  }
  const kept = await safe.get(spec.secret);
  for (const { id, token } of issued) {
    await revoke(acronis, spec.tenantId, id);
    if (kept === token) await safe.remove(spec.secret);
  }
  return { result: { undone: memory.removing === true, leftovers: [] } };
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
