import type { TenantState, WantedQuota } from '../../contract/customers.js';
import type { BelowUse } from '../../contract/sales-plans.js';
import { isSteep, itemFall, quotaFall, valueOf, type OpenFall } from './falls.js';
import {
  agreement,
  isSame,
  operation,
  type AppliedTenant,
  type Intention,
  type Live,
  type Situation,
} from './intention.js';

/**
 * What was applied, as far as it can be compared with what is wanted. An edition has items that no plan names: of these
 * only quotas are known. A quota that no plan names any more stays in the cloud as it is.
 */
export function comparable(applied: AppliedTenant, wanted: TenantState): AppliedTenant {
  const isOfEdition = (item: string) => !wanted.offeringItems.includes(item) && Object.hasOwn(wanted.quotas, item);
  const offeringItems = applied.offeringItems.filter((item) => !isOfEdition(item));
  const known = new Set([...offeringItems, ...wanted.offeringItems, ...Object.keys(wanted.quotas)]);
  const quotas = Object.fromEntries(Object.entries(applied.quotas).filter(([item]) => known.has(item)));
  return { ...applied, offeringItems, quotas };
}

/** Items and quotas that have grown since they were last applied. It names only what has changed. */
export function more({ wanted: { tenant, placement }, applied, setAside = {} }: Live): Intention | undefined {
  const raised = raisedQuotas(applied, tenant);
  const isSetAside = (item: string, quota: WantedQuota) => setAside[`quotas.${item}`] === agreement(quota);
  const isNew = (item: string) => !applied.offeringItems.includes(item);
  const isFreed = (item: string) => item in applied.quotas && !(item in tenant.quotas);
  const offeringItems = tenant.offeringItems.filter((item) => isNew(item) || isFreed(item));
  const quotas = only(
    raised,
    (item, quota) => offeringItems.includes(item) || !(isSame(quota, applied.quotas[item]) || isSetAside(item, quota)),
  );
  const infra = offeringItems.length > 0 ? placement?.infra : undefined;
  return change({ tenantId: applied.tenantId, why: 'more is sold', offeringItems, quotas, ...(infra && { infra }) });
}

/**
 * Items and quotas that have shrunk since they were last applied. A fall by more than half needs a yes; all others go
 * on.
 */
export function less(live: Live): Intention | undefined {
  const { applied, wanted } = live;
  const { remove, cuts } = shrunk(live);
  const open = openAmong(live);
  const isOpen = (name: string) => open.some(({ field }) => field === name);
  const intention = change({
    tenantId: applied.tenantId,
    why: LESS,
    offeringItems: [],
    quotas: only(cuts, (item) => !isOpen(`quotas.${item}`)),
    remove: remove.filter((item) => !isOpen(`offeringItems.${item}`)),
    belowUse: wanted.belowUse,
  });
  const asked = open.map(({ field, why }) => ({ field, why }));
  return intention ?? (asked.length > 0 ? { kind: 'asks', open: asked } : undefined);
}

/** The falls about which a person is asked: by field, what a yes to each stands for. */
export function openFalls(situation: Situation): Record<string, string> {
  const { applied, wanted } = situation;
  if (applied === undefined || !wanted.tenant.exists) return {};
  const open = openAmong({ ...situation, applied: comparable(applied, wanted.tenant) });
  return Object.fromEntries(open.map(({ field, fall }) => [field, fall]));
}

function openAmong(live: Live): OpenFall[] {
  const { wanted, applied, agreed = {}, retried = {}, falls } = live;
  if (!wanted.asksAboutFalls) return [];
  const { remove, cuts } = shrunk(live);
  const isAsked = ({ field, fall }: OpenFall) => falls?.asked[field] === fall;
  const quotas = Object.entries(cuts).flatMap(([item, quota]) => {
    const former = falls?.former[item];
    const one = quotaFall(item, applied.quotas[item], quota, former);
    // who was asked is not passed over because time has passed
    return isSteep(applied.quotas[item], quota, former) || isAsked(one) ? one : [];
  });
  const items = remove
    .filter((item) => !wanted.endedItems.includes(item) && isSteep(applied.quotas[item], NOTHING, falls?.former[item]))
    .map((item) => itemFall(item, applied.quotas[item]));
  // what is tried again was agreed to when it was tried first
  const isDecided = ({ field, fall, wanted: to }: OpenFall) => agreed[field] === fall || retried[field] === to;
  return [...quotas, ...(falls ? items : [])].filter((one) => !isDecided(one));
}

const NOTHING: WantedQuota = { limit: 0 };

/** What is less than it was, apart from what the use does not allow now. */
function shrunk({ wanted: { tenant }, applied, setAside = {} }: Live) {
  const isSetAside = (field: string, value: unknown) => setAside[field] === agreement(value);
  const remove = applied.offeringItems.filter(
    (item) => !tenant.offeringItems.includes(item) && !isSetAside(`offeringItems.${item}`, false),
  );
  const cuts = only(
    tenant.quotas,
    (item, quota) => !isSame(quota, applied.quotas[item]) && !isSetAside(`quotas.${item}`, quota),
  );
  return { remove, cuts };
}

/** The fields that a change is about, with what is wanted of each; false for an item that is switched off. */
export function cutsIn(input: object): Record<string, unknown> {
  const { quotas = {}, remove = [] } = input as { quotas?: Record<string, WantedQuota>; remove?: string[] };
  return Object.fromEntries([
    ...Object.entries(quotas).map(([item, quota]) => [`quotas.${item}`, quota] as const),
    ...remove.map((item) => [`offeringItems.${item}`, false] as const),
  ]);
}

/** Why quotas are cut and items are switched off. */
export const LESS = 'less is sold';

interface Change {
  tenantId: string;
  why: string;
  offeringItems: string[];
  quotas: Record<string, WantedQuota>;
  remove?: string[];
  /** Where new items keep their data. */
  infra?: Record<string, string>;
  belowUse?: BelowUse;
}

function change({
  tenantId,
  why,
  offeringItems,
  quotas,
  remove = [],
  infra = {},
  belowUse = 'keep',
}: Change): Intention | undefined {
  const given = {
    ...(offeringItems.length > 0 && { offeringItems }),
    ...(Object.keys(quotas).length > 0 && { quotas }),
    ...(remove.length > 0 && { remove: remove.toSorted() }),
    ...(Object.keys(infra).length > 0 && { infra }),
  };
  const rule = belowUse !== 'keep' && Object.keys(quotas).length > 0 ? { belowUse } : {};
  return isSame(given, {})
    ? undefined
    : operation('changeEntitlement', why, { tenant: { id: tenantId }, ...given, ...rule });
}

/** Of each item the higher quota; none where none is wanted. */
function raisedQuotas(applied: TenantState, wanted: TenantState): Record<string, WantedQuota> {
  const had = (item: string) => applied.offeringItems.includes(item) || item in applied.quotas;
  // which items an edition has is not known here, so a new quota of one may be a cut
  const mayBeCut = (item: string) => applied.edition !== undefined && !wanted.offeringItems.includes(item);
  const entries = Object.entries(wanted.quotas).flatMap(([item, next]): [string, WantedQuota][] => {
    const quota = applied.quotas[item];
    if (quota !== undefined) return [[item, isHigher(next, quota) ? next : quota]];
    return had(item) || mayBeCut(item) ? [] : [[item, next]];
  });
  return Object.fromEntries(entries);
}

function only(
  quotas: Record<string, WantedQuota>,
  isMeant: (item: string, quota: WantedQuota) => boolean,
): Record<string, WantedQuota> {
  const entries = Object.entries(quotas).filter(([item, quota]) => isMeant(item, quota));
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** It allows more before the cloud warns or stops, and never less. */
function isHigher(one: WantedQuota, other: WantedQuota): boolean {
  const warns = valueOf(one.limit) - valueOf(other.limit);
  const stops = warns + valueOf(one.overage ?? 0) - valueOf(other.overage ?? 0);
  return warns >= 0 && stops >= 0 && warns + stops > 0;
}
