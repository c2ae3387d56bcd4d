import type { Acronis, OfferingItem } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import { activity } from './activity.js';
import { earlierTries } from './attempt.js';
import type { ActivityDependencies, Attempt, Outcome, StepTries, TenantSpec } from './attempt.js';
import { refuse } from './failures.js';
import { announceDeletion, deleteAndSee, PERHAPS_RESTORED, whyNotDeletedAgain } from './seen-deletions.js';
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
    /**
     * Switches an application off, which destroys its data, and looks until it is off. Safe to repeat: any try but the
     * first looks first. Fails with `Tenantry.Unexpected` when it stays on, and when somebody may have switched it on
     * again after a call without an answer; given back as `shown`, it is switched off all the same.
     */
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

interface DisableSpec extends TenantSpec, StepTries {
  applicationId: string;
  look: boolean;
  /** Present when a person has looked since, before the step was tried again. */
  shown?: number;
}

const LOOK_AT_IT = 'look at it in the console; then retry, which disables it and destroys its data, or abort';
/** An application has no version. */
const SHOWN = { shown: 1 };

async function disableApplication(
  { tenantId, applicationId, ...before }: DisableSpec,
  attempt: Attempt,
): Promise<Outcome<null>> {
  const { acronis } = attempt;
  const tries = earlierTries(before, attempt);
  const isOn = async () => (await acronis.applications.idsOf(tenantId)).includes(applicationId);
  if (tries !== 'none' && !(await isOn())) return { result: null, adopted: true, changed: tries === 'maybeDone' };
  const times = new Map<string, string>();
  const read = async () => ({ updated_at: await lastChangeOf(applicationId, { tenantId, acronis, times }) });
  const application = { id: applicationId, ...(await read()) };
  const unexpected = (why: string) => refuse(FailureType.Unexpected, `${applicationId}: ${why}; ${LOOK_AT_IT}`, SHOWN);
  const lostBefore = before.unsure === true && before.shown === undefined;
  const doubt = (await whyNotDeletedAgain(attempt, application, read)) ?? (lostBefore ? PERHAPS_RESTORED : undefined);
  if (doubt !== undefined) throw unexpected(doubt);
  await announceDeletion(attempt, application, read);
  const send = async () => await acronis.applications.unbind(applicationId, tenantId);
  const stays = await deleteAndSee(attempt, application, { send, isThere: isOn });
  if (stays !== undefined) throw unexpected(stays);
  return { result: null };
}

/** When the cloud has last changed an item of the application that is on; null while `times` lacks one of them. */
async function lastChangeOf(
  applicationId: string,
  { tenantId, acronis, times }: { tenantId: string; acronis: Acronis; times: Map<string, string> },
): Promise<string | null> {
  const items = await acronis.offeringItems.list(tenantId);
  const on = items.filter(({ application_id, status }) => status === 1 && application_id === applicationId);
  const keyOf = ({ name, infra_id }: OfferingItem) => JSON.stringify([name, infra_id]);
  for (const item of on) if (item.updated_at !== null) times.set(keyOf(item), item.updated_at);
  const known = on.flatMap((item) => times.get(keyOf(item)) ?? []);
  return known.length < on.length ? null : (known.sort().at(-1) ?? null);
}

async function accountForApplication(
  { tenantId, applicationId, type }: TenantSpec & UsedApplication & StepToUndo,
  { acronis }: Attempt,
): Promise<UndoResult> {
  if ((await acronis.applications.idsOf(tenantId)).includes(applicationId)) return { result: nothingToUndo() };
  return { result: leaveAsIs('setting', tenantId, `${type} is off, and its data are destroyed`) };
}
