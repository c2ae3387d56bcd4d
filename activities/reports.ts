import { createHash } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import type { KeptReport, ReportWish } from '../workflows/produce-report/contract.js';
import type { TenantRef } from '../contract/orders.js';
import { FailureType } from '../contract/failures.js';
import type { ArtefactFile, ArtefactStore } from '../contract/artefacts.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import type { AttemptMemory } from './failures.js';
import { checkOwners } from './report-owners.js';
import { rejected, tenantMeant } from './tenant-refs.js';

const STORE = 'artefact store';
/** With Temporal's growing pauses this is a minute or two. */
const MOST_STORE_FAILURES = 8;

export interface ReportDependencies extends ActivityDependencies {
  artefacts: ArtefactStore;
}

interface ReportPlace {
  cloud: string;
  reportId: string;
}

/** How far a report is, once that is decided. */
export type MadeReport = { state: 'saved'; storedId: string; size?: number } | { state: 'failed' };

export function createReportActivities(dependencies: ReportDependencies) {
  return {
    /**
     * Finds the one tenant that a report shall be on, the root unless one is named. Changes nothing. Fails with `Acronis.Rejected` when none or
     * several fit, and when the tenant has nobody whom the report would be about.
     */
    findReportTenant: activity(dependencies, patience.look, findReportTenant),
    /** The reports that a tenant has. Changes nothing. */
    findReports: activity(dependencies, patience.look, findReports),
    /** Whether a report has been made, or cannot be; null while it is in the making. Changes nothing. */
    awaitReport: activity(dependencies, patience.look, awaitReport),
    /**
     * Puts the file of a report into the artefact store, byte for byte, and says where it is. A file that is not whole, or not of the format that was
     * ordered, or of other tenants only, is not kept: it fails with `Acronis.Unreadable`. Safe to repeat: the name is made of the report's id.
     */
    keepReport: activity(dependencies, patience.change, async (spec: KeepSpec, attempt) =>
      keepReport(dependencies.artefacts, spec, attempt),
    ),
  };
}

interface ReportedSpec extends Pick<ReportWish, 'kind' | 'level'> {
  cloud: string;
  tenant: TenantRef | undefined;
}

async function findReportTenant({ tenant, kind, level }: ReportedSpec, { acronis }: Attempt) {
  if (tenant === undefined) return { result: { tenantId: await acronis.rootTenantId() } };
  const { id, name, kind: is } = await tenantMeant(acronis, tenant);
  const said = `${JSON.stringify(name)} is a ${is}`;
  if (withoutChildren.includes(is) && ofChildren.includes(level))
    throw rejected(`level: ${said} and has nobody for ${level}; take "itself" or "accounts"`);
  if (withoutChildren.includes(is) && kind === 'usage_breakdown')
    throw rejected(`kind: ${said}, and usage_breakdown is of partners; take "usage_current" or "usage_summary"`);
  return { result: { tenantId: id } };
}

/** Kinds of tenants that have no partners and no customers. */
const withoutChildren = ['customer', 'unit'];
const ofChildren: readonly ReportWish['level'][] = ['direct_partners', 'all_partners', 'all_customers'];

async function findReports({ tenantId }: { cloud: string; tenantId: string }, { acronis }: Attempt) {
  return { result: { ids: await acronis.reports.idsOf(tenantId) } };
}

async function awaitReport(
  { reportId, format }: ReportPlace & { format: string },
  { acronis }: Attempt,
): Promise<Found<MadeReport | null>> {
  const files = await acronis.reports.stored(reportId);
  const file =
    files.find(({ report_format }) => report_format === format) ?? (files.length === 1 ? files[0] : undefined);
  if (file?.status === 'failed') return { result: { state: 'failed' } };
  if (file?.status !== 'saved' || file.id === null) return { result: null };
  return { result: { state: 'saved', storedId: file.id, ...(file.size !== null && { size: file.size }) } };
}

interface KeepSpec extends ReportPlace {
  tenantId: string;
  storedId: string;
  /** Bytes, as the vendor states them. Absent where it states none, and in runs that an older version began. */
  size?: number | undefined;
  wish: ReportWish;
}

async function keepReport(
  store: ArtefactStore,
  { tenantId, reportId, storedId, size, wish: { kind, format } }: KeepSpec,
  { acronis, memory }: Attempt,
): Promise<Found<KeptReport>> {
  const expected = { format, size: size ?? null };
  const { bytes: content, rows, tenants } = await acronis.reports.download(reportId, storedId, expected);
  await checkOwners(acronis, tenantId, tenants);
  const { ending, type } = forms[format];
  const artefact = await kept(
    store,
    { name: `reports/${tenantId}/${kind}-${reportId}.${ending}`, content, type },
    memory,
  );
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { result: { artefact, bytes: content.byteLength, sha256, ...(rows !== undefined && { rows }) } };
}

const csv = { ending: 'csv', type: 'text/csv; charset=utf-8' };
const json = { ending: 'json', type: 'application/json' };
const forms: Record<ReportWish['format'], { ending: string; type: string }> = {
  csv,
  csv_v2_0: csv,
  json_v1: json,
  json_v2_0: json,
  html: { ending: 'html', type: 'text/html; charset=utf-8' },
};

async function kept(store: ArtefactStore, file: ArtefactFile, memory: AttemptMemory): Promise<string> {
  try {
    return await store.put(file);
  } catch (error) {
    const met = (memory.failures[STORE] ?? 0) + 1;
    memory.failures[STORE] = met;
    throw ApplicationFailure.create({
      type: FailureType.Artefact,
      message: `the artefact store does not take ${file.name}: ${(error as Error).message}`,
      nonRetryable: met > MOST_STORE_FAILURES,
    });
  }
}
