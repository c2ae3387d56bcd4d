import { FailureType } from '../contract/failures.js';
import { activity } from './activity.js';
import { earlierTries } from './attempt.js';
import type { ActivityDependencies, Attempt, Outcome, StepTries, TenantSpec } from './attempt.js';
import { refuse } from './failures.js';
import { leaveAsIs, nothingToUndo, type StepToUndo, type UndoResult } from './undo.js';

/** An application that a tenant uses. */
export interface UsedApplication {
  applicationId: string;
  /** E.g. `backup`; its id where the cloud lists no such application. */
  type: string;
}

/** The application that holds the others together; the vendor does not allow to switch it off. */
const PLATFORM = 'platform';

/**
 * @see https://developer.acronis.com/doc/account-management/v2/guide/ (services)
 */
export function createApplicationActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Finds the applications that a tenant uses, without the platform and the exceptions. Changes nothing. Fails with
     * `Acronis.Rejected` when an exception names no application: a spelling mistake there would destroy data that must
     * stay.
     */
    findApplications: activity.look(dependencies, findApplications),
    /** Switches an application off; this destroys its data. Safe to repeat: any try but the first looks first. */
    disableApplication: activity.change(dependencies, disableApplication),
    /** Names an application that was switched off, because nothing brings its data back. Changes nothing. */
    accountForApplication: activity.undo(dependencies, accountForApplication),
  };
}

async function findApplications(
  { tenantId, except }: TenantSpec & { except: string[] },
  { acronis }: Attempt,
): Promise<Outcome<UsedApplication[]>> {
  const [all, used] = await Promise.all([acronis.applications.list(), acronis.applications.idsOf(tenantId)]);
  const unknown = except.filter((name) => !all.some(({ id, type }) => name === id || name === type));
  if (unknown.length > 0) {
    const known = all.map(({ type }) => type).join(', ');
    throw refuse(FailureType.Rejected, `except: no application is called ${unknown.join(' or ')}, only ${known}`);
  }
  const applications = used.map((id) => ({ applicationId: id, type: all.find((one) => one.id === id)?.type ?? id }));
  const staying = [PLATFORM, ...except];
  return {
    result: applications.filter(
      ({ applicationId, type }) => !staying.includes(applicationId) && !staying.includes(type),
    ),
  };
}

async function disableApplication(
  { tenantId, applicationId, ...before }: TenantSpec & StepTries & { applicationId: string; look: boolean },
  attempt: Attempt,
): Promise<Outcome<null>> {
  const { acronis } = attempt;
  const tries = earlierTries(before, attempt);
  if (tries !== 'none' && !(await acronis.applications.idsOf(tenantId)).includes(applicationId))
    return { result: null, adopted: true, changed: tries === 'maybeDone' };
  await acronis.applications.unbind(applicationId, tenantId);
  return { result: null };
}

async function accountForApplication(
  { tenantId, applicationId, type }: TenantSpec & UsedApplication & StepToUndo,
  { acronis }: Attempt,
): Promise<UndoResult> {
  if ((await acronis.applications.idsOf(tenantId)).includes(applicationId)) return { result: nothingToUndo() };
  return { result: leaveAsIs('setting', tenantId, `${type} is off, and its data are destroyed`) };
}
