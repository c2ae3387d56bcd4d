import type { Tenant } from '../acronis/index.js';
import { isSameId } from '../contract/ids.js';
import { FailureType } from '../contract/failures.js';
import { runIdInTag } from '../contract/mark.js';
import type { TenantRef } from '../contract/orders.js';
import type { Editions } from '../workflows/update-partners/contract.js';
import { activity } from './activity.js';
import type { ActivityDependencies, Attempt, Outcome } from './attempt.js';
import { refuse, reject } from './failures.js';
import { changesBetween } from './item-changes.js';
import { selectAllItems } from './offer.js';
import { findNamedTenant } from './tenant-refs.js';

/**
 * A partner costs up to 9 events, and Temporal ends a run at 51,200 events. The rest is a reserve for workers that die.
 */
const MOST_PARTNERS = 3000;
const tooMany = `root: has more than ${MOST_PARTNERS} partners directly below it, which is more than one run can update; put them into folders, and update one folder at a time`;

interface PartnersSpec {
  cloud: string;
  root: TenantRef | undefined;
  to: Editions;
}

/** A partner as it was found. */
export interface Partner {
  id: string;
  name: string;
  /** The first run id in its mark. */
  madeBy?: string;
  /** Why the partner must not be changed. */
  unfit?: string;
}

/** The items that a partner must have. */
export interface PartnerItems {
  cloud: string;
  tenantId: string;
  parentTenantId: string;
  to: Editions;
}

export function createPartnerUpdateActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Finds the partners directly below a tenant, and which of them must not be changed. Changes nothing. Fails with
     * `Acronis.Rejected` when the tenant cannot have partners or has more than 3,000, and with `Tenantry.NotOffered`
     * when it does not offer the ordered items.
     */
    findPartners: activity.look(dependencies, findPartners),
    /**
     * Gives a partner every item of one edition, or of all editions, that its parent offers. Safe to repeat: it sends
     * only missing items, and no quotas, because a partner with its own quota would refuse the version of the offered
     * one. Reads the partner first, which may have waited for its turn: fails with `Acronis.Rejected` when it lies below
     * another parent by now, which may offer other items, or when it must not be changed any more.
     */
    updatePartnerItems: activity.change(dependencies, updatePartnerItems),
  };
}

async function findPartners(
  { root, to }: PartnersSpec,
  { acronis }: Attempt,
): Promise<Outcome<{ parentTenantId: string; partners: Partner[] }>> {
  const ownId = await acronis.rootTenantId();
  const parentTenantId = root === undefined ? ownId : await parentNamed(acronis, root);
  const { problems } = await offeredTo(acronis, parentTenantId, to);
  if (problems.length > 0) throw refuse(FailureType.NotOffered, problems.map((problem) => `to.${problem}`).join('; '));
  const partners: Partner[] = [];
  for await (const tenant of acronis.tenants.list({ parentId: parentTenantId }))
    if (tenant.kind === 'partner' && tenant.deleted_at === null) {
      if (partners.length === MOST_PARTNERS) throw refuse(FailureType.Rejected, tooMany);
      partners.push(partnerOf(tenant, ownId));
    }
  return { result: { parentTenantId, partners } };
}

async function parentNamed(acronis: Attempt['acronis'], root: TenantRef): Promise<string> {
  const { id, name, kind } = await findNamedTenant(acronis, root, { field: 'root' });
  if (['customer', 'unit'].includes(kind))
    throw refuse(FailureType.Rejected, `root: ${JSON.stringify(name)} is a ${kind}, which has no partners`);
  return id;
}

function partnerOf({ id, name, internal_tag, enabled, update_lock }: Tenant, ownId: string): Partner {
  const madeBy = runIdInTag(internal_tag);
  const foreign = update_lock?.enabled === true && update_lock.owner_id !== ownId;
  const unfit = foreign ? `is locked by tenant ${update_lock.owner_id}` : enabled ? undefined : 'is disabled';
  return { id, name, ...(madeBy === undefined ? {} : { madeBy }), ...(unfit === undefined ? {} : { unfit }) };
}

async function offeredTo(acronis: Attempt['acronis'], parentTenantId: string, to: Editions) {
  const available = await acronis.offeringItems.availableForChild(parentTenantId, { kind: 'partner' });
  return selectAllItems(available, { edition: 'edition' in to ? to.edition : undefined, quotas: {} });
}

async function checkStillFit(acronis: Attempt['acronis'], tenantId: string, parentTenantId: string): Promise<void> {
  const tenant = await acronis.tenants.get(tenantId);
  const isMoved = !isSameId(tenant.parent_id, parentTenantId);
  const unfit = isMoved
    ? `lies below ${tenant.parent_id} by now`
    : partnerOf(tenant, await acronis.rootTenantId()).unfit;
  if (unfit !== undefined) throw reject(`${JSON.stringify(tenant.name)} (${tenantId}) ${unfit}`);
}

async function updatePartnerItems(
  { tenantId, parentTenantId, to }: PartnerItems,
  { acronis, mayHaveActed }: Attempt,
): Promise<Outcome<null>> {
  await checkStillFit(acronis, tenantId, parentTenantId);
  const [{ items }, present] = await Promise.all([
    offeredTo(acronis, parentTenantId, to),
    acronis.offeringItems.list(tenantId),
  ]);
  const missing = changesBetween(present, { on: items, off: [] });
  if (missing.length === 0) return { result: null, adopted: true, changed: mayHaveActed };
  await acronis.offeringItems.put(tenantId, missing);
  return { result: null };
}
