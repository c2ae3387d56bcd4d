import { Context } from '@temporalio/activity';
import { earlierForUserOf } from './earlier-for-user.js';
import { isAcronisError, mayHaveHadEffect, type Acronis } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import { MOST_MAILS } from '../contract/orders.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { refuse } from './failures.js';

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
  /** True when it was tried before, and failed. */
  look?: boolean;
  /** True when that may have sent a mail. */
  unsure?: boolean;
  /** How many mails earlier runs may have sent; none unless given. */
  mails?: number;
  /** The tenant of the user, in a run that was reset: what the run had sent before is asked of Temporal. */
  formerRunsIn?: string;
}

interface PasswordSpec {
  cloud: string;
  userId: string;
  secretRef: string;
  /** Who has made the user: this run unless given, an earlier run, or perhaps somebody else. */
  madeBy?: 'earlier run' | 'others';
}

/** What became of an invitation, where that is not certain. */
export interface Invitation {
  /** As many mails as may be sent were asked for, and nobody knows whether one was sent. */
  unconfirmed: true;
}

export function createAccessActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Gives the user a role, keeping the roles of a user that was there before. Safe to repeat: the list is written as a whole. Fails with
     * `Acronis.Rejected` when the roles do not go together: a user has one for each service.
     */
    assignRole: activity(dependencies, patience.change, assignRole),
    /**
     * Has the activation mail sent. When the answer is lost one more is sent, never a third: a second mail is harmless, a missing one
     * is not, and the vendor cannot tell. What earlier runs may have sent counts too. Where neither was confirmed, the result says so: a person
     * must look. A user who is active already gets none, nor one whom this run invited before it was reset.
     */
    sendActivationEmail: activity(dependencies, patience.change, sendActivationEmail),
    /**
     * Gives the user the password that the reference names, read here and kept nowhere. Safe to repeat: it overwrites. A user of an earlier run
     * who has got in meanwhile keeps the own one. Fails with `Acronis.Taken` for a user whom somebody else may have made: its password is not ours to set.
     */
    setPassword: activity(dependencies, patience.change, setPassword),
  };
}

async function assignRole(
  { userId, tenantId, role, keepOthers }: RoleSpec,
  { acronis, unsure }: Attempt,
): Promise<Found<null>> {
  const held = keepOthers ? await rolesOf(acronis, userId) : [];
  if (held.some((one) => one.roleId === role && one.tenantId === tenantId))
    return { result: null, adopted: true, changed: unsure };
  try {
    await acronis.users.replaceAccessPolicies(userId, [...held, { tenantId, roleId: role }]);
  } catch (error) {
    // there is no version that could be stale, so another try would be refused as well
    const clash = isAcronisError(error) && error.kind === 'conflict' && error.facts.status === 409;
    if (!clash || held.length === 0) throw error;
    const others = held.map(({ roleId }) => roleId).join(', ');
    throw refuse(FailureType.Rejected, `role: ${role} does not go together with ${others}: ${error.message}`);
  }
  return { result: null };
}

/** The roles that a user holds, as they are written. A list may name one twice, and the cloud refuses that where it is written. */
export async function rolesOf(acronis: Acronis, userId: string) {
  const policies = await acronis.users.accessPolicies(userId);
  const roles = policies.map(({ tenant_id, role_id }) => ({ tenantId: tenant_id, roleId: role_id }));
  return [...new Map(roles.map((role) => [`${role.roleId} ${role.tenantId}`, role])).values()];
}

async function setPassword(
  { userId, secretRef, madeBy }: PasswordSpec,
  { acronis, secret, unsure }: Attempt,
): Promise<Found<null>> {
  if (madeBy !== undefined && (await acronis.users.get(userId)).activated)
    return { result: null, adopted: true, changed: unsure };
  if (madeBy === 'others')
    throw refuse(
      FailureType.Taken,
      `activation: ${userId} was not made by this product for sure and is not activated, so its password is not set: invite the user by e-mail instead ({"by": "email"}), or skip this step`,
    );
  await acronis.users.setPassword(userId, await secret(secretRef));
  return { result: null };
}

const NO_MAILS = { invited: false, mails: 0 };

async function mailsOfFormerRuns(userId: string, tenantId: string | undefined) {
  if (tenantId === undefined) return NO_MAILS;
  const { client, info } = Context.current();
  return await earlierForUserOf(client, { tenantId, userId }, info.workflowExecution ?? {});
}

async function sendActivationEmail(
  { userId, look, unsure, mails: told = 0, formerRunsIn }: MailSpec,
  attempt: Attempt,
): Promise<Found<Invitation | null>> {
  const { acronis, first: isFirst, memory, remember, memoryKept } = attempt;
  const first = isFirst && look !== true;
  if (!first && (await acronis.users.get(userId)).activated)
    return { result: null, adopted: true, changed: attempt.unsure || unsure === true };
  const former = memory.unconfirmedMails === undefined ? await mailsOfFormerRuns(userId, formerRunsIn) : NO_MAILS;
  if (former.invited) return { result: null, adopted: true };
  const unconfirmed = memory.unconfirmedMails ?? Math.max(told, former.mails) + (unsure ? 1 : 0);
  if (unconfirmed >= MOST_MAILS) return { result: { unconfirmed: true } };
  memory.unconfirmedMails = unconfirmed + 1;
  remember();
  try {
    // else the next attempt might not know of this mail, and send a third
    if (!first) await memoryKept();
    await acronis.users.sendActivationEmail(userId);
  } catch (error) {
    if (!isAcronisError(error) || !mayHaveHadEffect(error)) memory.unconfirmedMails = unconfirmed;
    throw error;
  }
  return { result: null };
}
