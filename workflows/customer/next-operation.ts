import { comparable, less, more } from './entitlement.js';
import { firstOperation } from './first-operation.js';
import { agreement, isSame, operation, type Intention, type Live, type Situation } from './intention.js';

/**
 * The next operation that brings a tenant to what is wanted, one at a time: enable, more, contact, edition, less,
 * disable, offboard. It compares what is wanted now with what was wanted when it was last applied, so what a person has
 * changed by hand stays.
 */
export function nextOperation(given: Situation): Intention {
  const situation = withSuspension(given);
  const { applied, wanted, gone, released } = situation;
  if (applied !== undefined) return nextChange({ ...situation, applied: comparable(applied, wanted.tenant) });
  const isWanted = wanted.tenant.exists && wanted.tenant.enabled;
  if (isWanted && gone?.isRestorable === true)
    return operation('restoreCustomer', 'it is sold again', { tenant: { id: gone.tenant.tenantId } });
  if (isWanted && released === true)
    return { kind: 'waits', waitingFor: 'a tenant: its own was released. Adopt one, or say "converge" with "create"' };
  return firstOperation(situation);
}

/** A customer that a person has agreed to suspend, until what was asked about changes. */
function withSuspension(situation: Situation): Situation {
  const { wanted, agreed = {} } = situation;
  const { asksToSuspend, tenant } = wanted;
  if (asksToSuspend === undefined || agreed['suspend'] !== agreement(asksToSuspend)) return situation;
  return { ...situation, wanted: { ...wanted, tenant: { ...tenant, enabled: false } } };
}

function nextChange(live: Live): Intention {
  const { wanted, applied, mayBeDisabled = false } = live;
  const { tenant, open } = wanted;
  const target = { tenant: { id: applied.tenantId } };
  if (tenant.exists && tenant.enabled && (!applied.enabled || mayBeDisabled))
    return operation('enableTenant', 'it is paid for again', target);
  if (open.length > 0) return { kind: 'asks', open };
  if (!tenant.exists) return ending(live);
  const change = more(live) ?? production(live) ?? contact(live) ?? edition(live) ?? less(live);
  if (change?.kind === 'operation') return change;
  if (!tenant.enabled && applied.enabled) return operation('disableTenant', 'no subscription is paid for', target);
  return change ?? { kind: 'nothing' };
}

/** No subscription is left: first the tenant is disabled. It is deleted when the rules or a person say so. */
function ending(live: Live): Intention {
  const { wanted, applied, agreed = {} } = live;
  const { tenant, ending } = wanted;
  const target = { tenant: { id: applied.tenantId } };
  const isAgreed = agreed['offboard'] === endingAgreement(live);
  if (isAgreed || (!tenant.enabled && ending?.offboard === 'automatic'))
    return operation('offboardCustomer', 'no subscription is left', {
      ...target,
      grace: ending?.grace ?? DEFAULT_GRACE,
      confirm: applied.name,
    });
  if (!tenant.enabled && applied.enabled) return operation('disableTenant', 'no subscription is left', target);
  return { kind: 'nothing' };
}

/** A yes to the end of a customer counts for this tenant and this end only. */
export function endingAgreement({ wanted: { ending }, applied }: Situation): string {
  return agreement([applied?.tenantId, ending?.at]);
}

const DEFAULT_GRACE = '30 days';

function production({ wanted: { tenant }, applied }: Live): Intention | undefined {
  if (tenant.billingMode === applied.billingMode || applied.billingMode === 'production') return undefined;
  return operation('switchToProduction', 'it is paid for', {
    tenant: { id: applied.tenantId },
    confirm: applied.name,
  });
}

function contact({ wanted: { tenant }, applied }: Live): Intention | undefined {
  const changed = (['name', 'language', 'contact'] as const).filter(
    (field) => tenant[field] !== undefined && !isSame(tenant[field], applied[field]),
  );
  if (changed.length === 0) return undefined;
  const fields = Object.fromEntries(changed.map((field) => [field, tenant[field]]));
  return operation('updateContact', `${changed.join(' and ')} changed`, {
    tenant: { id: applied.tenantId },
    ...fields,
  });
}

function edition({ wanted: { tenant }, applied }: Live): Intention | undefined {
  if (tenant.edition === undefined || tenant.edition === applied.edition) return undefined;
  return operation('switchEdition', 'another edition is sold', {
    tenant: { id: applied.tenantId },
    to: tenant.edition,
  });
}
