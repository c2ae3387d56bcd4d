import type { Acronis, NewTenant, Tenant, TenantChange } from '../acronis/index.js';
import type { MadeBefore } from '../contract/earlier-runs.js';
import { FailureType } from '../contract/failures.js';
import { hasSign, isUndoing, makerOf, markIn, markText, ownership, type Ownership } from '../contract/mark.js';
import type { Attempt, Found } from './attempt.js';
import { refuse } from './failures.js';
import { checkSwitchedOn } from './switched-on.js';
import { asItIs, markedTenants, theOneInUse, unlessGone, type MadeKind, type MarkedPlace } from './marked-tenants.js';

/** What is ordered of a tenant and can be changed afterwards. */
export interface TenantTexts {
  name: string;
  language: string;
  contact?: { email: string };
}

/** A tenant that carries the mark of a run. */
export interface MarkedTenant {
  tenantId: string;
  ownership: Exclude<Ownership, 'foreign'>;
  /** First run id of the earlier run that made it. */
  madeBy?: string;
  /** True when there may be a second one. */
  doubted?: boolean;
  /** True when a call that was never answered may have made a second one, which is listed late. */
  another?: boolean;
  /** True when it is not as ordered, or an undo of ours has switched it off. */
  unlike?: boolean;
  /** Then, of another run's tenant: what of it is to change, as it was found. */
  former?: Former;
  /** Another run's tenant as it was found; absent where an older version has looked. */
  there?: There;
}

/** A tenant as it was found. */
export interface There {
  name: string;
  customerId?: string;
  production: boolean;
  /** True when its users and children are out of our sight. */
  keepsOut: boolean;
}

/** How a tenant was before a run has changed it. */
export interface Former {
  version: number;
  fields: Omit<TenantChange, 'version'>;
}

/** The version that a change has brought. */
export interface Brought {
  version: number;
}

/** What a tenant is made with. */
export type Fields = NewTenant & TenantTexts & { kind: MadeKind };

/** Where a tenant may be adopted, and how. */
export interface Adopting extends MarkedPlace {
  /** True when the run brings what it adopts to what the order says; else what is switched off cannot be adopted. */
  updates?: boolean;
  /** Tenants of earlier runs of the key that completed. */
  made?: readonly MadeBefore[];
}

/** The tenant of this key, if there is one; it is read by its id before it is believed. */
export async function adopt(
  acronis: Acronis,
  fields: Fields,
  spec: Adopting,
): Promise<Found<MarkedTenant> | undefined> {
  const marked = await markedTenants(acronis, spec, fields.kind);
  const kept = await theOneInUse(acronis, marked, spec.tenants);
  if (kept === undefined) return undefined;
  const { tenant, whose } = await asItIs(acronis, spec.mark, kept.tenant.id);
  if (whose === 'foreign') return undefined;
  await checkUsable(acronis, tenant, spec);
  const madeBy = whose === 'ours' ? undefined : makerOf(tenant.internal_tag);
  const changes = changesOf(tenant, fields);
  const unlike = Object.keys(changes).length > 0;
  const result = {
    tenantId: tenant.id,
    ownership: whose,
    ...(madeBy === undefined ? {} : { madeBy }),
    ...(whose === 'ours' || marked.length > 1 ? { doubted: true } : {}),
    ...(unlike ? { unlike } : {}),
    ...(unlike && whose !== 'ours' ? { former: formerOf(tenant, changes) } : {}),
    ...(whose === 'ours' ? {} : { there: thereNow(tenant) }),
  };
  return { result, adopted: true, changed: whose === 'ours' };
}

/** Fails with `Tenantry.Unexpected` where the tenant of an earlier run that completed is still there under another tag: it needs no second one. */
export async function checkNoneRetagged(acronis: Acronis, { mark, made = [] }: Adopting): Promise<void> {
  for (const { tenantId, workflowId, runId } of made) {
    const tenant = await unlessGone(async () => await acronis.tenants.get(tenantId));
    if (tenant === undefined || tenant.deleted_at !== null) continue;
    const { id, name, internal_tag } = tenant;
    if (ownership(mark, internal_tag) !== 'foreign') continue;
    const tag = JSON.stringify(internal_tag ?? '');
    throw refuse(
      FailureType.Unexpected,
      `the tenant ${JSON.stringify(name)} (${id}) that ${workflowId} has made for this key is still there, and somebody has changed its internal tag to ${tag}: ` +
        `set the tag to ${JSON.stringify(markText({ ...mark, runId }))} again, then retry; or order under another key, if this is another customer`,
    );
  }
}

function thereNow({ name, customer_id: customerId, pricing_mode, ancestral_access }: Tenant): There {
  const kept = { production: pricing_mode === 'production', keepsOut: ancestral_access === false };
  return { name, ...(customerId === null ? {} : { customerId }), ...kept };
}

async function checkUsable(
  acronis: Acronis,
  tenant: Tenant,
  { parentTenantId, updates }: Pick<Adopting, 'parentTenantId' | 'updates'>,
): Promise<void> {
  const { id, name, parent_id } = tenant;
  if (parent_id.toLowerCase() !== parentTenantId.toLowerCase())
    throw refuse(
      FailureType.Unexpected,
      `the tenant of this key, ${JSON.stringify(name)} (${id}), lies below ${parent_id}, and the order says ${parentTenantId}: move it in the console, or amend "parentTenantId"; then retry`,
    );
  await checkSwitchedOn(acronis, tenant, { itself: !(updates && isUndoing(tenant)) });
}

/** See the activity of this name. */
export async function updateTenant(
  { tenantId, texts }: { cloud: string; tenantId: string; texts: TenantTexts },
  { acronis, unsure }: Attempt,
): Promise<Found<Brought | null>> {
  const tenant = await acronis.tenants.get(tenantId);
  await checkUsable(acronis, tenant, { parentTenantId: tenant.parent_id, updates: true });
  const changes = changesOf(tenant, texts);
  if (Object.keys(changes).length === 0) return { result: null, adopted: true, changed: unsure };
  const { version } = await acronis.tenants.update(tenantId, { version: tenant.version, ...changes });
  return { result: { version } };
}

function formerOf(tenant: Tenant, changes: Omit<TenantChange, 'version'>): Former {
  const { version, name, language, enabled, internal_tag, contact } = tenant;
  const all = { name, language, enabled, internal_tag, contact: { email: contact?.email ?? '' } };
  const fields = Object.fromEntries(Object.entries(all).filter(([field]) => field in changes));
  return { version, fields };
}

/** What must be written so that a tenant is as ordered. What the order does not say stays. */
function changesOf(tenant: Tenant, { name, language, contact }: TenantTexts): Omit<TenantChange, 'version'> {
  const mail = tenant.contact?.email?.toLowerCase();
  return {
    ...(plain(tenant.name) === plain(name) ? {} : { name }),
    ...(isLanguage(tenant.language, language) ? {} : { language }),
    ...(contact === undefined || tenant.contact === null || mail === contact.email.toLowerCase() ? {} : { contact }),
    ...(isUndoing(tenant) && !tenant.enabled ? { enabled: true } : {}),
    ...(hasSign(tenant.internal_tag) ? { internal_tag: markIn(tenant.internal_tag) } : {}),
  };
}

/** The cloud may tell a language more exactly than it was ordered, or not at all. */
function isLanguage(there: string | null, ordered: string): boolean {
  return there === null || there === ordered || there.startsWith(`${ordered}-`);
}

/** As a cloud may store a name that was written otherwise. */
export function plain(name: string): string {
  return name.normalize().replaceAll(/\s+/g, ' ').trim();
}
