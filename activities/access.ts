import type { Acronis, AcronisError } from '../acronis/index.js';
import { isAcronisError } from '../acronis/index.js';
import { FailureType } from '../workflows/shared/failures.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { refuse } from './failures.js';
import { answerLost, neverLeft } from './lost-answers.js';

interface RoleSpec {
  cloud: string;
  userId: string;
  tenantId: string;
  role: string;
  /** True when the user was there before and may have other roles, which it keeps. */
  keepOthers: boolean;
}

interface MailSpec {
  cloud: string;
  userId: string;
}

const MOST_UNCONFIRMED_MAILS = 2;
/** How long what is remembered may wait for its way to the server, and a little more. */
const UNTIL_REMEMBERED_MS = 600;

export function createAccessActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Gives the user a role, keeping the roles of a user that was there before. Safe to repeat: the list is written as a whole. Fails with
     * `Acronis.Rejected` when the roles do not go together: a user has one for each service.
     */
    assignRole: activity(dependencies, patience.change, assignRole),
    /**
     * Has the activation mail sent. When the answer is lost one more is sent, never a third: a second mail is harmless, a missing one
     * is not, and the vendor cannot tell. A user who is active already gets none.
     */
    sendActivationEmail: activity(dependencies, patience.change, sendActivationEmail),
    /** Gives the user the password that the reference names, read here and kept nowhere. Safe to repeat: it overwrites. */
    setPassword: activity(
      dependencies,
      patience.change,
      async ({ userId, secretRef }: { cloud: string; userId: string; secretRef: string }, { acronis, secret }) => {
        await acronis.users.setPassword(userId, await secret(secretRef));
        return { result: null };
      },
    ),
  };
}

async function assignRole(
  { userId, tenantId, role, keepOthers }: RoleSpec,
  { acronis, unsure, memory, remember }: Attempt,
): Promise<Found<null>> {
  const held = keepOthers ? await rolesOf(acronis, userId) : [];
  if (held.some((one) => one.roleId === role && one.tenantId === tenantId))
    return { result: null, adopted: true, changed: unsure };
  memory.sent = true;
  remember();
  try {
    await acronis.users.replaceAccessPolicies(userId, [...held, { tenantId, roleId: role }]);
  } catch (error) {
    memory.sent = unsure || answerLost(error);
    // there is no version that could be stale, so another try would be refused as well
    if (!isAcronisError(error) || error.kind !== 'conflict' || held.length === 0) throw error;
    const others = held.map(({ roleId }) => roleId).join(', ');
    throw refuse(FailureType.Rejected, `role: ${role} does not go together with ${others}: ${error.message}`);
  }
  return { result: null };
}

/** The roles that a user holds, as they are written. */
export async function rolesOf(acronis: Acronis, userId: string) {
  const policies = await acronis.users.accessPolicies(userId);
  return policies.map(({ tenant_id, role_id }) => ({ tenantId: tenant_id, roleId: role_id }));
}

async function sendActivationEmail(
  { userId }: MailSpec,
  { acronis, first, memory, remember, pause }: Attempt,
): Promise<Found<null>> {
  if (!first && (await acronis.users.get(userId)).activated) return { result: null, adopted: true, changed: true };
  if ((memory.unconfirmedMails ?? 0) >= MOST_UNCONFIRMED_MAILS) return { result: null };
  memory.unconfirmedMails = (memory.unconfirmedMails ?? 0) + 1;
  remember();
  // a worker that died before would forget this mail, and the next one would send a third
  if (!first) await pause(UNTIL_REMEMBERED_MS);
  try {
    await acronis.users.sendActivationEmail(userId);
  } catch (error) {
    if (isAcronisError(error) && certainlyNotSent(error)) memory.unconfirmedMails -= 1;
    throw error;
  }
  return { result: null };
}

/**
 * Most answers with a status are the cloud's own word that it did not send, but one that broke down may have sent before; without a status
 * only a connection that never stood proves it.
 */
function certainlyNotSent(error: AcronisError): boolean {
  const { facts, kind } = error;
  const { status } = facts;
  if (kind === 'unreadable') return false;
  if (status !== undefined && status !== 503 && status >= 500) return false;
  return status !== undefined || kind === 'throttled' || neverLeft(error);
}
