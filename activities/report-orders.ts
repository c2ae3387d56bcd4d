import { ApplicationFailure } from '@temporalio/common';
import { isAcronisError, type Acronis, type Report } from '../acronis/index.js';
import type { ReportWish } from '../workflows/produce-report/contract.js';
import { FailureType, type FailureFacts } from '../workflows/shared/failures.js';
import type { UndoOutcome } from '../workflows/shared/undos.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import type { AttemptMemory } from './failures.js';
import { lookAgain } from './looking-again.js';

const NOT_COUNTED = 'usage not counted';
/** From 01:00 on it may take the data centre until 06:00 to count up the day's usage, and longer when it is late. */
const MOST_REFUSALS = 12;

interface OrderSpec {
  cloud: string;
  tenantId: string;
  wish: ReportWish;
  /** Ids of the reports that are not this order's. */
  known: string[];
}

export interface OrderedReport {
  reportId: string;
}

interface ReportPlace {
  cloud: string;
  tenantId: string;
  reportId: string;
}

export function createReportOrderActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Makes sure that a report is ordered. A report has no mark: any try but the first looks for a minute for the only new one that is like it,
     * and orders another when there is none or several. Refused with 400, which is what the cloud does while the day's usage is not counted up,
     * it waits half an hour, twelve times; then it fails with `Tenantry.NotReady`.
     */
    orderReport: activity(dependencies, patience.change, orderReport),
    /** Makes sure that the cloud keeps a report no longer. Safe to repeat. */
    discardReport: activity(
      dependencies,
      patience.change,
      async (place: ReportPlace, { acronis, first }): Promise<Found<null>> =>
        (await remove(acronis, place)) ? { result: null } : { result: null, adopted: true, changed: !first },
    ),
    /** Takes an order back. Where it is not known which report is this order's, it takes the only new one that is like it. Safe to repeat. */
    removeReport: activity(dependencies, patience.undo, removeReport),
  };
}

async function orderReport(spec: OrderSpec & { look: boolean }, attempt: Attempt): Promise<Found<OrderedReport>> {
  const { acronis, first, memory } = attempt;
  if (spec.look || !first) {
    const [reportId, ...others] = (await lookAgain(attempt, () => newReports(acronis, spec))) ?? [];
    if (reportId !== undefined && others.length === 0) return { result: { reportId }, adopted: true, changed: true };
  }
  const { kind, level, period, format, hideZeroUsage, showSkus } = spec.wish;
  try {
    const { id } = await acronis.reports.create({
      tenant_id: spec.tenantId,
      kind,
      level,
      period,
      formats: [format],
      hide_zero_usage: hideZeroUsage,
      show_skus: showSkus,
    });
    return { result: { reportId: id } };
  } catch (error) {
    if (!isAcronisError(error) || error.kind !== 'rejected') throw error;
    throw notCounted(error.message, memory);
  }
}

function notCounted(message: string, memory: AttemptMemory): ApplicationFailure {
  const met = (memory.failures[NOT_COUNTED] ?? 0) + 1;
  memory.failures[NOT_COUNTED] = met;
  return ApplicationFailure.create({
    type: FailureType.NotReady,
    message: `${message}; perhaps the usage of the day is not counted up yet`,
    details: [{ attempts: met, apiCalls: memory.apiCalls } satisfies FailureFacts],
    ...(met > MOST_REFUSALS ? { nonRetryable: true } : { nextRetryDelay: '30 minutes' }),
  });
}

/** Those that were ordered since and are like it; undefined when there are none. */
async function newReports(acronis: Acronis, { tenantId, wish, known }: OrderSpec): Promise<string[] | undefined> {
  const ids = (await acronis.reports.idsOf(tenantId)).filter((id) => !known.includes(id));
  const reports = await Promise.all(ids.map((id) => acronis.reports.get(id)));
  const alike = reports.filter((report) => isLike(report, wish));
  return alike.length === 0 ? undefined : alike.map(({ id }) => id);
}

/** What the cloud does not tell of an order is no difference. */
function isLike({ parameters }: Report, { kind, level, format, period }: ReportWish): boolean {
  const { formats, period: days } = parameters ?? {};
  return (
    parameters?.kind === kind &&
    parameters.level === level &&
    (formats ?? [format]).includes(format) &&
    (period === undefined || (begins(days?.start, period.start) && begins(days?.end, period.end)))
  );
}

const begins = (told: string | null | undefined, day: string) => told?.startsWith(day) ?? true;

/** False when it is gone already. "Not found" is believed only when the tenant does not list it: out of sight is not deleted. */
async function remove(acronis: Acronis, { tenantId, reportId }: Omit<ReportPlace, 'cloud'>): Promise<boolean> {
  try {
    const { version } = await acronis.reports.get(reportId);
    await acronis.reports.remove(reportId, version ?? 1);
    return true;
  } catch (error) {
    if (!isAcronisError(error) || error.kind !== 'not-found') throw error;
    if ((await acronis.reports.idsOf(tenantId)).includes(reportId)) throw error;
    return false;
  }
}

async function removeReport(
  { came, unsure, ...spec }: OrderSpec & { came: OrderedReport | null; unsure: boolean },
  attempt: Attempt,
): Promise<Found<UndoOutcome>> {
  const { acronis, memory, remember } = attempt;
  const { tenantId } = spec;
  const begun = memory.removing === true;
  const [reportId, ...others] = came ? [came.reportId] : await ordered(spec, unsure, attempt);
  if (reportId === undefined) return { result: { undone: begun, leftovers: [] } };
  if (others.length > 0) {
    const reason = `this run ordered one of the reports ${[reportId, ...others].join(', ')}, and nobody can tell which`;
    return { result: { undone: false, leftovers: [{ kind: 'report', id: tenantId, reason }] } };
  }
  memory.removing = true;
  remember();
  const gone = async () => ((await remove(acronis, { tenantId, reportId })) ? true : undefined);
  // a new report may be listed late
  const removed = came && unsure && !begun ? await lookAgain(attempt, gone) : await gone();
  return { result: { undone: removed === true || begun, leftovers: [] } };
}

/** What an order that may have taken effect has brought; an order that was refused has brought nothing. */
async function ordered(spec: OrderSpec, unsure: boolean, attempt: Attempt): Promise<string[]> {
  if (!unsure) return [];
  return (await lookAgain(attempt, () => newReports(attempt.acronis, spec))) ?? [];
}
