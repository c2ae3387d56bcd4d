import type { IntendedOperation, NotDone } from '../../contract/customers.js';
import { comparable, LESS, less, more } from './entitlement.js';
import { firstOperation } from './first-operation.js';
import {
  agreement,
  isSame,
  isSameOperation,
  operation,
  type Intention,
  type Live,
  type Situation,
} from './intention.js';

/**
 * The next operation that brings a tenant to what is wanted, one at a time: enable, more, contact, edition, less,
 * disable, offboard. It compares what is wanted now with what was wanted when it was last applied, so what a person has
 * changed by hand stays. An operation that is stuck holds up only what needs it.
 */
export function nextOperation(situation: Situation): Intention {
  const possible = possibleIntentions(situation);
  const [first = { kind: 'nothing' }] = possible;
  if (operationOf(first) === 'enableTenant') return first;
  const isStuck = (one: Intention) => isStuckIn(situation, one);
  const shrinks = (one: Intention) => one.kind === 'operation' && one.why === LESS;
  // what was to replace an item must be there before the item goes
  const stuckGrowth = possible.some((one) => isStuck(one) && growing.has(operationOf(one)) && !shrinks(one));
  const free = possible.find((one) => one.kind === 'operation' && !isStuck(one) && !(stuckGrowth && shrinks(one)));
  return free ?? possible.find(isStuck) ?? first;
}

/** True while an operation is wanted, now or after others. */
export function isWanted(situation: Situation, intended: IntendedOperation): boolean {
  return possibleIntentions(situation).some((one) => one.kind === 'operation' && isSameOperation(one, intended));
}

const growing: ReadonlySet<string | undefined> = new Set(['changeEntitlement', 'switchEdition']);

function operationOf(intention: Intention): string | undefined {
  return intention.kind === 'operation' ? intention.operation : undefined;
}

function isStuckIn({ stuck = [] }: Situation, intention: Intention): boolean {
  return intention.kind === 'operation' && stuck.some((one) => isSameOperation(one, intention));
}

/** All that is wanted, in order. */
function possibleIntentions(given: Situation): Intention[] {
  const situation = withSuspension(given);
  const { applied, wanted, gone, released } = situation;
  if (applied !== undefined) return changes({ ...situation, applied: comparable(applied, wanted.tenant) });
  const isToExist = wanted.tenant.exists && wanted.tenant.enabled;
  const doubts = isToExist ? questionAboutAge(situation) : [];
  if (doubts.length > 0) return [{ kind: 'asks', open: doubts }];
  if (isToExist && gone?.isRestorable === true)
    return [operation('restoreCustomer', 'it is sold again', { tenant: { id: gone.tenant.tenantId } })];
  if (isToExist && released === true)
    return [
      { kind: 'waits', waitingFor: 'a tenant: its own was released. Adopt one, or say "converge" with "create"' },
    ];
  return [firstOperation(situation)];
}

/** A customer that a person has agreed to suspend, until what was asked about changes. */
function withSuspension(situation: Situation): Situation {
  const { wanted, agreed = {} } = situation;
  const { asksToSuspend, tenant } = wanted;
  if (asksToSuspend === undefined || agreed['suspend'] !== agreement(asksToSuspend)) return situation;
  return { ...situation, wanted: { ...wanted, tenant: { ...tenant, enabled: false } } };
}

function changes(live: Live): Intention[] {
  const { wanted, applied, mayBeDisabled = false } = live;
  const { tenant, open } = wanted;
  const target = { tenant: { id: applied.tenantId } };
  const enables = tenant.exists && tenant.enabled && (!applied.enabled || mayBeDisabled);
  const enable = enables ? [operation('enableTenant', 'it is paid for again', target)] : [];
  if (open.length > 0) return [...enable, { kind: 'asks', open }];
  if (!tenant.exists) return ending(live);
  const disables = !tenant.enabled && applied.enabled;
  return [
    ...enable,
    ...[more(live), production(live), contact(live), edition(live), less(live)].flatMap((one) => one ?? []),
    ...(disables ? [operation('disableTenant', 'no subscription is paid for', target)] : []),
  ];
}

/** No subscription is left: first the tenant is disabled. It is deleted when the rules or a person say so. */
function ending(live: Live): Intention[] {
  const { wanted, applied, agreed = {} } = live;
  const { tenant, ending } = wanted;
  const target = { tenant: { id: applied.tenantId } };
  const isAgreed = agreed['offboard'] === endingAgreement(live);
  if (isAgreed || (!tenant.enabled && ending?.offboard === 'automatic'))
    return [
      operation('offboardCustomer', 'no subscription is left', {
        ...target,
        grace: ending?.grace ?? DEFAULT_GRACE,
        confirm: applied.name,
      }),
    ];
  const disables = !tenant.enabled && applied.enabled;
  return disables ? [operation('disableTenant', 'no subscription is left', target)] : [];
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

/** The field by which a person says yes to what is sold by late facts. */
export const AGE = 'age';

/** An event that comes so late may speak of a customer that has ended meanwhile and is forgotten. */
function questionAboutAge({ wanted: { late }, agreed = {} }: Situation): NotDone[] {
  if (late === undefined || agreed[AGE] === agreement(late)) return [];
  const why =
    `${late.join(', and ')}: it came more than 35 days later, and its source has no apiKey by which we could ask ` +
    `whether it is still so. If it is, say "converge" with the field "${AGE}"`;
  return [{ field: AGE, why }];
}
