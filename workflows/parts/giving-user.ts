import type { Member } from '../../activities/members.js';
import type { WantedItem } from '../../activities/offer.js';
import type { Amendable } from '../decisions/amendments.js';
import type { ActivityInput, StepName } from '../kernel/activity-calls.js';
import type { EarlierForUser } from '../../contract/earlier-runs.js';
import { activationStep, type NewMember } from '../../contract/members.js';
import { MOST_MAILS } from '../../contract/orders.js';
import { checkAgainIfBlocked } from './handing-over.js';
import { WHOSE_USER } from '../../contract/revision.js';
import type { Steps } from '../kernel/steps.js';
import type { Leftover } from '../../contract/status.js';

/** A person on the way into a tenant, and what the tenant knows of this person without this run. */
export interface Joining extends NewMember {
  cloud: string;
  tenantId: string;
  language: string;
  member: Member;
  /** The parent of the tenant that the order says; absent for an existing tenant, which lies where it lies. */
  parentTenantId?: string;
  /** What the run has switched on there; absent where it has switched on nothing. */
  items?: WantedItem[];
  /** Of the run. */
  revision: number;
  reset?: boolean | undefined;
}

/** A person who is a user of the tenant by now. */
export interface Joined extends Joining {
  userId: string;
}

/** The steps of giving a user to a tenant, in the order in which they begin. */
export function memberSteps({ activation }: Pick<NewMember, 'activation'>): StepName[] {
  return ['ensureUser', 'assignRole', activationStep(activation)];
}

/** Which of these steps use which part of an order. */
export const memberAmendable: Amendable = {
  user: ['ensureUser'],
  role: ['assignRole'],
  activation: ['sendActivationEmail', 'setPassword'],
};

/** Looks who the person is in a tenant that the order names, and refuses who cannot be given to it. */
export async function findMember(
  steps: Steps,
  { cloud, tenantId, user }: Pick<Joining, 'cloud' | 'tenantId' | 'user'>,
): Promise<Member> {
  const spec = { cloud, tenantId, person: user, field: 'user' as const };
  return await steps.lookUp('findMember', spec, { summary: `Who is ${user.login}?` });
}

/**
 * What a new or adopted tenant knows of the person whose login was looked up before: whoever was found in another one, which may be gone by
 * now, is looked up again in this one.
 */
export async function memberInTenant(
  steps: Steps,
  { cloud, tenantId, person, field }: ActivityInput<'findMember'>,
  seen: Member,
): Promise<Member> {
  if (seen.tenantId === undefined || seen.tenantId === tenantId) return seen;
  return await steps.lookUp(
    'findMember',
    { cloud, tenantId, person, field },
    { summary: `Who is ${person.login} there?` },
  );
}

/** Gives a tenant that the order names one user with one role. A person who is a user there already is given what is missing. */
export async function giveUser(steps: Steps, joining: Joining): Promise<string> {
  const { member, activation } = joining;
  const joined = await ensureMember(steps, joining);
  await giveRole(steps, joined);
  const wasIn = activation.by === 'email' ? holdsRole(joining) || member.activated : member.userId !== undefined;
  await activateUser(steps, joined, wasIn);
  return joined.userId;
}

/**
 * Makes the user unless the person is one. An undo removes whom this run made; the first user of a tenant that this run made goes with it, so
 * there the step is named that made the tenant.
 */
export async function ensureMember(steps: Steps, joining: Joining, madeTenant?: string): Promise<Joined> {
  const { userId } = joining.member;
  const joined = userId === undefined ? await newUser(steps, joining, madeTenant) : { ...joining, userId };
  if (userId !== undefined) {
    const { cloud, tenantId, user: person, language, role, member } = joining;
    const undo = ['removeUser', { cloud, tenantId, person, language, role, came: null }] as const;
    steps.alreadyDone('ensureUser', { unseen: member.unseen, ...(madeTenant === undefined && { undo }) });
  }
  steps.setFacts({ userId: joined.userId });
  return joined;
}

async function newUser(steps: Steps, joining: Joining, madeTenant?: string): Promise<Joined> {
  const { cloud, tenantId, language, user: person, role, revision } = joining;
  const place = { cloud, tenantId, person, language };
  const { userId, ownership, activated, roles } = await steps.run(
    'ensureUser',
    { ...place, look: false },
    {
      summary: `User ${person.login}`,
      ...(madeTenant === undefined
        ? { undo: ['removeUser', { ...place, role, came: null }] as const }
        : { firstUser: { goesWith: madeTenant, likeness: { person, language, role } } }),
    },
  );
  // whoever appeared meanwhile is treated as one that was there before
  const ofOthers = revision >= WHOSE_USER && ownership === 'doubtful';
  return { ...joining, userId, ...(ofOthers ? { member: { userId, activated, roles: roles ?? [] } } : {}) };
}

/** Gives the role unless it is held. A user of this run goes with all its roles; from another only this role is taken back. */
export async function giveRole(steps: Steps, joined: Joined) {
  const { cloud, tenantId, user, userId, role, member } = joined;
  const known = member.userId !== undefined;
  const spec = { cloud, userId, tenantId, role };
  if (holdsRole(joined)) steps.alreadyDone('assignRole', { unseen: member.unseen });
  else
    await steps.run(
      'assignRole',
      { ...spec, keepOthers: known, look: steps.wasBlocked({ ever: true }) },
      {
        summary: `${role} for ${user.login}`,
        ...(known ? { undo: ['removeRole', { ...spec, held: member.roles }] as const } : {}),
      },
    );
}

/**
 * Lets a user in by mail or password, unless that has been done; a person may decide to do without. `wasIn` is what runs go by that an older
 * version began. Who is there and not activated is asked about in Temporal: nobody is invited again, and only a user of ours gets a password. Where the
 * run was blocked, it is looked whether the user may still log in.
 */
export async function activateUser(steps: Steps, joined: Joined, wasIn: boolean) {
  await checkAgainIfBlocked(steps, joined);
  await letInUnlessIn(steps, joined, wasIn);
  await checkAgainIfBlocked(steps, joined);
}

async function letInUnlessIn(steps: Steps, joined: Joined, wasIn: boolean) {
  const { member, activation, revision, tenantId, userId } = joined;
  const step = activationStep(activation);
  if (revision < WHOSE_USER)
    return wasIn ? steps.alreadyDone(step, { unseen: member.unseen }) : await welcome(steps, joined);
  if (member.userId === undefined) return await welcome(steps, joined);
  if (member.activated) return steps.alreadyDone(step, { unseen: member.unseen });
  const earlier = await steps.earlierRunsOfUser({ tenantId, userId });
  if (activation.by === 'email' && holdsRole(joined) && wasInvited(earlier)) {
    steps.alreadyDone(step);
    return earlier.unconfirmed ? steps.setFacts({ uninvited: [uninvited(joined)] }) : undefined;
  }
  await welcome(steps, joined, earlier);
}

async function welcome(steps: Steps, joined: Joined, earlier?: EarlierForUser) {
  const { cloud, tenantId, user, userId, activation } = joined;
  const place = { cloud, tenantId, userId, look: false };
  const summary = `${activation.by === 'email' ? 'Activation mail' : 'Password'} for ${user.login}`;
  if (activation.by === 'email') {
    const mails = earlier === undefined || wasInvited(earlier) ? {} : { mails: earlier.mails };
    const former = joined.reset ? { formerRunsIn: tenantId } : {};
    const spec = { ...place, ...mails, ...former };
    const sent = await steps.runSkippable('sendActivationEmail', spec, { summary });
    if (sent?.unconfirmed) steps.setFacts({ uninvited: [uninvited(joined)] });
  } else {
    const madeBy = earlier && (earlier.made ? ('earlier run' as const) : ('others' as const));
    const { secretRef } = activation;
    await steps.runSkippable('setPassword', { ...place, secretRef, ...(madeBy && { madeBy }) }, { summary });
  }
}

function uninvited({ userId }: Joined): Leftover {
  const reason = `the user may never have been invited: ${MOST_MAILS} activation mails were asked for, and the cloud confirmed none; unless one has come, send it again in the console`;
  return { kind: 'user', id: userId, reason };
}

/** Two mails of which nobody knows count as one that was sent: a third is never sent. */
function wasInvited({ invited, mails }: EarlierForUser): boolean {
  return invited || mails >= MOST_MAILS;
}

/** How runs that an older version began tell it in a tenant that carries our mark. */
export function wasActivated(joining: Joining, tenantAdopted: boolean): boolean {
  const { member, activation } = joining;
  return member.activated || (activation.by === 'email' && tenantAdopted && holdsRole(joining));
}

function holdsRole({ member, role }: Joining): boolean {
  return member.roles.includes(role);
}
