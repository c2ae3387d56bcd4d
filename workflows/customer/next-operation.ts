import { readAmount } from '../../contract/amounts.js';
import type { IntendedOperation, NotDone, TenantState, WantedQuota } from '../../contract/customers.js';
import type { WantedCustomer } from './wanted.js';

/** What happens next with a customer: an operation, a wait, a question, or nothing. */
export type Intention =
  | ({ kind: 'operation' } & IntendedOperation)
  | { kind: 'waits'; waitingFor: string }
  | { kind: 'asks'; open: NotDone[] }
  | { kind: 'nothing' };

/** A tenant, with what was wanted when each of its fields was last applied. */
export interface AppliedTenant extends TenantState {
  tenantId: string;
}

/** A customer and its tenant. */
export interface Situation {
  ref: string;
  cloud?: string;
  wanted: WantedCustomer;
  /** The tenant, with what was wanted when each field was last applied. Absent while there is none. */
  applied?: AppliedTenant;
  /** Questions to which a person has said yes, by field. */
  allowed?: readonly string[];
}

/**
 * The next operation that brings a tenant to what is wanted, one at a time: enable, more, contact, edition, less,
 * disable. It compares what is wanted now with what was wanted when it was last applied, so what a person has changed by
 * hand stays.
 */
export function nextOperation(situation: Situation): Intention {
  return situation.applied === undefined
    ? firstOperation(situation)
    : nextChange({ ...situation, applied: situation.applied });
}

function firstOperation({ ref, cloud, wanted }: Situation): Intention {
  const { tenant, placement, login, open } = wanted;
  if (!tenant.exists || !tenant.enabled) return { kind: 'nothing' };
  if (open.length > 0) return { kind: 'asks', open };
  const { name, contact } = tenant;
  const needsContact = placement?.administrator === 'contact';
  const missing = [
    ...(name === undefined ? ['name'] : []),
    ...(needsContact && contact === undefined ? ['e-mail'] : []),
  ];
  if (placement === undefined || name === undefined || missing.length > 0)
    return { kind: 'waits', waitingFor: `${missing.join(' and ')} of the customer` };
  const { language, infra, twoFactor, parentTenantId, loginPattern, administrator } = placement;
  const email = contact?.email;
  return operation('provisionCustomer', 'it is sold and no tenant of it is known', {
    ...(cloud !== undefined && { cloud }),
    externalRef: ref,
    customer: {
      name,
      customerId: ref,
      language: tenant.language ?? language,
      ...(parentTenantId !== undefined && { parentTenantId }),
      ...(contact && { contact }),
    },
    ...entitlement(tenant),
    ...(tenant.edition !== undefined && { edition: tenant.edition }),
    ...(Object.keys(infra).length > 0 && { infra }),
    twoFactor,
    billingMode: tenant.billingMode,
    ...(tenant.billingMode === 'production' && { confirm: name }),
    ...(administrator === 'contact' &&
      email !== undefined && {
        administrator: { ...contact, login: login ?? loginOf(loginPattern, email, ref) },
        activation: { by: 'email' },
      }),
  });
}

function loginOf(pattern: string, email: string, ref: string): string {
  return pattern.replaceAll('{email}', () => email).replaceAll('{ref}', () => ref);
}

type Live = Situation & { applied: AppliedTenant };

function nextChange(live: Live): Intention {
  const { wanted, applied } = live;
  const { tenant, open } = wanted;
  const target = { tenant: { id: applied.tenantId } };
  if (tenant.exists && tenant.enabled && !applied.enabled)
    return operation('enableTenant', 'it is paid for again', target);
  if (open.length > 0) return { kind: 'asks', open };
  if (tenant.exists) {
    const change = more(live) ?? contact(live) ?? edition(live) ?? less(live);
    if (change !== undefined) return change;
  }
  if (!tenant.enabled && applied.enabled)
    return operation(
      'disableTenant',
      tenant.exists ? 'no subscription is paid for' : 'no subscription is left',
      target,
    );
  return { kind: 'nothing' };
}

function more({ wanted: { tenant }, applied }: Live): Intention | undefined {
  const items = [...new Set([...applied.offeringItems, ...tenant.offeringItems])].toSorted();
  const quotas = raised(applied, tenant);
  const target = { tenant: { id: applied.tenantId } };
  if (!isSame([items, quotas], [applied.offeringItems, applied.quotas]))
    return operation('changeEntitlement', 'more is sold', {
      ...target,
      ...entitlement({ offeringItems: items, quotas }),
    });
  if (tenant.billingMode === 'production' && applied.billingMode === 'trial')
    return operation('switchToProduction', 'it is paid for', { ...target, confirm: tenant.name ?? applied.name });
  return undefined;
}

/** Of each item the higher quota; none where none is wanted. Items that are no longer wanted keep theirs. */
function raised(applied: TenantState, wanted: TenantState): Record<string, WantedQuota> {
  const entries = Object.entries(applied.quotas).flatMap(([item, quota]): [string, WantedQuota][] => {
    const next = wanted.quotas[item];
    if (next !== undefined) return [[item, isHigher(next, quota) ? next : quota]];
    return wanted.offeringItems.includes(item) ? [] : [[item, quota]];
  });
  const had = (item: string) => applied.offeringItems.includes(item) || item in applied.quotas;
  // which items an edition has is not known here, so a new quota of one may be a cut
  const mayBeCut = (item: string) => applied.edition !== undefined && !wanted.offeringItems.includes(item);
  const isNew = ([item]: [string, WantedQuota]) => !had(item) && !mayBeCut(item);
  return sorted([...entries, ...Object.entries(wanted.quotas).filter(isNew)]);
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

function less({ wanted: { tenant, asksAboutFalls }, applied, allowed = [] }: Live): Intention | undefined {
  const removed = applied.offeringItems.filter((item) => !tenant.offeringItems.includes(item));
  if (removed.length === 0 && isSame(tenant.quotas, applied.quotas)) return undefined;
  const steep = Object.keys(tenant.quotas).filter((item) => isSteep(applied.quotas[item], tenant.quotas[item]!));
  const open = steep
    .filter((item) => asksAboutFalls && !allowed.includes(`quotas.${item}`))
    .map((item) => ({ field: `quotas.${item}`, why: fallText(applied.quotas[item], tenant.quotas[item]!) }));
  if (open.length > 0) return { kind: 'asks', open };
  return operation('changeEntitlement', 'less is sold', {
    tenant: { id: applied.tenantId },
    ...entitlement(tenant),
    ...(removed.length > 0 && { remove: removed }),
  });
}

function isHigher(one: WantedQuota, other: WantedQuota): boolean {
  return valueOf(one.limit) + valueOf(one.overage ?? 0) > valueOf(other.limit) + valueOf(other.overage ?? 0);
}

/** A fall by more than half, also from unlimited. */
function isSteep(before: WantedQuota | undefined, after: WantedQuota): boolean {
  return before === undefined || valueOf(after.limit) < valueOf(before.limit) / 2;
}

function fallText(before: WantedQuota | undefined, after: WantedQuota): string {
  if (before === undefined) return `it was unlimited and would be ${after.limit}`;
  return `it falls from ${before.limit} to ${after.limit}: that is more than half`;
}

function valueOf(amount: string | number): number {
  return readAmount(amount)?.value ?? 0;
}

function entitlement({ offeringItems, quotas }: Pick<TenantState, 'offeringItems' | 'quotas'>) {
  return {
    ...(offeringItems.length > 0 && { offeringItems }),
    ...(Object.keys(quotas).length > 0 && { quotas }),
  };
}

function operation(name: string, why: string, input: object): Intention {
  return { kind: 'operation', operation: name, why, input };
}

function sorted<T>(entries: [string, T][]): Record<string, T> {
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
