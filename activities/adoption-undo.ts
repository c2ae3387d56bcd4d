import type { Tenant, TenantChange } from '../acronis/index.js';
import { tagAgain } from '../contract/mark.js';
import type { Attempt, TenantSpec } from './attempt.js';
import { bumpVersion, CHANGED_SINCE } from './tenant-changes.js';
import type { NewVersion, FormerTenant } from './tenant-adoption.js';
import { beginUndo, hasBegun, leave, outcomeSoFar, type StepToUndo, type UndoResult } from './undo.js';

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
  const stays = (kind: 'tenant' | 'setting', reason: string) => ({ result: leave(kind, tenantId, reason) });
  if (tenant.deleted_at !== null)
    return stays('tenant', `it was deleted at ${tenant.deleted_at}; "restoreCustomer" may bring it back`);
  // the sign of an undo counts in one version only, so the new version needs a new sign
  const asBefore = (version: number) =>
    fields.internal_tag === undefined
      ? fields
      : { ...fields, internal_tag: tagAgain({ internal_tag: fields.internal_tag, version: since }, version) };
  if (isAs(tenant, asBefore(tenant.version))) {
    const mayStillChange =
      doubted && !hasBegun(attempt) && !(await bumpVersion(acronis, tenant, { name: tenant.name }));
    if (mayStillChange) return stays('setting', 'a call that was never answered may still change it');
    return { result: outcomeSoFar(attempt) };
  }
  const changedTo = came?.version ?? since + 1;
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
  const there = { ...tenant, contact: { email: tenant.contact?.email ?? '' } };
  return Object.entries(fields).every(
    ([field, was]) => JSON.stringify(there[field as keyof typeof fields]) === JSON.stringify(was),
  );
}
