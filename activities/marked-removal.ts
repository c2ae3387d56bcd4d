import { isAcronisError, unlessNotFound, type Acronis, type Tenant } from '../acronis/index.js';
import { isSameId } from '../contract/ids.js';
import { hasSign, ownership } from '../contract/mark.js';
import type { Leftover } from '../contract/status.js';
import type { Attempt, Outcome } from './attempt.js';
import { lookAgain, lookAgainIf, lookForAll, unlessNone } from './lost-answers.js';
import { chooseTenant, findMarkedTenants, type MarkSearch, type MarkedRow, type TenantKind } from './marked-tenants.js';
import { removeUnlessUsed, unlessDeleted } from './tenant-removal.js';
import { whyChanged, whyNotOurs, type TenantTraits } from './tenant-traits.js';
import { whyInUse, type ReasonToStay } from './tenant-use.js';
import { beginUndo, hasBegun, type AnsweredStep, type UndoResult } from './undo.js';
import type { UserTraits } from './user-traits.js';

interface UndoSpec extends MarkSearch, TenantTraits, AnsweredStep<{ tenantId: string; ownership: string }> {
  cloud: string;
  logins: string[];
  /** The user that a call without an answer may have made. */
  alike?: UserTraits[];
  /** True when this run has set the password of its user, or may have. Else an activated user has logged in. */
  passwordSet?: boolean;
}

/** Removes what `ensureTenant` made: see `removeCustomerTenant`. */
export async function removeTenant(spec: UndoSpec, attempt: Attempt): Promise<UndoResult> {
  const { acronis, memory } = attempt;
  const known = spec.came?.ownership === 'ours' ? spec.came.tenantId : undefined;
  const ids = [...new Set([...(known === undefined ? [] : [known]), ...(memory.taking ?? [])])];
  const ours = async () => {
    const marked = await findMarkedTenants(acronis, { ...spec, tenants: ids });
    const made = marked.filter(({ whose }) => whose === 'ours');
    // the only creation of the run was answered, so the run made no other tenant with its mark
    return known === undefined || spec.doubted === true
      ? made
      : made.filter(({ tenant }) => isSameId(tenant.id, known));
  };
  const made = await findMade(spec, attempt, ours);
  const leftovers: Leftover[] = [];
  for (const id of ids)
    if (!made.some(({ tenant }) => isSameId(tenant.id, id))) leftovers.push(...(await unseen(id, spec, attempt)));
  for (const one of made) leftovers.push(...(await removeOurs(one, spec, attempt)));
  // after an attempt that was cut off there may be nothing left to find
  const undone = leftovers.length === 0 && (made.length > 0 || hasBegun(attempt));
  const lost = spec.unsure && ids.length === 0 && made.length === 0;
  return { result: { undone, leftovers, ...(lost ? { mayAppear: spec.mark.runId } : {}) } };
}

/** Looks once when nothing can be listed late, and during a whole minute when there may be several tenants. */
async function findMade(
  { unsure, doubted = false }: UndoSpec,
  attempt: Attempt,
  look: () => Promise<MarkedRow[]>,
): Promise<MarkedRow[]> {
  if (doubted) return await lookForAll(attempt, look, ({ tenant }) => tenant.id.toLowerCase());
  return (await lookAgainIf(unsure, attempt, async () => unlessNone(await look()))) ?? [];
}

/**
 * Says why a tenant of this run is not found by its mark: somebody has changed its tag, or deleted it. A tenant that
 * the cloud does not show at all may appear later.
 */
async function unseen(id: string, { mark }: Pick<UndoSpec, 'mark'>, attempt: Attempt): Promise<Leftover[]> {
  const begun = attempt.memory.taking?.includes(id) === true;
  const there = await lookAgain(
    attempt,
    async () =>
      (await unlessNotFound(() => attempt.acronis.tenants.get(id, { allowDeleted: true }))) ??
      (begun ? null : undefined),
  );
  if (there === undefined)
    return [
      {
        kind: 'tenant',
        id,
        reason: 'the cloud has answered its creation, but does not show it: it may still appear',
      },
    ];
  if (there === null || there.deleted_at !== null) return [];
  const late = ownership(mark, there.internal_tag) === 'ours';
  return [{ kind: 'tenant', id, reason: late ? 'it has appeared only now' : takenOver(there) }];
}

async function removeOurs({ tenant: row }: MarkedRow, spec: UndoSpec, attempt: Attempt): Promise<Leftover[]> {
  const { acronis, memory } = attempt;
  const { id } = row;
  const now = await stillThere(acronis, row);
  if (now === undefined) return [];
  const reason = await removeUnlessUsed(attempt, now, {
    whyItStays: async (tenant) => await whyItStays(tenant, spec, attempt),
    begin() {
      memory.taking = [...new Set([...(memory.taking ?? []), id])];
      beginUndo(attempt);
    },
  });
  return reason === undefined ? [] : [{ kind: 'tenant', id, reason }];
}

async function whyItStays(tenant: Tenant, spec: UndoSpec, attempt: Attempt): Promise<string | undefined> {
  const { mark, parentTenantId, came, doubted, since } = spec;
  if (ownership(mark, tenant.internal_tag) !== 'ours') return takenOver(tenant);
  if (tenant.enabled && hasSign(tenant.internal_tag)) return 'somebody has switched it on again';
  const answered = came?.ownership === 'ours' && isSameId(tenant.id, came.tenantId);
  const doubt = answered ? whyChanged(tenant, spec) : whyNotOurs(tenant, spec);
  if (doubt !== undefined) return doubt;
  if (!isSameId(tenant.parent_id, parentTenantId)) return `somebody has moved it below ${tenant.parent_id}`;
  const madeSince = answered && doubted !== true ? since : undefined;
  return (await whoLives(attempt, tenant, { ...spec, madeSince }))?.reason;
}

/** Looks again when something was hidden that may become visible. */
async function whoLives(attempt: Attempt, tenant: Tenant, own: Parameters<typeof whyInUse>[2]) {
  let seen: ReasonToStay | undefined;
  await lookAgain(attempt, async () => {
    seen = await whyInUse(attempt.acronis, tenant, { ...own, now: attempt.now() });
    return seen?.passing === true ? undefined : true;
  });
  return seen;
}

function takenOver({ internal_tag }: Tenant): string {
  return `somebody has changed its internal tag to ${JSON.stringify(internal_tag)}`;
}

/** Reads a row of a list again; undefined when the tenant is deleted. */
async function stillThere(acronis: Acronis, row: Tenant): Promise<Tenant | undefined> {
  return await unlessDeleted(acronis, row, () => acronis.tenants.get(row.id));
}

interface DoublesSpec extends MarkSearch, TenantTraits {
  cloud: string;
  kind: TenantKind;
  /** The tenant that this run uses; unless given, the one that the next run of the key would adopt. */
  tenantId?: string;
  /** False when no call without an answer can have made a tenant that is listed late; absent in older tasks. */
  another?: boolean;
}

/**
 * Removes the tenants that this run made besides the one that it uses. Removes only an empty tenant with the whole mark
 * of this run; any other is named, and so is one that cannot be removed. Looks during a minute unless no call without
 * an answer can have made one that is listed late.
 */
export async function removeDoubles(spec: DoublesSpec, attempt: Attempt): Promise<Outcome<Leftover[]>> {
  const { acronis } = attempt;
  const look = async () => await findMarkedTenants(acronis, spec, spec.kind);
  const marked =
    spec.another === false ? await look() : await lookForAll(attempt, look, ({ tenant }) => tenant.id.toLowerCase());
  const kept = spec.tenantId ?? (await chooseTenant(acronis, marked))?.tenant.id;
  const others = marked.filter(({ tenant }) => !isSameId(tenant.id, kept));
  const leftovers: Leftover[] = [];
  for (const { tenant } of others) {
    const reason = await whyDoubleStays(spec, tenant, attempt);
    if (reason !== undefined)
      leftovers.push({ kind: 'tenant', id: tenant.id, reason: `a second tenant for the same key: ${reason}` });
  }
  return { result: leftovers, changed: false };
}

const lasting: readonly string[] = ['forbidden', 'not-found', 'rejected', 'taken', 'quota'];
/** These may pass, but not after so many failures. */
const stubborn: readonly string[] = ['conflict', 'unreadable'];
const FEW = 3;

async function whyDoubleStays(spec: DoublesSpec, row: Tenant, attempt: Attempt): Promise<string | undefined> {
  const { acronis, memory } = attempt;
  try {
    const now = await stillThere(acronis, row);
    if (now === undefined) return undefined;
    return await removeUnlessUsed(attempt, now, {
      async whyItStays(tenant) {
        if (ownership(spec.mark, tenant.internal_tag) !== 'ours') return 'an earlier run made it';
        return whyNotOurs(tenant, spec) ?? (await whyInUse(acronis, tenant, { logins: [] }))?.reason;
      },
    });
  } catch (error) {
    // the customer is as ordered, so a second tenant that cannot be removed must not fail the run
    if (!isAcronisError(error)) throw error;
    const { kind, message } = error;
    if (lasting.includes(kind) || (stubborn.includes(kind) && (memory.failures[kind] ?? 0) >= FEW)) return message;
    throw error;
  }
}
