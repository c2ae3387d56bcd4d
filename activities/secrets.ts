import type { Mark } from '../contract/mark.js';
import { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../contract/failures.js';
import { activity } from './activity.js';
import { UNREAD, type ActivityDependencies, type Attempt, type Outcome } from './attempt.js';
import { refuse } from './failures.js';
import { clientSecret, type ClientName } from './new-api-clients.js';
import { isStoredBy, readOwnSecret, requireSecretStore, type SecretClaim } from './stored-secrets.js';
import { beginUndo, nothingToUndo, outcomeSoFar, type StepToUndo, type UndoResult } from './undo.js';

/** The name under which a secret was set aside; null when there was no secret. */
interface SetAside {
  aside: string | null;
}

interface SecretSpec extends ClientName {
  cloud: string;
  /** The name of a secret in the store. */
  secret: string;
  /** Absent in tasks of earlier versions. */
  mark?: Mark;
  /** Ids of the API clients that will be replaced. Absent in tasks of earlier versions. */
  clientIds?: string[];
}

export function createSecretActivities(dependencies: ActivityDependencies) {
  return {
    /** Fails with `Tenantry.Secret` when this worker has no secret store, or cannot write to it. */
    checkSafe: activity.look(dependencies, checkSafe),
    /**
     * Reads a secret that the order refers to, and forgets it. Changes nothing. Fails with `Tenantry.Secret`, which
     * names the field of the order, when this worker cannot read it. `isRead` is false only in a plan.
     */
    checkSecret: activity.look(dependencies, checkSecret),
    /**
     * Copies a secret that will be replaced to `<name>.previous`, and answers that name; null when there is no secret.
     * Fails with `Tenantry.Secret` when one of the two is kept for somebody else. Safe to repeat, also after a reset: a
     * secret that this run has stored is not set aside.
     */
    setSecretAside: activity.change(dependencies, setSecretAside),
    /**
     * Puts back the secret that this run has set aside. It does nothing when this run has set none aside
     * (`<name>.previous` may then belong to an older run), or when a person has stored another meanwhile. Safe to
     * repeat.
     */
    bringSecretBack: activity.undo(dependencies, bringSecretBack),
  };
}

async function checkSafe(_spec: { cloud: string }, attempt: Attempt): Promise<Outcome<null>> {
  try {
    await requireSecretStore(attempt).check();
  } catch (error) {
    if (error instanceof ApplicationFailure) throw error;
    throw refuse(FailureType.Secret, `this worker cannot store secrets: ${(error as Error).message}`);
  }
  return { result: null };
}

interface SecretReference {
  cloud: string;
  secretRef: string;
  /** The field of the order with the reference. */
  field: string;
}

async function checkSecret(
  { secretRef, field }: SecretReference,
  { secret }: Attempt,
): Promise<Outcome<{ isRead: boolean }>> {
  try {
    return { result: { isRead: (await secret(secretRef)) !== UNREAD } };
  } catch (error) {
    throw refuse(FailureType.Secret, `${field}: ${(error as Error).message}`);
  }
}

async function setSecretAside(spec: SecretSpec, attempt: Attempt): Promise<Outcome<SetAside>> {
  const store = requireSecretStore(attempt);
  const claim = clientSecret(spec, spec.clientIds ?? []);
  const there = claim ? await readOwnSecret(attempt, claim) : await store.read(spec.secret);
  const aside = previous(spec.secret);
  const earlier = claim ? await readOwnSecret(attempt, claimSetAside(claim)) : await store.read(aside);
  // setting a secret aside does not count as a change
  const answer = (name: string | null) => ({ result: { aside: name }, changed: false });
  if (isStoredBy(spec.mark, there)) return answer(earlier === undefined ? null : aside);
  if (there === undefined) {
    if (earlier !== undefined) await store.remove(aside);
    return answer(null);
  }
  const origin = there.origin && { ...there.origin, ...(claim && { owner: claim.owner }) };
  await store.put(aside, there.value, origin);
  return answer(aside);
}

async function bringSecretBack(
  spec: SecretSpec & StepToUndo & { came: SetAside | null },
  attempt: Attempt,
): Promise<UndoResult> {
  const { secret, mark, came } = spec;
  const aside = came?.aside ?? null;
  if (aside === null) return { result: nothingToUndo() };
  const store = requireSecretStore(attempt);
  const kept = await store.read(aside);
  const there = await store.read(secret);
  const replaced = there !== undefined && there.value !== kept?.value;
  if (kept === undefined || (replaced && mark !== undefined && !isStoredBy(mark, there)))
    return { result: outcomeSoFar(attempt) };
  if (there?.value !== kept.value) {
    beginUndo(attempt);
    await store.put(secret, kept.value, kept.origin);
  }
  await store.remove(aside);
  return { result: outcomeSoFar(attempt) };
}

function previous(secret: string): string {
  return `${secret}.previous`;
}

/** The claim to the name under which the secret is set aside. Nobody else gives a secret that name without an owner. */
export function claimSetAside(claim: SecretClaim): SecretClaim {
  return { ...claim, secret: previous(claim.secret), mark: undefined };
}
