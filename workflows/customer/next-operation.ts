import { comparable, less, more } from './entitlement.js';
import { firstOperation } from './first-operation.js';
import { agreement, isSame, operation, type Intention, type Live, type Situation } from './intention.js';

export { agreement, type AppliedTenant, type Intention, type Situation } from './intention.js';

/**
 * The next operation that brings a tenant to what is wanted, one at a time: enable, more, contact, edition, less,
 * disable, offboard. It compares what is wanted now with what was wanted when it was last applied, so what a person has
 * changed by hand stays.
 */
export function nextOperation(situation: Situation): Intention {
  const { applied, wanted } = situation;
  return applied === undefined
    ? firstOperation(situation)
    : nextChange({ ...situation, applied: comparable(applied, wanted.tenant) });
}

function nextChange(live: Live): Intention {
  const { wanted, applied } = live;
  const { tenant, open } = wanted;
  const target = { tenant: { id: applied.tenantId } };
  if (tenant.exists && tenant.enabled && !applied.enabled)
    return operation('enableTenant', 'it is paid for again', target);
  if (open.length > 0) return { kind: 'asks', open };
  if (!tenant.exists) return ending(live);
  const change = more(live) ?? production(live) ?? contact(live) ?? edition(live) ?? less(live);
  if (change !== undefined) return change;
  if (!tenant.enabled && applied.enabled) return operation('disableTenant', 'no subscription is paid for', target);
  return { kind: 'nothing' };
}

/** No subscription is left: first the tenant is disabled. It is deleted when the rules or a person say so. */
function ending({ wanted: { tenant, ending }, applied, agreed = {} }: Live): Intention {
  const target = { tenant: { id: applied.tenantId } };
  const isAgreed = agreed['offboard'] === agreement(applied.tenantId);
  if (isAgreed || (!tenant.enabled && ending?.offboard === 'automatic'))
    return operation('offboardCustomer', 'no subscription is left', {
      ...target,
      grace: ending?.grace ?? DEFAULT_GRACE,
      confirm: applied.name,
    });
  if (!tenant.enabled && applied.enabled) return operation('disableTenant', 'no subscription is left', target);
  return { kind: 'nothing' };
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
