import type { FoundMember } from '../../activities/members.js';
import type { WantedItem } from '../../activities/offer.js';
import type { Amendable } from '../decisions/amendments.js';
import type { ActivityInput, StepName } from '../kernel/activity-calls.js';
import type { EarlierForUser } from '../../contract/earlier-runs.js';
import { activationStep, HANDS_NEED_MS, type NewMember, MOST_MAILS } from '../../contract/orders.js';
import { recheckIfDisturbed } from './recheck.js';
import { checkPassword, secretSteps } from './references.js';
import { KNOWS_USER_OWNERSHIP } from '../../contract/revision.js';
import type { Steps } from '../kernel/steps.js';
import type { Leftover } from '../../contract/status.js';

/** A user to add to a tenant, and what the tenant knows about the user before this run. */
export interface MemberToAdd extends NewMember {
  cloud: string;
  tenantId: string;
  language: string;
  member: FoundMember;
  /** The parent of the tenant in the order; absent for an existing tenant. */
  parentTenantId?: string;
  /** The items that the run switched on there; absent if none. */
  items?: WantedItem[];
  /** Of the run. */
  revision: number;
  wasReset?: boolean | undefined;
  /** When the run was started, in ISO 8601. */
  since?: string | undefined;
}

/** A user that the tenant has now. */
export interface AddedMember extends MemberToAdd {
  userId: string;
  /** When this run has made the user. Milliseconds since 1970. */
  madeAt?: number;
}

/** The steps that look up a user and its password, in order. */
export function lookUpSteps({ activation }: Pick<NewMember, 'activation'>, revision: number): StepName[] {
  return ['findMember', ...secretSteps(activation, revision)];
}

/** The steps that add a user to a tenant, in order. */
export function memberSteps({ activation }: Pick<NewMember, 'activation'>): StepName[] {
  return ['ensureUser', 'assignRole', activationStep(activation)];
}

/** The steps that use each part of an order. */
export const memberAmendable: Amendable = {
  user: ['ensureUser'],
  role: ['assignRole'],
  activation: ['sendActivationEmail', 'setPassword'],
};

/**
 * Looks up the person in the tenant of the order, and checks their password. Refuses a person that cannot be added.
 */
export async function findMember(
  steps: Steps,
  { cloud, tenantId, user, activation, revision }: Omit<MemberToAdd, 'language' | 'member' | 'role'>,
): Promise<FoundMember> {
  const spec = { cloud, tenantId, person: user, field: 'user' as const };
  const found = steps.lookUp('findMember', spec, { summary: `Who is ${user.login}?` });
  const [member] = await steps.allSettled(found, checkPassword(steps, { cloud, activation, revision }, found));
  return member;
}

/**
 * What a new or adopted tenant knows about the person. If the earlier look-up found the login in another tenant, which
 * may be gone now, it is repeated in this one.
 */
export async function memberInTenant(
  steps: Steps,
  { cloud, tenantId, person, field }: ActivityInput<'findMember'>,
  seen: FoundMember,
): Promise<FoundMember> {
  if (seen.tenantId === undefined || seen.tenantId === tenantId) return seen;
  return await steps.lookUp(
    'findMember',
    { cloud, tenantId, person, field },
    { summary: `Who is ${person.login} there?` },
  );
}

/** Adds a user with a role to an existing tenant. An existing user gets only what is missing. */
export async function addMember(steps: Steps, joining: MemberToAdd): Promise<string> {
  const { member, activation } = joining;
  const joined = await ensureMember(steps, joining);
  await ensureRole(steps, joined);
  const wasIn = activation.by === 'email' ? holdsRole(joining) || member.activated : member.userId !== undefined;
  await activateUser(steps, joined, wasIn);
  return joined.userId;
}

/**
 * Creates the user unless it exists. An undo removes a user of this run. The first user of a new tenant is removed with
 * the tenant: then `madeTenant` names the step that created it.
 */
export async function ensureMember(steps: Steps, joining: MemberToAdd, madeTenant?: string): Promise<AddedMember> {
  const { userId } = joining.member;
  const joined = userId === undefined ? await createUser(steps, joining, madeTenant) : { ...joining, userId };
  if (userId !== undefined) {
    const { cloud, tenantId, user: person, language, role, member, since } = joining;
    const undo = [
      'removeUser',
      { cloud, tenantId, person, language, role, ...(since && { runSince: since }), came: null },
    ] as const;
    steps.alreadyDone('ensureUser', {
      unseen: member.unseen ?? member.changed,
      ...(madeTenant === undefined && { undo }),
    });
  }
  steps.setFacts({ userId: joined.userId });
  return joined;
}

async function createUser(steps: Steps, joining: MemberToAdd, madeTenant?: string): Promise<AddedMember> {
  const { cloud, tenantId, language, user: person, role, revision, since } = joining;
  const place = { cloud, tenantId, person, language };
  const { userId, ownership, activated, roles } = await steps.run(
    'ensureUser',
    { ...place, look: false },
    {
      summary: `User ${person.login}`,
      ...(madeTenant === undefined
        ? { undo: ['removeUser', { ...place, role, ...(since && { runSince: since }), came: null }] as const }
        : { firstUser: { removedWith: madeTenant, traits: { person, language, role } } }),
    },
  );
  // a user that appeared meanwhile is treated as an existing one
  const ofOthers = revision >= KNOWS_USER_OWNERSHIP && ownership === 'doubtful';
  return {
    ...joining,
    userId,
    madeAt: Date.now(),
    ...(ofOthers ? { member: { userId, activated, roles: roles ?? [] } } : {}),
  };
}

/** Assigns the role unless the user has it. The undo removes only this role from a user of somebody else. */
export async function ensureRole(steps: Steps, joined: AddedMember) {
  const { cloud, tenantId, user, userId, role, member, madeAt = 0 } = joined;
  const known = member.userId !== undefined;
  // people may have given it other roles since
  const look = steps.wasBlocked({ ever: true }) || Date.now() - madeAt > HANDS_NEED_MS;
  const spec = { cloud, userId, tenantId, role };
  if (holdsRole(joined)) steps.alreadyDone('assignRole', { unseen: member.unseen });
  else
    await steps.run(
      'assignRole',
      { ...spec, keepOthers: known, look },
      {
        summary: `${role} for ${user.login}`,
        ...(known ? { undo: ['removeRole', { ...spec, held: member.roles }] as const } : {}),
      },
    );
}

/**
 * Gives the user access by mail or password, unless it has access; a person may skip this. Temporal is asked about
 * users that exist without activation: nobody is invited twice, and only a user of this product gets a password. After
 * a block, it checks whether the user can still log in. `wasIn` is only for runs of older versions.
 */
export async function activateUser(steps: Steps, joined: AddedMember, wasIn: boolean) {
  await recheckIfDisturbed(steps, joined);
  await activateUnlessActive(steps, joined, wasIn);
  await recheckIfDisturbed(steps, joined);
}

async function activateUnlessActive(steps: Steps, joined: AddedMember, wasIn: boolean) {
  const { member, activation, revision, tenantId, userId } = joined;
  const step = activationStep(activation);
  if (revision < KNOWS_USER_OWNERSHIP)
    return wasIn ? steps.alreadyDone(step, { unseen: member.unseen }) : await activate(steps, joined);
  if (member.userId === undefined) return await activate(steps, joined);
  if (member.activated) return steps.alreadyDone(step, { unseen: member.unseen });
  const earlier = await steps.earlierRunsOfUser({ tenantId, userId });
  if (activation.by === 'email' && holdsRole(joined) && wasInvited(earlier)) {
    steps.alreadyDone(step);
    return earlier.unconfirmed ? steps.setFacts({ uninvited: [toUninvited(joined.userId)] }) : undefined;
  }
  await activate(steps, joined, earlier);
}

async function activate(steps: Steps, joined: AddedMember, earlier?: EarlierForUser) {
  const { cloud, tenantId, user, userId, activation } = joined;
  const place = { cloud, tenantId, userId, look: false };
  const summary = `${activation.by === 'email' ? 'Activation mail' : 'Password'} for ${user.login}`;
  if (activation.by === 'email') {
    const mails = earlier === undefined || wasInvited(earlier) ? {} : { mails: earlier.mails };
    const former = joined.wasReset ? { formerRunsIn: tenantId } : {};
    const spec = { ...place, ...mails, ...former };
    const sent = await steps.runSkippable('sendActivationEmail', spec, { summary });
    if (sent?.unconfirmed) steps.setFacts({ uninvited: [toUninvited(userId)] });
  } else {
    const madeBy = earlier && (earlier.made ? ('earlier run' as const) : ('others' as const));
    const { secretRef } = activation;
    // a person may have activated the user since
    const look = joined.wasReset === true || steps.wasBlocked({ ever: true });
    await steps.runSkippable('setPassword', { ...place, look, secretRef, ...(madeBy && { madeBy }) }, { summary });
  }
}

/** A user of whom nobody knows whether a mail has arrived. */
export function toUninvited(userId: string): Leftover {
  const reason =
    `the user may never have been invited: ${MOST_MAILS} activation mails were requested, and the cloud confirmed ` +
    'none; unless one has arrived, send it again ("resendActivation")';
  return { kind: 'user', id: userId, reason };
}

/** Two unconfirmed mails count as sent: there is never a third. */
function wasInvited({ invited, mails }: EarlierForUser): boolean {
  return invited || mails >= MOST_MAILS;
}

/** `wasIn` for runs of older versions, in a tenant with a mark of this product. */
export function wasActivated(joining: MemberToAdd, tenantAdopted: boolean): boolean {
  const { member, activation } = joining;
  return member.activated || (activation.by === 'email' && tenantAdopted && holdsRole(joining));
}

function holdsRole({ member, role }: MemberToAdd): boolean {
  return member.roles.includes(role);
}
