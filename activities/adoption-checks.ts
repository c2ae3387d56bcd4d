import { unlessNotFound, type Acronis, type Tenant } from '../acronis/index.js';
import type { EarlierTenant, OrderedTenant, RunOfKey } from '../contract/earlier-runs.js';
import { FailureType } from '../contract/failures.js';
import { runIdInTag, markText, ownership, type Mark, type TagOwner } from '../contract/mark.js';
import { refuse } from './failures.js';
import { whyGivenToAnother } from './tenant-traits.js';

/** What is known of the runs of a key, this one included. */
export interface KnownRuns {
  mark: Mark;
  /** Tenants of earlier runs of the key that completed. */
  made?: readonly EarlierTenant[];
  /** Absent in tasks of earlier versions. */
  runs?: readonly RunOfKey[];
}

/** Ids of the tenants that runs of the key had, in small letters. */
export function tenantsOfRuns({ runs = [] }: Pick<KnownRuns, 'runs'>): string[] {
  return runs.flatMap(({ tenantId }) => tenantId?.toLowerCase() ?? []);
}

/**
 * Fails with `Tenantry.Unexpected` when the run in the mark is known to have made another tenant than this one: people
 * copy tags. A tenant that any run of the key had before is no stranger.
 */
export function checkMadeByItsRun(tenant: Tenant, { mark, runs = [] }: KnownRuns): void {
  if (tenantsOfRuns({ runs }).includes(tenant.id.toLowerCase())) return;
  const maker = runIdInTag(tenant.internal_tag);
  const others = tenantsOfRuns({ runs: runs.filter(({ runId }) => runId === maker) });
  if (others.length === 0) return;
  throw refuse(
    FailureType.Unexpected,
    `${named(tenant)} has the internal tag of this key, but the run in the tag has made another tenant (${others.join(', ')}): somebody may have copied the tag. ` +
      `Write another tag on it, then retry; or, if it is this customer's, set the tag to ${JSON.stringify(markText({ ...mark, runId: 'by-hand' }))}, then retry`,
  );
}

/**
 * Fails with `Tenantry.Unexpected` when somebody has given the tenant to another customer: it is neither as ordered now
 * nor as any known run of the key has ordered it. Nothing of it is written over.
 */
export function checkSameCustomer(
  tenant: Tenant,
  { whose, ordered }: { whose: TagOwner; ordered: OrderedTenant },
  { mark, runs = [], made = [] }: KnownRuns,
): void {
  // the first order of this run is known only after a reset: before, an amendment may have changed it
  const isKnown = whose !== 'ours' || runs.some(({ runId }) => runId === mark.runId);
  const orders = [ordered, ...runs.flatMap((run) => run.ordered ?? [])];
  const why = whyGivenToAnother(tenant, orders, { byNumberOnly: !isKnown, ofSeveralRuns: true });
  if (why !== undefined)
    throw givenToAnother(tenant, why, { isFinished: made.some(({ tenantId }) => tenantId === tenant.id) });
}

/** Fails when the tenant of an earlier completed run exists under another tag: a second one would be wrong. */
export async function checkNoneRetagged(acronis: Acronis, { mark, made = [] }: KnownRuns): Promise<void> {
  for (const { tenantId, workflowId, runId } of made) {
    const tenant = await unlessNotFound(async () => await acronis.tenants.get(tenantId));
    if (tenant === undefined || tenant.deleted_at !== null) continue;
    const { id, name, internal_tag } = tenant;
    if (ownership(mark, internal_tag) !== 'foreign') continue;
    const tag = JSON.stringify(internal_tag ?? '');
    throw refuse(
      FailureType.Unexpected,
      `the tenant ${JSON.stringify(name)} (${id}) that ${workflowId} has made for this key is still there, and somebody has changed its internal tag to ${tag}: ` +
        `set the tag to ${JSON.stringify(markText({ ...mark, runId }))} again, then retry; or order under another key, if this is another customer`,
    );
  }
}

/** The refusal to write over a tenant that was given to another customer. */
export function givenToAnother(tenant: Tenant, why: string, { isFinished = false } = {}) {
  const otherwise = isFinished
    ? 'order under another key'
    : 'write another internal tag on it, then retry: then a new one is made';
  return refuse(
    FailureType.Unexpected,
    `the tenant of this key, ${named(tenant)}, seems to be another customer's by now: ${why}. ` +
      `Set it as ordered in the console, then retry; or, if it is another customer's, ${otherwise}`,
  );
}

function named({ id, name }: Tenant): string {
  return `${JSON.stringify(name)} (${id})`;
}
