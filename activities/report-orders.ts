import { ApplicationFailure } from '@temporalio/common';
import { isAcronisError, type Acronis, type Report } from '../acronis/index.js';
import type { ReportWish } from '../workflows/produce-report/contract.js';
import { FailureType } from '../contract/failures.js';
import type { UndoOutcome } from '../contract/steps.js';
import { activity, mayBeDone, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { lookAgain, lookForAll, lookForLost } from './looking-again.js';
import { checkNew } from './new-things.js';

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
  /** Reports that this run may have ordered as well, when nobody can tell. */
  inDoubt?: string[];
}

interface ReportPlace {
  cloud: string;
  tenantId: string;
  reportId: string;
}

export function createReportOrderActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Orders a report. A report has no mark, so one whose order was never answered cannot be told from somebody else's: another is ordered, and
     * new ones that are like it are named, since one may have been left over. Refused with 400, which is what the cloud does while the day's usage is not counted up,
     * it waits half an hour, twelve times; then it fails with `Tenantry.NotReady`.
     */
    orderReport: activity(dependencies, patience.change, orderReport),
    /** Makes sure that the cloud keeps a report no longer. Safe to repeat. */
    discardReport: activity(
      dependencies,
      patience.change,
      async (place: ReportPlace, { acronis, unsure }): Promise<Found<null>> =>
        (await remove(acronis, place)) ? { result: null } : { result: null, adopted: true, changed: unsure },
    ),
    /**
     * Deletes the report that this run has ordered. One whose order was never answered cannot be told from somebody else's: new ones that are
     * like it are named as leftovers. Safe to repeat.
     */
    removeReport: activity(dependencies, patience.undo, removeReport),
  };
}

async function orderReport(
  spec: OrderSpec & { look: boolean; unsure?: boolean },
  attempt: Attempt,
): Promise<Found<OrderedReport>> {
  const { acronis } = attempt;
  const see = () => newReports(acronis, spec);
  const inDoubt = mayBeDone(spec, attempt) ? await lookForLost(attempt, spec, see, String) : [];
  const { kind, level, period, format, hideZeroUsage, showSkus } = spec.wish;
  const fields = {
    tenant_id: spec.tenantId,
    kind,
    level,
    period,
    formats: [format],
    hide_zero_usage: hideZeroUsage,
    show_skus: showSkus,
  };
  try {
    const { id } = await acronis.reports.create(fields);
    checkNew(id, spec.known, { operation: 'reports.create', route: 'POST /reports' });
    return { result: { reportId: id, ...(inDoubt.length > 0 ? { inDoubt } : {}) } };
  } catch (error) {
    if (!isAcronisError(error) || error.kind !== 'rejected') throw error;
    throw notCounted(error.message, attempt);
  }
}

function notCounted(message: string, { memory }: Attempt): ApplicationFailure {
  const met = (memory.failures[NOT_COUNTED] ?? 0) + 1;
  memory.failures[NOT_COUNTED] = met;
  return ApplicationFailure.create({
    type: FailureType.NotReady,
    message: `${message}; perhaps the usage of the day is not counted up yet`,
    ...(met > MOST_REFUSALS ? { nonRetryable: true } : { nextRetryDelay: '30 minutes' }),
  });
}

/** Those that were ordered since and are like it. */
async function newReports(acronis: Acronis, { tenantId, wish, known }: OrderSpec): Promise<string[]> {
  const ids = (await acronis.reports.idsOf(tenantId)).filter((id) => !known.includes(id));
  const reports = await Promise.all(ids.map((id) => acronis.reports.get(id)));
  const alike = reports.filter((report) => isLike(report, wish));
  return alike.map(({ id }) => id);
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
  spec: OrderSpec & { came: OrderedReport | null; doubted?: boolean; unsure: boolean },
  attempt: Attempt,
): Promise<Found<UndoOutcome>> {
  const { tenantId, came, unsure, doubted = unsure && came === null } = spec;
  const undone = came !== null && (await removeOwn(attempt, { tenantId, reportId: came.reportId, unsure }));
  const alike = doubted ? await lookForAll(attempt, () => newReports(attempt.acronis, spec), String) : [];
  const inDoubt = alike.filter((id) => id !== came?.reportId);
  if (inDoubt.length === 0) return { result: { undone, leftovers: [] } };
  const reason = `of the report(s) ${inDoubt.join(', ')} this run may have ordered one, and nobody can tell; delete what nobody knows`;
  return { result: { undone, leftovers: [{ kind: 'report', id: tenantId, reason }] } };
}

/** True when it was there, and this run has begun to remove it. */
async function removeOwn(
  attempt: Attempt,
  { unsure, ...place }: { tenantId: string; reportId: string; unsure: boolean },
): Promise<boolean> {
  const { acronis, memory, remember } = attempt;
  const begun = memory.removing === true;
  memory.removing = true;
  remember();
  const gone = async () => ((await remove(acronis, place)) ? true : undefined);
  // a new report may be listed late
  const removed = unsure && !begun ? await lookAgain(attempt, gone) : await gone();
  return removed === true || begun;
}
