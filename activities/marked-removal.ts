import { isAcronisError, type Acronis, type Tenant } from '../acronis/index.js';
import { hasSign, ownership } from '../contract/mark.js';
import type { Leftover } from '../contract/status.js';
import type { UndoOutcome } from '../contract/steps.js';
import type { Attempt, Found } from './attempt.js';
import { inhabitants, type Inhabited } from './inhabitants.js';
import { lookAgain, lookForAll } from './looking-again.js';
import { whyNotMade, whyTakenUp, type MadeAs } from './made-as.js';
import { markedTenants, type MadeKind, type Marked, type MarkedPlace } from './marked-tenants.js';
import { isGone, removeUnlessUsed } from './tenant-removal.js';
import type { Likeness } from './user-likeness.js';

interface UndoSpec extends MarkedPlace, MadeAs {
  cloud: string;
  logins: string[];
  /** Whom it may have made besides, in a call that was never answered. */
  alike?: Likeness[];
  unsure: boolean;
  /** True when the step may have made more than one. */
  doubted?: boolean;
  /** What the step has brought, where that is known. */
  came?: { tenantId: string; ownership: string } | null;
  /** True when this run has set the password of its user, or may have: else whoever is activated has got in. */
  passwordSet?: boolean;
}

/** Takes back what `ensureTenant` made: see `removeCustomerTenant`. */
export async function removeTenant(spec: UndoSpec, attempt: Attempt): Promise<Found<UndoOutcome>> {
  const { acronis, memory } = attempt;
  const known = spec.came?.ownership === 'ours' ? spec.came.tenantId : undefined;
  const ids = [...new Set([...(known === undefined ? [] : [known]), ...(memory.taking ?? [])])];
  const ours = async () => {
    const marked = await markedTenants(acronis, { ...spec, tenants: ids });
    const made = marked.filter(({ whose }) => whose === 'ours');
    // whatever else carries the mark was not made by a run whose only creation was answered
    return known === undefined || spec.doubted === true ? made : made.filter((one) => isNamed(one, known));
  };
  const made = await lookedFor(spec, attempt, ours);
  const leftovers: Leftover[] = [];
  for (const id of ids) if (!made.some((one) => isNamed(one, id))) leftovers.push(...(await unseen(id, spec, attempt)));
  for (const one of made) leftovers.push(...(await removeOurs(one, spec, attempt)));
  // a repeat of a removal that was cut off finds nothing more, and may not say that there never was anything
  const undone = leftovers.length === 0 && (made.length > 0 || memory.removing === true);
  const lost = spec.unsure && ids.length === 0 && made.length === 0;
  return { result: { undone, leftovers, ...(lost ? { mayAppear: spec.mark.runId } : {}) } };
}

function isNamed({ tenant }: Pick<Marked, 'tenant'>, id: string): boolean {
  return tenant.id.toLowerCase() === id.toLowerCase();
}

/** Looks as often as is needed: once where nothing can be listed late, to the end where there may be more than the first one found. */
async function lookedFor(
  { unsure, doubted = false }: UndoSpec,
  attempt: Attempt,
  look: () => Promise<Marked[]>,
): Promise<Marked[]> {
  if (doubted) return await lookForAll(attempt, look, ({ tenant }) => tenant.id.toLowerCase());
  if (!unsure) return await look();
  const some = async () => {
    const made = await look();
    return made.length > 0 ? made : undefined;
  };
  return (await lookAgain(attempt, some)) ?? [];
}

/**
 * A tenant that this run has made and that is not found by its mark: somebody has taken it over, or deleted it. One that was never seen deleted may
 * come into sight later.
 */
async function unseen(id: string, { mark }: Pick<UndoSpec, 'mark'>, attempt: Attempt): Promise<Leftover[]> {
  const begun = attempt.memory.taking?.includes(id) === true;
  const there = await lookAgain(
    attempt,
    async () => (await unlessNotFound(attempt.acronis, id)) ?? (begun ? null : undefined),
  );
  if (there === undefined)
    return [
      {
        kind: 'tenant',
        id,
        reason: 'the cloud has answered its creation, and does not show it: it may come into sight yet',
      },
    ];
  if (there === null || there.deleted_at !== null) return [];
  const late = ownership(mark, there.internal_tag) === 'ours';
  return [{ kind: 'tenant', id, reason: late ? 'it has come into sight only now' : takenOver(there) }];
}

async function unlessNotFound(acronis: Acronis, id: string): Promise<Tenant | undefined> {
  try {
    return await acronis.tenants.get(id, { allowDeleted: true });
  } catch (error) {
    if (isAcronisError(error) && error.kind === 'not-found') return undefined;
    throw error;
  }
}

async function removeOurs({ tenant: row }: Marked, spec: UndoSpec, attempt: Attempt): Promise<Leftover[]> {
  const { acronis, memory, remember } = attempt;
  const { id } = row;
  const now = await stillThere(acronis, row);
  if (now === undefined) return [];
  const reason = await removeUnlessUsed(acronis, now, {
    whyItStays: async (tenant) => await whyItStays(tenant, spec, attempt),
    begin() {
      memory.removing = true;
      memory.taking = [...new Set([...(memory.taking ?? []), id])];
      remember();
    },
  });
  return reason === undefined ? [] : [{ kind: 'tenant', id, reason }];
}

async function whyItStays(tenant: Tenant, spec: UndoSpec, attempt: Attempt): Promise<string | undefined> {
  const { mark, parentTenantId, came, doubted, since } = spec;
  if (ownership(mark, tenant.internal_tag) !== 'ours') return takenOver(tenant);
  if (tenant.enabled && hasSign(tenant.internal_tag)) return 'somebody has switched it on again';
  const answered = came?.ownership === 'ours' && isNamed({ tenant }, came.tenantId);
  const doubt = answered ? whyTakenUp(tenant, spec) : whyNotMade(tenant, spec);
  if (doubt !== undefined) return doubt;
  if (tenant.parent_id.toLowerCase() !== parentTenantId.toLowerCase())
    return `somebody has moved it below ${tenant.parent_id}`;
  const madeSince = answered && doubted !== true ? since : undefined;
  return (await whoLives(attempt, tenant, { ...spec, madeSince }))?.reason;
}

/** What is out of sight for a moment is looked for again. */
async function whoLives(attempt: Attempt, tenant: Tenant, own: Parameters<typeof inhabitants>[2]) {
  let seen: Inhabited | undefined;
  await lookAgain(attempt, async () => {
    seen = await inhabitants(attempt.acronis, tenant, own);
    return seen?.passing === true ? undefined : true;
  });
  return seen;
}

function takenOver({ internal_tag }: Tenant): string {
  return `somebody has changed its internal tag to ${JSON.stringify(internal_tag)}`;
}

/** A row of a list as it is now; undefined when it is gone. */
async function stillThere(acronis: Acronis, row: Tenant): Promise<Tenant | undefined> {
  try {
    return await acronis.tenants.get(row.id);
  } catch (error) {
    if (!isAcronisError(error) || error.kind !== 'not-found' || !(await isGone(acronis, row))) throw error;
    return undefined;
  }
}

interface DoublesSpec extends MarkedPlace, MadeAs {
  cloud: string;
  kind: MadeKind;
  /** The tenant that this run goes on with. */
  tenantId: string;
  /** True when a call that was never answered may have made one that is listed late. */
  another?: boolean;
}

/**
 * Removes what this run made besides the tenant that it goes on with. Only one that is certainly another, carries the whole mark of this run and
 * is empty is removed; any other is named, and so is one that does not let itself be removed. Looks for a minute where a lost call may have made
 * one that is listed late.
 */
export async function removeDoubles(spec: DoublesSpec, attempt: Attempt): Promise<Found<Leftover[]>> {
  const { acronis } = attempt;
  const look = async () => await markedTenants(acronis, spec, spec.kind);
  const marked = spec.another ? await lookForAll(attempt, look, ({ tenant }) => tenant.id.toLowerCase()) : await look();
  const others = marked.filter(({ tenant }) => tenant.id.toLowerCase() !== spec.tenantId.toLowerCase());
  const leftovers: Leftover[] = [];
  for (const { tenant } of others) {
    const reason = await whyDoubleStays(spec, tenant, attempt);
    if (reason !== undefined)
      leftovers.push({ kind: 'tenant', id: tenant.id, reason: `a second tenant for the same key: ${reason}` });
  }
  return { result: leftovers, changed: false };
}

const lasting: readonly string[] = ['forbidden', 'not-found', 'rejected', 'taken', 'quota'];
/** These may pass; met so often they do not. */
const stubborn: readonly string[] = ['conflict', 'unreadable'];
const FEW = 3;

async function whyDoubleStays(
  place: DoublesSpec,
  row: Tenant,
  { acronis, memory }: Attempt,
): Promise<string | undefined> {
  try {
    const now = await stillThere(acronis, row);
    if (now === undefined) return undefined;
    return await removeUnlessUsed(acronis, now, {
      async whyItStays(tenant) {
        if (ownership(place.mark, tenant.internal_tag) !== 'ours') return 'an earlier run made it';
        return whyNotMade(tenant, place) ?? (await inhabitants(acronis, tenant, { logins: [] }))?.reason;
      },
    });
  } catch (error) {
    // the customer is as ordered: what cannot be removed besides must not undo it
    if (!isAcronisError(error)) throw error;
    const { kind, message } = error;
    if (lasting.includes(kind) || (stubborn.includes(kind) && (memory.failures[kind] ?? 0) >= FEW)) return message;
    throw error;
  }
}
