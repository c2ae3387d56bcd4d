import { Context } from '@temporalio/activity';
import { earlierForUserOf } from './earlier-for-user.js';
import { isAcronisError, mayHaveHadEffect, type Acronis, type User } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import { HANDS_NEED_MS, MOST_MAILS } from '../contract/orders.js';
import { activity } from './activity.js';
import { earlierTries } from './attempt.js';
import type { ActivityDependencies, Attempt, Outcome, StepTries, TenantSpec } from './attempt.js';
import { refuse } from './failures.js';
import { changeMissing, foundDone, mayBeDone, type Doubtful } from './lost-answers.js';
import { leaveAsIs, type StepToUndo, type UndoResult } from './undo.js';
import { whyElsewhere } from './user-traits.js';

interface RoleSpec extends TenantSpec, StepTries {
  userId: string;
  role: string;
  /** True when the user was there before, and may have other roles. */
  keepOthers: boolean;
}

interface MailSpec extends StepTries {
  cloud: string;
  /** The tenant of the user; absent in tasks of earlier versions. */
  tenantId?: string;
  userId: string;
  /** How many mails earlier runs may have sent; 0 unless given. */
  mails?: number;
  /** How many mails earlier tries of this step may have sent; unless given, one when it is unsure. */
  mailsTried?: number;
  /** The tenant of the user, in a run that was reset: what the run had sent before is asked of Temporal. */
  formerRunsIn?: string;
  /** The first run id of that run, where the mails of other runs do not count. */
  formerRun?: string;
}

interface SentMail extends StepToUndo {
  cloud: string;
  userId: string;
}

interface PasswordSpec extends StepTries {
  cloud: string;
  /** The tenant of the user; absent in tasks of earlier versions. */
  tenantId?: string;
  userId: string;
  secretRef: string;
  /** Who made the user, unless it was this run. `others`: perhaps somebody else. */
  madeBy?: 'earlier run' | 'others';
}

/** The result when nobody knows whether the user was invited. */
export interface Invitation {
  /** The limit of mails is reached, and nobody knows whether one was sent. */
  unconfirmed: true;
}

export function createAccessActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Gives the user a role, and keeps the other roles. Safe to repeat: it writes the whole list. It does not read the
     * roles of a user that the run has made just before: nobody has had time to change them. Fails with
     * `Acronis.Rejected` when the roles do not go together: a user has one for each service. All three fail with
     * `Tenantry.Unexpected` when the user lives in another tenant by now. They look at the user when it was there before
     * the run, when the run was blocked or the call had to wait, and after a failed try.
     */
    assignRole: activity.change(dependencies, assignRole),
    /**
     * Sends the activation mail. After a lost answer it sends one more, never a third: a second mail does no harm, a
     * missing one does, and the vendor does not say whether a mail was sent. Mails of earlier runs count too. When no
     * mail was confirmed, the result says so, and a person must look. An activated user gets no mail, nor one whom this
     * run invited before it was reset.
     */
    sendActivationEmail: activity.change(dependencies, sendActivationEmail),
    /**
     * Sets the password that the reference names. The password is read here and stored nowhere. Safe to repeat: an
     * activated user keeps its password, unless an attempt of this call may have set it, and the status says so. It looks at the user when an earlier run may have made
     * it, when the run was blocked or reset, and after a failed try. Fails with `Acronis.Taken` for a user that somebody
     * else may have made.
     */
    setPassword: activity.change(dependencies, setPassword),
    /** Names a user to whom this run has sent a mail, or may have: it cannot be recalled. Safe to repeat. */
    accountForMail: activity.undo(dependencies, accountForMail),
  };
}

async function assignRole(
  { userId, tenantId, role, keepOthers, ...tries }: RoleSpec,
  attempt: Attempt,
): Promise<Outcome<Doubtful | null>> {
  const { acronis, mayHaveActed } = attempt;
  const justMade = !keepOthers && earlierTries(tries, attempt) === 'none' && !hasWaited(attempt);
  if (!justMade) await readUserOf(acronis, tenantId, userId);
  const held = justMade ? [] : await readRoles(acronis, userId);
  if (held.some((one) => one.roleId === role && one.tenantId === tenantId))
    return { result: foundDone(attempt), adopted: true, changed: mayHaveActed };
  const roles = [...held, { tenantId, roleId: role }];
  const give = async () => await acronis.users.replaceAccessPolicies(userId, roles);
  try {
    await changeMissing(attempt, !justMade && mayBeDone(tries, attempt), give);
  } catch (error) {
    // the list has no version that could be stale, so another try would fail too
    const clash = isAcronisError(error) && error.kind === 'conflict' && error.facts.status === 409;
    if (!clash || held.length === 0) throw error;
    const others = held.map(({ roleId }) => roleId).join(', ');
    throw refuse(FailureType.Rejected, `role: ${role} does not go together with ${others}: ${error.message}`);
  }
  return { result: null };
}

/** True when people have had time since the call was scheduled. A worker whose clock is ahead only reads once more. */
function hasWaited({ orderedAt, now }: Attempt): boolean {
  return Math.max(now(), Date.now()) - orderedAt > HANDS_NEED_MS;
}

/** Reads the roles of a user, each once: the cloud may list a role twice, and refuses to write it twice. */
export async function readRoles(acronis: Acronis, userId: string) {
  const policies = await acronis.users.accessPolicies(userId);
  const roles = policies.map(({ tenant_id, role_id }) => ({ tenantId: tenant_id, roleId: role_id }));
  return [...new Map(roles.map((role) => [`${role.roleId} ${role.tenantId}`, role])).values()];
}

/** Reads a user of this tenant. Fails with `Tenantry.Unexpected` when the user lives in another one by now. */
async function readUserOf(acronis: Acronis, tenantId: string | undefined, userId: string): Promise<User> {
  const user = await acronis.users.get(userId);
  if (tenantId !== undefined) checkLivesIn(user, tenantId);
  return user;
}

/** Fails with `Tenantry.Unexpected` when the user lives in another tenant. */
export function checkLivesIn(user: User, tenantId: string): void {
  const elsewhere = whyElsewhere(user, tenantId);
  if (elsewhere === undefined) return;
  const sentence = `nothing is done to ${JSON.stringify(user.login)} (${user.id}), because ${elsewhere}: move it back to ${tenantId} in the console, then retry; or give this run up (abort), and order again`;
  throw refuse(FailureType.Unexpected, sentence);
}

const ACTIVATED = 'the user is activated already, so its password stays as it is';

async function setPassword(
  { tenantId, userId, secretRef, madeBy, ...tries }: PasswordSpec,
  attempt: Attempt,
): Promise<Outcome<null>> {
  const { acronis, secret, mayHaveActed, memory } = attempt;
  const isFirst = madeBy === undefined && earlierTries(tries, attempt) === 'none';
  const user = isFirst ? undefined : await readUserOf(acronis, tenantId, userId);
  // an attempt of this very call may have activated it
  if (user?.activated && (madeBy !== undefined || !mayHaveActed)) {
    memory.lastError = ACTIVATED;
    return { result: null, adopted: true, changed: mayHaveActed };
  }
  if (madeBy === 'others')
    throw refuse(
      FailureType.Taken,
      `activation: ${userId} was not made by this product for sure and is not activated, so its password is not set: invite the user by e-mail instead ({"by": "email"}), or skip this step`,
    );
  await acronis.users.setPassword(userId, await secret(secretRef));
  return { result: null };
}

const NO_MAILS = { invited: false, mails: 0 };

async function mailsOfFormerRuns({ userId, formerRunsIn: tenantId, formerRun }: MailSpec) {
  if (tenantId === undefined) return NO_MAILS;
  const { client, info } = Context.current();
  return await earlierForUserOf(client, { tenantId, userId }, { ...info.workflowExecution, formerRun });
}

async function sendActivationEmail(spec: MailSpec, attempt: Attempt): Promise<Outcome<Invitation | null>> {
  const { tenantId, userId, look = false, unsure = false, mails = 0, mailsTried = unsure ? 1 : 0 } = spec;
  const { acronis, memory, remember, lostAttempt } = attempt;
  const isFirst = earlierTries({ look, unsure }, attempt) === 'none';
  const former = memory.mailsBefore === undefined ? await mailsOfFormerRuns(spec) : NO_MAILS;
  memory.mailsBefore ??= Math.max(mails, former.mails) + mailsTried;
  // the first attempt does not wait until its memory is saved: if it was lost, it may have sent a mail
  const unconfirmed = memory.unconfirmedMails ?? memory.mailsBefore + (lostAttempt ? 1 : 0);
  if (!isFirst) {
    memory.unconfirmedMails = unconfirmed;
    if ((await readUserOf(acronis, tenantId, userId)).activated)
      return { result: null, adopted: true, changed: attempt.mayHaveActed || unsure };
  }
  if (former.invited) return { result: null, adopted: true };
  if (unconfirmed >= MOST_MAILS) return { result: { unconfirmed: true } };
  memory.unconfirmedMails = unconfirmed + 1;
  remember();
  try {
    // else the next attempt may not know about this mail, and send a third
    if (!isFirst) await attempt.waitUntilRemembered();
    await acronis.users.sendActivationEmail(userId);
  } catch (error) {
    if (!isAcronisError(error) || !mayHaveHadEffect(error)) memory.unconfirmedMails = unconfirmed;
    throw error;
  }
  return { result: null };
}

async function accountForMail({ userId, doubted }: SentMail): Promise<UndoResult> {
  const sent = doubted ? 'was perhaps sent' : 'was sent';
  return await Promise.resolve({
    result: leaveAsIs('user', userId, `an activation mail ${sent}, and cannot be recalled`),
  });
}
