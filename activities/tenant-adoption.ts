import type { Acronis, NewTenant, Tenant, TenantChange } from '../acronis/index.js';
import { isSameId } from '../contract/ids.js';
import type { OrderedTenant } from '../contract/earlier-runs.js';
import { FailureType } from '../contract/failures.js';
import {
  hasSign,
  isDisabledByUndo,
  runIdInTag,
  markWithoutUndo,
  tagForRestored,
  type TagOwner,
} from '../contract/mark.js';
import {
  checkMadeByItsRun,
  checkSameCustomer,
  givenToAnother,
  tenantsOfRuns,
  type KnownRuns,
} from './adoption-checks.js';
import { pickContact, toContact } from './contacts.js';
import type { Attempt, Outcome, TenantSpec } from './attempt.js';
import { refuse } from './failures.js';
import { changeMissing, foundDone } from './lost-answers.js';
import { chooseTenant, findMarkedTenants, readMarkedTenant } from './marked-tenants.js';
import type { MarkSearch, TenantKind } from './marked-tenants.js';
import { CHANGED_SINCE, bumpVersion, versionOfOwnChange, type Changed } from './tenant-changes.js';
import { checkSwitchedOn } from './tenant-refs.js';
import {
  fieldsBefore,
  textsToSend,
  type AdoptionChange,
  type EveryReconciledField,
  type ReconciledFields,
} from './tenant-texts.js';
import { whyGivenToAnother } from './tenant-traits.js';
import { beginUndo, hasBegun, leaveAsIs, outcomeSoFar, type StepToUndo, type UndoResult } from './undo.js';

/** The reconciled parts of an order in the vendor's words. */
type TenantWords = Omit<ReconciledFields, 'contact'> & Pick<NewTenant, 'contact'>;

/** A tenant with the mark of a run. */
export interface MarkedTenant {
  tenantId: string;
  ownership: Exclude<TagOwner, 'foreign'>;
  /** First run id of the earlier run that made the tenant. */
  madeBy?: string;
  /** True when there may be a second tenant. */
  doubted?: boolean;
  /** With `doubted`: whether the second tenant may be listed late; absent in results of earlier versions. */
  another?: boolean;
  /** True when the tenant is not as ordered, or an undo of ours has switched it off. */
  unlike?: boolean;
  /** The fields of another run's tenant that must change, as they were found. */
  former?: FormerTenant;
  /** Name, contract number and contact as they were found, where the tenant must change; absent in earlier versions. */
  found?: OrderedTenant;
  /** Another run's tenant as it was found; absent in results of earlier versions. */
  there?: TenantAsFound;
}

/** A tenant as it was found. */
export interface TenantAsFound {
  name: string;
  customerId?: string;
  /** Of its contact; absent in results of earlier versions. */
  email?: string;
  production: boolean;
  /** True when we may not see its users and children. */
  keepsOut: boolean;
}

/** A tenant as it was before a run changed it. */
export interface FormerTenant {
  version: number;
  fields: AdoptionChange;
}

/** The version of a tenant after a change, and whether a person may have made it. */
export type NewVersion = Pick<Changed, 'version' | 'doubtful'>;

/** The fields of a new tenant. */
export type TenantFields = NewTenant & TenantWords & { kind: TenantKind };

/** Where a tenant to adopt may be, and how it is adopted. */
export interface AdoptionSpec extends MarkSearch, KnownRuns {
  /** True when the run updates the tenant that it adopts; else a tenant that is switched off cannot be adopted. */
  updates?: boolean;
}

/**
 * Finds the tenant of this key. It is read by its id, because a list may be older. Fails with `Tenantry.Unexpected` when
 * somebody may have copied the mark to it, or has given it to another customer.
 */
export async function findToAdopt(
  acronis: Acronis,
  fields: TenantFields,
  spec: AdoptionSpec,
): Promise<Outcome<MarkedTenant> | undefined> {
  const marked = await findMarkedTenants(acronis, spec, fields.kind);
  const kept = await chooseTenant(acronis, marked, [...(spec.tenants ?? []), ...tenantsOfRuns(spec)]);
  if (kept === undefined) return undefined;
  const { tenant, whose } = await readMarkedTenant(acronis, spec.mark, kept.tenant.id);
  if (whose === 'foreign') return undefined;
  checkMadeByItsRun(tenant, spec);
  checkSameCustomer(tenant, { whose, ordered: toOrdered(fields) }, spec);
  await checkUsable(acronis, tenant, spec);
  const madeBy = whose === 'ours' ? undefined : runIdInTag(tenant.internal_tag);
  const changes = changesOf(tenant, fields);
  const unlike = Object.keys(changes).length > 0;
  const result = {
    tenantId: tenant.id,
    ownership: whose,
    ...(madeBy === undefined ? {} : { madeBy }),
    ...(whose === 'ours' || marked.length > 1 ? { doubted: true } : {}),
    ...(unlike ? { unlike, found: toOrdered(tenant) } : {}),
    ...(unlike && whose !== 'ours' ? { former: formerOf(tenant, changes) } : {}),
    ...(whose === 'ours' ? {} : { there: thereNow(tenant) }),
  };
  return { result, adopted: true, changed: whose === 'ours' };
}

function toOrdered({ name, customer_id, contact }: Tenant | TenantFields): OrderedTenant {
  return { name, ...(customer_id && { customerId: customer_id }), ...(contact?.email && { email: contact.email }) };
}

function thereNow(tenant: Tenant): TenantAsFound {
  const { pricing_mode, ancestral_access } = tenant;
  return {
    ...toOrdered(tenant),
    production: pricing_mode === 'production',
    keepsOut: ancestral_access === false,
  };
}

async function checkUsable(
  acronis: Acronis,
  tenant: Tenant,
  { parentTenantId, updates }: Pick<AdoptionSpec, 'parentTenantId' | 'updates'>,
): Promise<void> {
  const { id, name, parent_id } = tenant;
  if (!isSameId(parent_id, parentTenantId))
    throw refuse(
      FailureType.Unexpected,
      `the tenant of this key, ${JSON.stringify(name)} (${id}), lies below ${parent_id}, and the order says ${parentTenantId}: move it in the console, or amend "parentTenantId"; then retry`,
    );
  await checkSwitchedOn(acronis, tenant, { itself: !(updates && isDisabledByUndo(tenant)) });
}

interface UpdateSpec extends TenantSpec {
  texts: EveryReconciledField;
  /** The ordered contract number. */
  customerId?: string;
  /** The tenant as it was found; absent in tasks of earlier versions. */
  found?: OrderedTenant;
}

/** See the activity of this name. */
export async function updateTenant(
  { tenantId, texts, customerId, found }: UpdateSpec,
  attempt: Attempt,
): Promise<Outcome<NewVersion | null>> {
  const { acronis, mayHaveActed } = attempt;
  const tenant = await acronis.tenants.get(tenantId);
  const email = texts.contact?.email;
  const ordered = { name: texts.name, ...(customerId && { customerId }), ...(email && { email }) };
  // people have had time since it was found
  const why = found && whyGivenToAnother(tenant, [ordered, found]);
  if (why !== undefined) throw givenToAnother(tenant, why);
  await checkUsable(acronis, tenant, { parentTenantId: tenant.parent_id, updates: true });
  const { contact, ...others } = texts;
  const changes = changesOf(tenant, { ...others, ...(contact && { contact: toContact(contact) }) });
  if (Object.keys(changes).length === 0) return { result: foundDone(attempt), adopted: true, changed: mayHaveActed };
  const update = async () => await acronis.tenants.update(tenantId, { version: tenant.version, ...changes });
  const { version } = await changeMissing(attempt, mayHaveActed, update);
  return { result: { version } };
}

function formerOf(tenant: Tenant, changes: AdoptionChange): FormerTenant {
  return { version: tenant.version, fields: fieldsBefore(tenant, changes) };
}

interface Adopted extends FormerTenant, TenantSpec {
  came: NewVersion | null;
}

/** See the activity of this name. */
export async function restoreAdoptedTenant(
  { tenantId, version: since, fields, came, doubted = false }: Adopted & StepToUndo,
  attempt: Attempt,
): Promise<UndoResult> {
  const { acronis } = attempt;
  const tenant = await acronis.tenants.get(tenantId, { allowDeleted: true });
  const stays = (kind: 'tenant' | 'setting', reason: string) => ({ result: leaveAsIs(kind, tenantId, reason) });
  if (tenant.deleted_at !== null)
    return stays('tenant', `it was deleted at ${tenant.deleted_at}; "restoreCustomer" may bring it back`);
  // the sign of an undo counts in one version only, so the new version needs a new sign
  const asBefore = (version: number) =>
    fields.internal_tag === undefined
      ? fields
      : { ...fields, internal_tag: tagForRestored({ internal_tag: fields.internal_tag, version: since }, version) };
  if (isAs(tenant, asBefore(tenant.version))) {
    const mayStillChange =
      doubted && !hasBegun(attempt) && !(await bumpVersion(acronis, tenant, { name: tenant.name }));
    if (mayStillChange) return stays('setting', 'a call that was never answered may still change it');
    return { result: outcomeSoFar(attempt) };
  }
  const changedTo = versionOfOwnChange(came, since);
  const others = tenant.version !== changedTo || changedTo !== since + 1;
  if (!hasBegun(attempt) && others)
    return stays('setting', `${CHANGED_SINCE}; before, it was ${JSON.stringify(fields)}`);
  beginUndo(attempt);
  await acronis.tenants.update(tenantId, {
    version: tenant.version,
    ...asBefore(tenant.version + 1),
  } satisfies TenantChange);
  return { result: outcomeSoFar(attempt) };
}

function isAs(tenant: Tenant, fields: FormerTenant['fields']): boolean {
  const there = { ...tenant, contact: pickContact(tenant.contact, fields.contact ?? {}) };
  const spelled = (value: unknown) => JSON.stringify(value)?.normalize();
  return Object.entries(fields).every(([field, was]) => spelled(there[field as keyof typeof fields]) === spelled(was));
}

/** The changes that make a tenant as ordered. A contact that the cloud does not show counts as the ordered one. */
function changesOf(tenant: Tenant, texts: TenantWords): AdoptionChange {
  return {
    ...textsToSend(tenant, { ...texts, contact: tenant.contact ? texts.contact : undefined }),
    ...(isDisabledByUndo(tenant) && !tenant.enabled ? { enabled: true } : {}),
    ...(hasSign(tenant.internal_tag) ? { internal_tag: markWithoutUndo(tenant.internal_tag) } : {}),
  };
}
