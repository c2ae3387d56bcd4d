import { createHash } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { AcronisError, type Acronis } from '../acronis/index.js';
import { UUID } from '../contract/ids.js';
import type { ArtefactFile, ArtefactStore } from '../contract/artefacts.js';
import { FailureType } from '../contract/failures.js';
import type { TenantRef } from '../contract/orders.js';
import type { KeptReport, ReportWish } from '../workflows/produce-report/contract.js';
import { activity } from './activity.js';
import type { ActivityDependencies, Attempt, Outcome } from './attempt.js';
import type { AttemptMemory } from './failures.js';
import { refuse, reject } from './failures.js';
import { findNamedTenant } from './tenant-refs.js';

const STORE = 'artefact store';
/** With Temporal's growing pauses these take a minute or two. */
const MOST_STORE_FAILURES = 8;

export interface ReportDependencies extends ActivityDependencies {
  artefacts: ArtefactStore;
}

interface ReportRef {
  cloud: string;
  reportId: string;
}

/** The state of a report that is finished. */
export type MadeReport = { state: 'saved'; storedId: string; size?: number } | { state: 'failed' };

export function createReportActivities(dependencies: ReportDependencies) {
  return {
    /**
     * Finds the tenant of a report, the root unless the order names one. Changes nothing. Fails with `Acronis.Rejected`
     * when none or several fit, and when the report would be about children that the tenant cannot have.
     */
    findReportTenant: activity.look(dependencies, findReportTenant),
    /**
     * Checks whether the artefact store accepts files. Changes nothing. Fails with `Tenantry.Artefact` when it is known
     * that it does not; a store that does not answer now passes.
     */
    checkArtefactStore: activity.look(dependencies, async (_spec: { cloud: string }) =>
      checkArtefactStore(dependencies.artefacts),
    ),
    /** Reads the ids of the reports of a tenant. Changes nothing. */
    findReports: activity.look(dependencies, findReports),
    /** Reads whether a report is finished or has failed; null while the cloud is making it. Changes nothing. */
    awaitReport: activity.look(dependencies, awaitReport),
    /**
     * Puts the file of a report into the artefact store, byte for byte, and answers where it is. Fails with
     * `Acronis.Unreadable` when the file is not complete, has another format, or is only about other tenants. Safe to
     * repeat: the name of the file comes from the id of the report.
     */
    keepReport: activity.change(dependencies, async (spec: KeepSpec, attempt) =>
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
  const { id, name, kind: is } = await findNamedTenant(acronis, tenant);
  const said = `${JSON.stringify(name)} is a ${is}`;
  if (withoutChildren.includes(is) && ofChildren.includes(level))
    throw reject(`level: ${said} and has nobody for ${level}; take "itself" or "accounts"`);
  if (withoutChildren.includes(is) && kind === 'usage_breakdown')
    throw reject(`kind: ${said}, and usage_breakdown is of partners; take "usage_current" or "usage_summary"`);
  return { result: { tenantId: id } };
}

/** Kinds of tenants that have no partners and no customers. */
const withoutChildren = ['customer', 'unit'];
const ofChildren: readonly ReportWish['level'][] = ['direct_partners', 'all_partners', 'all_customers'];

async function checkArtefactStore(store: ArtefactStore): Promise<Outcome<null>> {
  const { state, message } = await store.check();
  if (state === 'ok' || state === 'unsure') return { result: null };
  throw refuse(FailureType.Artefact, `the report cannot be stored: ${message}`);
}

async function findReports({ tenantId }: { cloud: string; tenantId: string }, { acronis }: Attempt) {
  return { result: { ids: await acronis.reports.idsOf(tenantId) } };
}

async function awaitReport(
  { reportId, format }: ReportRef & { format: string },
  { acronis }: Attempt,
): Promise<Outcome<MadeReport | null>> {
  const files = await acronis.reports.stored(reportId);
  const file =
    files.find(({ report_format }) => report_format === format) ?? (files.length === 1 ? files[0] : undefined);
  if (file?.status === 'failed') return { result: { state: 'failed' } };
  if (file?.status !== 'saved' || file.id === null) return { result: null };
  return { result: { state: 'saved', storedId: file.id, ...(file.size !== null && { size: file.size }) } };
}

interface KeepSpec extends ReportRef {
  tenantId: string;
  storedId: string;
  /** Bytes, as the vendor says. Absent where it does not say, and in runs that an earlier version began. */
  size?: number | undefined;
  wish: ReportWish;
}

async function keepReport(
  store: ArtefactStore,
  { tenantId, reportId, storedId, size, wish: { kind, format } }: KeepSpec,
  { acronis, memory }: Attempt,
): Promise<Outcome<KeptReport>> {
  const expected = { format, size: size ?? null };
  const file = acronis.reports.download(reportId, storedId, expected);
  const sha256 = createHash('sha256');
  async function* content() {
    for await (const part of file.content) {
      sha256.update(part);
      yield part;
    }
    await checkOwners(acronis, tenantId, file.summary().tenants);
  }
  const { ending, type } = forms[format];
  const name = `reports/${tenantId}/${kind}-${reportId}.${ending}`;
  const artefact = await storeFile(store, { name, content: content(), type }, memory);
  const { bytes, rows } = file.summary();
  return { result: { artefact, bytes, sha256: sha256.digest('hex'), ...(rows !== undefined && { rows }) } };
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

async function storeFile(store: ArtefactStore, file: ArtefactFile, memory: AttemptMemory): Promise<string> {
  let fault: { thrown: unknown } | undefined;
  async function* content() {
    try {
      yield* file.content;
    } catch (error) {
      fault = { thrown: error };
      throw error;
    }
  }
  try {
    return await store.put({ ...file, content: content() });
  } catch (error) {
    // a file that does not come, or is not complete, is no failure of the store
    if (fault !== undefined) throw fault.thrown;
    const met = (memory.failures[STORE] ?? 0) + 1;
    memory.failures[STORE] = met;
    throw ApplicationFailure.create({
      type: FailureType.Artefact,
      message: `the artefact store does not take ${file.name}: ${(error as Error).message}`,
      nonRetryable: met > MOST_STORE_FAILURES,
    });
  }
}

/**
 * Fails with `unreadable` when a report is only about other tenants: neither about the tenant for which it was ordered,
 * nor about one that is or was below it. A report that does not name tenants by their ids passes.
 */
async function checkOwners(acronis: Acronis, tenantId: string, tenants: readonly string[] = []): Promise<void> {
  const named = new Set(tenants);
  if (named.size === 0 || named.has(tenantId) || ![...named].every((id) => UUID.test(id))) return;
  for await (const { id } of acronis.tenants.list({ subtreeRootId: tenantId }, { allowDeleted: true }))
    if (named.has(id)) return;
  throw new AcronisError('unreadable', 'reports.download', {
    route: 'GET /reports/{id}/stored/{id}',
    status: 200,
    reason: 'the report is only about other tenants',
  });
}
