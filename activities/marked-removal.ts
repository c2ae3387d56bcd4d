import { isAcronisError, type Acronis, type Tenant } from '../acronis/index.js';
import type { Leftover } from '../workflows/shared/status.js';
import type { UndoOutcome } from '../workflows/shared/undos.js';
import type { Attempt, Found } from './attempt.js';
import { inhabitants, type Inhabited } from './inhabitants.js';
import { lookAgain, lookForAll } from './looking-again.js';
import { asItIs, markedTenants, type MadeKind, type Marked, type MarkedPlace } from './marked-tenants.js';
import { disableAndRemove, isGone } from './tenant-removal.js';
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
  /** True when the first user gets in by mail: whoever is activated has got in. */
  invited?: boolean;
}

/** By what a tenant that no answer has named is known to be this run's, beside its mark: people copy tags. Absent in runs of older versions. */
export interface MadeAs {
  name?: string;
  /** When the run was started, in ISO 8601. */
  since?: string;
}

/** Clocks differ, and the vendor's times have no zone in some forms. */
const CLOCKS_DIFFER_MS = 24 * 3_600_000;

/** Why a tenant that carries the whole mark of this run was not made by it for sure; undefined when nothing speaks against it. */
function whyNotMade({ kind, name, created_at, pricing_mode }: Tenant, made: MadeAs): string | undefined {
  const at = Date.parse(created_at ?? '');
  if (made.name !== undefined && name.trim() !== made.name) return `it is called ${JSON.stringify(name)}`;
  if (made.since !== undefined && at < Date.parse(made.since) - CLOCKS_DIFFER_MS) return `it was made at ${created_at}`;
  // partners are in production from the beginning
  return kind === 'customer' && pricing_mode === 'production' ? 'it is in production' : undefined;
}

/** Takes back what `ensureTenant` made: see `removeCustomerTenant`. */
export async function removeTenant(spec: UndoSpec, attempt: Attempt): Promise<Found<UndoOutcome>> {
  const { acronis, memory } = attempt;
  const known = spec.came?.ownership === 'ours' ? spec.came.tenantId : undefined;
  const ours = async () => {
    const marked = await markedTenants(acronis, { ...spec, tenants: known === undefined ? [] : [known] });
    const made = marked.filter(({ whose }) => whose === 'ours');
    // whatever else carries the mark was not made by a run whose only creation was answered
    return known === undefined || spec.doubted === true ? made : made.filter((one) => isNamed(one, known));
  };
  const made = await lookedFor(spec, attempt, ours);
  const lost = made.length === 0 && memory.removing !== true ? await withoutMark(acronis, known) : [];
  // a repeat of a removal that was cut off finds nothing more, and may not say that there never was anything
  if (made.length === 0) return { result: { undone: memory.removing === true, leftovers: lost } };
  const leftovers: Leftover[] = [];
  for (const one of made) leftovers.push(...(await removeOurs(one, spec, attempt)));
  return { result: { undone: leftovers.length === 0, leftovers } };
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

/** A tenant that this run has made, and that does not carry its mark any more: somebody has taken it over. */
async function withoutMark(acronis: Acronis, id: string | undefined): Promise<Leftover[]> {
  if (id === undefined) return [];
  try {
    return [takenOver(await acronis.tenants.get(id))];
  } catch (error) {
    if (isAcronisError(error) && error.kind === 'not-found') return [];
    throw error;
  }
}

async function removeOurs({ tenant: row }: Marked, spec: UndoSpec, attempt: Attempt): Promise<Leftover[]> {
  const { acronis, memory, remember } = attempt;
  const now = await stillThere(acronis, spec, row);
  if (now === undefined) return [];
  const { id, parent_id } = now.tenant;
  if (now.whose !== 'ours') return [takenOver(now.tenant)];
  const answered = spec.came?.ownership === 'ours' && isNamed(now, spec.came.tenantId);
  const doubt = answered ? undefined : whyNotMade(now.tenant, spec);
  const moved =
    parent_id.toLowerCase() === spec.parentTenantId.toLowerCase()
      ? undefined
      : `somebody has moved it below ${parent_id}`;
  const madeSince = answered && spec.doubted !== true ? spec.since : undefined;
  const reason = doubt ?? moved ?? (await whoLives(attempt, now.tenant, { ...spec, madeSince }))?.reason;
  if (reason !== undefined) return [{ kind: 'tenant', id, reason }];
  memory.removing = true;
  remember();
  await disableAndRemove(acronis, now.tenant);
  return [];
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

function takenOver({ id, internal_tag }: Tenant): Leftover {
  return { kind: 'tenant', id, reason: `somebody has changed its internal tag to ${JSON.stringify(internal_tag)}` };
}

/** A row of a list as it is now; undefined when it is gone. */
async function stillThere(acronis: Acronis, { mark }: Pick<MarkedPlace, 'mark'>, row: Tenant) {
  try {
    return await asItIs(acronis, mark, row.id);
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
}

/**
 * Removes what this run made besides the tenant that it goes on with. Only one that is certainly another, carries the whole mark of this run and
 * is empty is removed; any other is named, and so is one that does not let itself be removed. Looks for a minute: what a lost call has made can be
 * listed late.
 */
export async function removeDoubles(spec: DoublesSpec, attempt: Attempt): Promise<Found<Leftover[]>> {
  const { acronis } = attempt;
  const marked = await lookForAll(
    attempt,
    async () => await markedTenants(acronis, spec, spec.kind),
    ({ tenant }) => tenant.id.toLowerCase(),
  );
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
    const now = await stillThere(acronis, place, row);
    if (now === undefined) return undefined;
    if (now.whose !== 'ours') return 'an earlier run made it';
    const reason = whyNotMade(now.tenant, place) ?? (await inhabitants(acronis, now.tenant, { logins: [] }))?.reason;
    if (reason === undefined) await disableAndRemove(acronis, now.tenant);
    return reason;
  } catch (error) {
    // the customer is as ordered: what cannot be removed besides must not undo it
    if (!isAcronisError(error)) throw error;
    const { kind, message } = error;
    if (lasting.includes(kind) || (stubborn.includes(kind) && (memory.failures[kind] ?? 0) >= FEW)) return message;
    throw error;
  }
}
