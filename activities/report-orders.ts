import { ApplicationFailure } from '@temporalio/common';
import { isAcronisError, type Acronis, type Report } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import type { ReportWish } from '../workflows/produce-report/contract.js';
import { activity } from './activity.js';
import { earlierTries } from './attempt.js';
import type { ActivityDependencies, Attempt, Outcome, StepTries, TenantSpec } from './attempt.js';
import { checkIsNew, lookAgainIf, lookForAll, lookForLost, othersThan } from './lost-answers.js';
import { checkIsGone } from './seen-deletions.js';
import { beginUndo, hasBegun, unlessGone, type StepToUndo, type UndoResult } from './undo.js';

const NOT_COUNTED = 'usage not counted';
/** From 01:00 on the data centre may need until 06:00 to add up the usage of the day, and sometimes longer. */
const MOST_REFUSALS = 12;

interface OrderSpec extends TenantSpec {
  wish: ReportWish;
  /** Ids of the reports that were there before. */
  known: string[];
}

export interface OrderedReport {
  reportId: string;
  /** Ids of other reports that this run may have ordered. */
  inDoubt?: string[];
}

interface ReportRef extends TenantSpec {
  reportId: string;
}

export function createReportOrderActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Orders a report. A report cannot carry a mark, so after a lost answer nobody can tell the report of this run from
     * somebody else's: it orders another, and names new reports that look the same, also those that are listed during
     * the minute after it. The cloud answers 400 while it adds
     * up the usage of the day: then it waits for half an hour, up to twelve times, and then fails with
     * `Tenantry.NotReady`.
     */
    orderReport: activity.change(dependencies, orderReport),
    /** Deletes a report from the cloud. Safe to repeat. */
    discardReport: activity.change(
      dependencies,
      async (place: ReportRef, { acronis, mayHaveActed }): Promise<Outcome<null>> =>
        (await remove(acronis, place)) ? { result: null } : { result: null, adopted: true, changed: mayHaveActed },
    ),
    /**
     * Deletes the report that this run has ordered. After a lost answer nobody can tell it from somebody else's: new
     * reports that look the same are named as leftovers. Safe to repeat.
     */
    removeReport: activity.undo(dependencies, removeReport),
  };
}

async function orderReport(
  spec: OrderSpec & StepTries & { look: boolean },
  attempt: Attempt,
): Promise<Outcome<OrderedReport>> {
  const { acronis } = attempt;
  const see = () => newReports(acronis, spec);
  const again = earlierTries(spec, attempt) === 'maybeDone';
  const lost = again ? await lookForLost(attempt, spec, see, String) : [];
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
    checkIsNew(id, spec.known, { operation: 'reports.create', route: 'POST /reports' });
    const late = again ? await lookForAll(attempt, see, String) : [];
    const inDoubt = othersThan(id, [...lost, ...late]);
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

/** The ids of new reports that look like the one ordered. */
async function newReports(acronis: Acronis, { tenantId, wish, known }: OrderSpec): Promise<string[]> {
  const ids = (await acronis.reports.idsOf(tenantId)).filter((id) => !known.includes(id));
  const reports = await Promise.all(ids.map((id) => acronis.reports.get(id)));
  const alike = reports.filter((report) => isLike(report, wish));
  return alike.map(({ id }) => id);
}

/** A parameter that the cloud does not show counts as equal. */
function isLike({ parameters }: Report, { kind, level, format, period }: ReportWish): boolean {
  const { formats, period: days } = parameters ?? {};
  return (
    parameters?.kind === kind &&
    parameters.level === level &&
    (formats ?? [format]).includes(format) &&
    (period === undefined || (begins(days?.start, period.start) && begins(days?.end, period.end)))
  );
}

const begins = (there: string | null | undefined, day: string) => there?.startsWith(day) ?? true;

/** Deletes a report; false when it was gone already. */
async function remove({ reports }: Acronis, { tenantId, reportId }: Omit<ReportRef, 'cloud'>): Promise<boolean> {
  const isListed = async () => (await reports.idsOf(tenantId)).includes(reportId);
  const removed = await unlessGone(async () => {
    const { version } = await reports.get(reportId);
    await reports.remove(reportId, version ?? 1);
    return true;
  }, isListed);
  return removed === true;
}

async function removeReport(
  spec: OrderSpec & StepToUndo & { came: OrderedReport | null },
  attempt: Attempt,
): Promise<UndoResult> {
  const { tenantId, came, unsure, doubted = unsure && came === null } = spec;
  const undone = came !== null && (await removeOwn(attempt, { tenantId, reportId: came.reportId, unsure }));
  const alike = doubted ? await lookForAll(attempt, () => newReports(attempt.acronis, spec), String) : [];
  const inDoubt = alike.filter((id) => id !== came?.reportId);
  if (inDoubt.length === 0) return { result: { undone, leftovers: [] } };
  const reason = `of the report(s) ${inDoubt.join(', ')} this run may have ordered one, and nobody can tell; delete what nobody knows`;
  return { result: { undone, leftovers: [{ kind: 'report', id: tenantId, reason }] } };
}

/** True when this undo has removed the report, or has begun to. */
async function removeOwn(
  attempt: Attempt,
  { unsure, ...place }: { tenantId: string; reportId: string; unsure: boolean },
): Promise<boolean> {
  const begun = hasBegun(attempt);
  beginUndo(attempt);
  // a new report may be listed late
  const removed = await lookAgainIf(
    unsure && !begun,
    attempt,
    async () => (await remove(attempt.acronis, place)) || undefined,
  );
  const { tenantId, reportId } = place;
  const isListed = async () => (await attempt.acronis.reports.idsOf(tenantId)).includes(reportId);
  if (removed === true) await checkIsGone(attempt, `report ${reportId}`, isListed);
  return removed === true || begun;
}
