import { unlessNotFound } from '../acronis/index.js';
import { defaultSecretName } from '../catalogue/fields.js';
import { FailureType } from '../contract/failures.js';
import { isSameId } from '../contract/ids.js';
import { markText, type Mark } from '../contract/mark.js';
import type { SecretOwner } from '../vault/index.js';
import type { Attempt, KeptSecret, StepSecretStore } from './attempt.js';
import { refuse } from './failures.js';

/** Under which name, and for whom, a run stores a secret. */
export interface SecretClaim {
  secret: string;
  owner: SecretOwner;
  /** Absent in tasks of earlier versions. */
  mark: Mark | undefined;
  /** Ids of other things of this owner: their secret may be replaced. */
  ids: readonly string[];
}

/** The worker's secret store; fails with `Tenantry.Secret` where none is configured. */
export function requireSecretStore({ secretStore }: Pick<Attempt, 'secretStore'>): StepSecretStore {
  if (secretStore !== undefined) return secretStore;
  throw refuse(
    FailureType.Secret,
    'this worker keeps no secrets: start it with TENANTRY_SECRETS_STORE and TENANTRY_CODEC_KEYS, then retry',
  );
}

/**
 * Reads the secret of this name; undefined also for the token of a tenant that is deleted. Fails with `Tenantry.Secret` when
 * it is kept for somebody else.
 */
export async function readOwnSecret(attempt: Attempt, claim: SecretClaim): Promise<KeptSecret | undefined> {
  const there = await requireSecretStore(attempt).read(claim.secret);
  if (await isOfDeletedTenant(there, claim, attempt)) return undefined;
  checkIsOwn(there, claim);
  return there;
}

/** Stores the secret of one thing. Fails with `Tenantry.Secret` instead of replacing somebody else's. */
export async function keepSecret(attempt: Attempt, claim: SecretClaim, id: string, value: string): Promise<void> {
  const { secret, owner, mark } = claim;
  const origin = { owner, id, ...(mark && { mark: markText(mark) }) };
  const store = requireSecretStore(attempt);
  const before = await store.read(secret);
  const dead = (await isOfDeletedTenant(before, claim, attempt)) ? before?.origin?.id : undefined;
  await store.put(secret, value, origin, (there) => {
    if (dead === undefined || there?.origin?.id !== dead) checkIsOwn(there, claim);
  });
  // another run may have replaced it in the same moment
  await readOwnSecret(attempt, { ...claim, ids: [] });
}

/**
 * A token goes with its tenant, so it stops no customer that comes back. What the cloud does not show may be out of our
 * reach only.
 */
async function isOfDeletedTenant(
  there: KeptSecret | undefined,
  { owner }: SecretClaim,
  { acronis }: Pick<Attempt, 'acronis'>,
): Promise<boolean> {
  const former = there?.origin?.owner;
  if (former?.kind !== 'agent-token' || owner.kind !== former.kind || former.cloud !== owner.cloud) return false;
  if (isSameId(former.tenantId, owner.tenantId)) return false;
  const tenant = await unlessNotFound(async () => await acronis.tenants.get(former.tenantId, { allowDeleted: true }));
  return tenant !== undefined && tenant.deleted_at !== null;
}

function checkIsOwn(there: KeptSecret | undefined, claim: SecretClaim): void {
  if (there === undefined || there.assumed || isOwn(there, claim)) return;
  const { secret } = claim;
  const whose = there.origin ? `is kept for ${describe(there.origin.owner)}` : 'is kept, and nobody knows for whom';
  throw refuse(
    FailureType.Secret,
    `secret: ${secret} ${whose}; give the order another secret name, or run "tenantry secret remove ${secret}" if nobody needs that one, then retry`,
  );
}

/** Nobody knows for whom a person or an earlier version stored a secret, so its name must say so, or an id. */
function isOwn({ origin }: KeptSecret, { secret, owner, mark, ids }: SecretClaim): boolean {
  if (origin) return isSameOwner(origin.owner, owner) || ids.includes(origin.id);
  return ids.length > 0 || mark === undefined || secret === defaultSecretName(owner.kind, mark.key);
}

function isSameOwner(one: SecretOwner, other: SecretOwner): boolean {
  const parts = ({ kind, cloud, tenantId, name }: SecretOwner) => JSON.stringify([kind, cloud, tenantId, name]);
  return parts(one) === parts(other);
}

function describe({ kind, tenantId, name }: SecretOwner): string {
  const named = name === undefined ? '' : ` ${JSON.stringify(name)}`;
  return `the ${kind === 'api-client' ? 'API client' : 'agent token'}${named} of the tenant ${tenantId}`;
}

/** True when this run has stored the secret. */
export function isStoredBy(mark: Mark | undefined, there: KeptSecret | undefined): boolean {
  return mark !== undefined && there?.origin?.mark === markText(mark);
}
