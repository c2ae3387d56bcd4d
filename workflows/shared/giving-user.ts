import type { Member } from '../../activities/members.js';
import type { Activation, Person } from './order.js';
import type { Teller } from './run.js';

/** Whom an existing tenant shall have as a user, and how that user gets in. */
export interface NewMember {
  user: Person;
  role: string;
  activation: Activation;
}

/** A person on the way into a tenant, and what the tenant knows of this person already. */
export interface Joining extends NewMember {
  cloud: string;
  tenantId: string;
  language: string;
  member: Member;
}

/** The steps of giving a user to a tenant, in the order in which they begin. */
export function memberSteps({ activation }: Pick<NewMember, 'activation'>): string[] {
  return ['ensureUser', 'assignRole', lettingIn(activation)];
}

/** Which of these steps use which part of an order. */
export const memberAmendable = {
  user: ['ensureUser'],
  role: ['assignRole'],
  activation: ['sendActivationEmail', 'setPassword'],
} as const;

/** Looks who the person is in a tenant that the order names, and refuses who cannot be given to it. */
export async function lookForMember(
  run: Teller,
  { cloud, tenantId, user }: Pick<Joining, 'cloud' | 'tenantId' | 'user'>,
): Promise<Member> {
  const spec = { cloud, tenantId, person: user, field: 'user' as const };
  return await run.look('findMember', spec, { summary: `Who is ${user.login}?` });
}

/**
 * Gives a tenant that the order names one user with one role. A person who is a user there already is given what is missing: who holds the role
 * is left alone, and only a user that this run has made gets a password.
 */
export async function giveUser(run: Teller, joining: Joining): Promise<string> {
  const { member, activation } = joining;
  const userId = await ensureMember(run, joining);
  await giveRole(run, joining, userId);
  const wasIn = activation.by === 'email' ? holdsRole(joining) || member.activated : member.userId !== undefined;
  await letIn(run, joining, { userId, wasIn });
  return userId;
}

/** Makes the user unless the person is one. An undo removes whom this run made; with a tenant that this run made the user goes anyhow. */
export async function ensureMember(run: Teller, joining: Joining, { ofNewTenant = false } = {}): Promise<string> {
  const { userId = await newUser(run, joining, ofNewTenant) } = joining.member;
  if (joining.member.userId !== undefined) run.found('ensureUser');
  run.know({ userId });
  return userId;
}

async function newUser(run: Teller, { cloud, tenantId, language, user, role }: Joining, ofNewTenant: boolean) {
  const place = { cloud, tenantId, person: user };
  const { userId } = await run.step(
    'ensureUser',
    { ...place, language, look: false },
    {
      summary: `User ${user.login}`,
      ...(ofNewTenant ? {} : { undo: ['removeUser', { ...place, role, came: null }] as const }),
    },
  );
  return userId;
}

/** Gives the role unless it is held. A user of this run goes with all its roles; from another only this role is taken back. */
export async function giveRole(run: Teller, joining: Joining, userId: string) {
  const { cloud, tenantId, user, role, member } = joining;
  const known = member.userId !== undefined;
  const spec = { cloud, userId, tenantId, role };
  if (holdsRole(joining)) run.found('assignRole');
  else
    await run.step(
      'assignRole',
      { ...spec, keepOthers: known },
      {
        summary: `${role} for ${user.login}`,
        ...(known ? { undo: ['removeRole', { ...spec, held: member.roles }] as const } : {}),
      },
    );
}

/** Lets a user in by mail or password, unless that has been done; a person may decide to do without. */
export async function letIn(
  run: Teller,
  { cloud, user, activation }: Joining,
  { userId, wasIn }: { userId: string; wasIn: boolean },
) {
  if (wasIn) run.found(lettingIn(activation));
  else if (activation.by === 'email')
    await run.skippable(
      'sendActivationEmail',
      { cloud, userId, look: false },
      { summary: `Activation mail for ${user.login}` },
    );
  else
    await run.skippable(
      'setPassword',
      { cloud, userId, secretRef: activation.secretRef },
      { summary: `Password for ${user.login}` },
    );
}

/** In a tenant that carries our mark: an earlier run may have been cut off before it let the user in, and a mail too many does no harm. */
export function wasLetIn(joining: Joining, tenantAdopted: boolean): boolean {
  const { member, activation } = joining;
  return member.activated || (activation.by === 'email' && tenantAdopted && holdsRole(joining));
}

function holdsRole({ member, role }: Joining): boolean {
  return member.roles.includes(role);
}

function lettingIn({ by }: Activation): 'sendActivationEmail' | 'setPassword' {
  return by === 'email' ? 'sendActivationEmail' : 'setPassword';
}
