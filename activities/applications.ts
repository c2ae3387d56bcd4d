import { FailureType } from '../contract/failures.js';
import type { UndoOutcome } from '../contract/steps.js';
import { activity, mayBeDone, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { refuse } from './failures.js';

interface Place {
  cloud: string;
  tenantId: string;
}

/** An application that a tenant uses. */
export interface UsedApplication {
  applicationId: string;
  /** E.g. `backup`; its id where the cloud lists no such application. */
  type: string;
}

/** What holds all others together; the vendor lets nobody switch it off. */
const PLATFORM = 'platform';

/** @see https://developer.acronis.com/doc/account-management/v2/guide/ (services) */
export function createApplicationActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Finds the applications that a tenant uses, but for the platform and those excepted. Changes nothing. Fails with `Acronis.Rejected` when an
     * exception names no application: a slip there would destroy what was to stay.
     */
    findApplications: activity(dependencies, patience.look, findApplications),
    /** Makes sure that the tenant does not use an application; its data are destroyed. Safe to repeat: any try but the first looks before. */
    disableApplication: activity(dependencies, patience.change, disableApplication),
    /** Names an application that was switched off, since nothing brings its data back. Changes nothing. */
    accountForApplication: activity(dependencies, patience.undo, accountForApplication),
  };
}

async function findApplications(
  { tenantId, except }: Place & { except: string[] },
  { acronis }: Attempt,
): Promise<Found<UsedApplication[]>> {
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
  { tenantId, applicationId, ...before }: Place & { applicationId: string; look: boolean; unsure?: boolean },
  attempt: Attempt,
): Promise<Found<null>> {
  const { acronis, first } = attempt;
  if ((before.look || !first) && !(await acronis.applications.idsOf(tenantId)).includes(applicationId))
    return { result: null, adopted: true, changed: mayBeDone(before, attempt) };
  await acronis.applications.unbind(applicationId, tenantId);
  return { result: null };
}

async function accountForApplication(
  { tenantId, applicationId, type }: Place & UsedApplication & { unsure: boolean },
  { acronis }: Attempt,
): Promise<Found<UndoOutcome>> {
  if ((await acronis.applications.idsOf(tenantId)).includes(applicationId))
    return { result: { undone: false, leftovers: [] } };
  const reason = `${type} is off, and what it kept is destroyed`;
  return { result: { undone: false, leftovers: [{ kind: 'setting', id: tenantId, reason }] } };
}
