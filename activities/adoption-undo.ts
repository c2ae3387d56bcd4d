import type { TenantChange } from '../acronis/index.js';
import { tagAgain } from '../contract/mark.js';
import type { UndoOutcome } from '../contract/steps.js';
import type { Attempt, Found } from './attempt.js';
import { isRenewed } from './renewal.js';
import type { Brought, Former } from './tenant-adoption.js';

interface Adopted extends Former {
  cloud: string;
  tenantId: string;
  came: Brought | null;
}

/** See the activity of this name. */
export async function restoreAdoptedTenant(
  { tenantId, version: since, fields, came, doubted = false }: Adopted & { doubted?: boolean; unsure: boolean },
  { acronis, memory, remember }: Attempt,
): Promise<Found<UndoOutcome>> {
  const tenant = await acronis.tenants.get(tenantId, { allowDeleted: true });
  const undone = () => ({ result: { undone: memory.removing === true, leftovers: [] } });
  const there = { ...tenant, contact: { email: tenant.contact?.email ?? '' } };
  // the sign of an undo counts in one version only, so the new version needs a new sign
  const asBefore = (version: number) =>
    fields.internal_tag === undefined
      ? fields
      : { ...fields, internal_tag: tagAgain({ internal_tag: fields.internal_tag, version: since }, version) };
  const isBack = Object.entries(asBefore(tenant.version)).every(
    ([field, was]) => JSON.stringify(there[field as keyof typeof fields]) === JSON.stringify(was),
  );
  const left = (kind: 'tenant' | 'setting', reason: string) => ({
    result: { undone: false, leftovers: [{ kind, id: tenantId, reason }] },
  });
  if (tenant.deleted_at !== null)
    return left('tenant', `it was deleted at ${tenant.deleted_at}; "restoreCustomer" may bring it back`);
  if (isBack && memory.removing !== true && doubted && !(await isRenewed(acronis, tenant, { name: tenant.name })))
    return left('setting', 'a call that was never answered may still change it');
  if (isBack) return undone();
  const brought = came?.version ?? since + 1;
  const others = tenant.version !== brought || brought !== since + 1;
  if (memory.removing !== true && others)
    return left(
      'setting',
      `others have changed it since, so it is not known who wants it as it is; before, it was ${JSON.stringify(fields)}`,
    );
  memory.removing = true;
  remember();
  await acronis.tenants.update(tenantId, {
    version: tenant.version,
    ...asBefore(tenant.version + 1),
  } satisfies TenantChange);
  return undone();
}
