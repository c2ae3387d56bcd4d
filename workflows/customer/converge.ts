import type { FoundTenant } from '../../contract/customers.js';
import type { CustomerRequest } from '../../contract/customer-requests.js';
import { refuseDecision as refuse } from '../decisions/refusals.js';
import type { Actor } from './actor.js';
import { differentFields, withFieldAsFound } from './different.js';
import { fall } from './falls.js';
import { agreement, type AppliedTenant } from './intention.js';
import { checkAdministrator, checkIsAskedFor } from './administrator.js';
import { withoutTrouble } from './onboarding.js';
import type { Change, Progress } from './progress.js';
import { AGE } from './next-operation.js';
import { readTenantNow } from './tenants.js';
import type { WantedCustomer } from './wanted.js';

/** Refuses fields that are neither different nor asked about, and an administrator whom nobody has asked for. */
export function checkConvergence(actor: Actor, { fields, create, administrator }: CustomerRequest): void {
  if (administrator !== undefined) checkIsAskedFor(actor.situation, administrator);
  if (create !== undefined && typeof create !== 'boolean') refuse('create: must be true or false');
  if (fields === undefined) return;
  if (!Array.isArray(fields) || fields.some((field) => typeof field !== 'string')) refuse('fields: must be names');
  const known = fieldsOf(actor);
  const unknown = fields.filter((field) => !known.includes(field));
  if (unknown.length === 0) return;
  const choice = known.length === 0 ? 'nothing is different and nothing is asked' : `choose from ${known.join(', ')}`;
  refuse(`fields: ${unknown.join(', ')} cannot be set now; ${choice}`);
}

function fieldsOf({ progress: { tenant, seen }, intention, situation }: Actor): string[] {
  const different = tenant && seen ? differentFields(tenant, seen.tenant, seen.at) : [];
  const asked = intention.kind === 'asks' ? intention.open : [];
  const suspend = situation.wanted.asksToSuspend === undefined ? [] : ['suspend'];
  return [...new Set([...different, ...asked].map(({ field }) => field)), ...suspend];
}

/** Looks at the tenant, tries again what was stuck, and takes a yes to fields. */
export async function converge(
  actor: Actor,
  { fields = [], create = false, administrator }: CustomerRequest,
): Promise<Change> {
  if (administrator !== undefined) await checkAdministrator(actor.situation, administrator);
  // the yes is to what is asked now, not to what comes while the customer looks
  const { wanted } = actor.situation;
  const { tenant } = actor.progress;
  const read = tenant && (await readTenantNow({ cloud: actor.cloud, tenantId: tenant.tenantId }));
  if (read !== undefined && 'failed' in read) return refuse(`the tenant could not be read: ${read.failed}`);
  // it is looked again whether tenants like the customer are there
  return ({ existing: _existing, released, gone, onboarding, ...before }) => {
    const progress: Progress = { ...before, troubles: [], setAside: {} };
    const { tenant: after, ...looked } =
      read === undefined ? progress : withTenantAsFound(progress, read.tenant, fields);
    const yes = { ...yesTo(fields, wanted, after), ...(create && { create: 'yes' }) };
    return {
      ...(gone && { gone: { ...gone, isRestorable: gone.isRestorable && !create } }),
      ...looked,
      agreed: { ...looked.agreed, ...yes },
      ...(after && { tenant: after }),
      ...(administrator && { administrator }),
      ...(onboarding && { onboarding: withoutTrouble(onboarding) }),
      ...(released && !create && { released }),
    };
  };
}

/** Those of the fields that are different count as not applied. A tenant that somebody has deleted is gone. */
function withTenantAsFound(progress: Progress, found: FoundTenant, fields: readonly string[]): Progress {
  const { tenant, seen: _seen, ...rest } = progress;
  if (tenant === undefined) return progress;
  if (found.deletedAt !== undefined)
    return { ...rest, gone: { tenant: { ...tenant, enabled: false }, isRestorable: true } };
  const at = new Date().toISOString();
  const different = new Set(differentFields(tenant, found, at).map(({ field }) => field));
  const after = fields
    .filter((field) => different.has(field))
    .reduce((was, field) => withFieldAsFound(was, found, field), tenant);
  return { ...rest, seen: { at, tenant: found }, tenant: after };
}

function yesTo(
  fields: readonly string[],
  { tenant, asksToSuspend, placement, late }: WantedCustomer,
  applied: AppliedTenant | undefined,
): Record<string, string> {
  const named = (kind: string) =>
    fields.flatMap((field) => (field.startsWith(`${kind}.`) ? field.slice(kind.length + 1) : []));
  const gone = named('offeringItems').filter((item) => !tenant.offeringItems.includes(item));
  return {
    ...Object.fromEntries(
      named('quotas').map((item) => [`quotas.${item}`, fall(applied?.quotas[item], tenant.quotas[item])] as const),
    ),
    ...Object.fromEntries(
      gone.map((item) => [`offeringItems.${item}`, fall(applied?.quotas[item], undefined)] as const),
    ),
    ...(fields.includes('suspend') && { suspend: agreement(asksToSuspend) }),
    ...(fields.includes('cloud') && { cloud: agreement(placement?.cloud) }),
    ...(fields.includes(AGE) && { [AGE]: agreement(late) }),
  };
}
