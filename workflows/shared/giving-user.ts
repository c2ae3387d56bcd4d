import type { Target } from '../../activities/targets.js';
import type { Activation, Person } from './order.js';
import type { Teller } from './run.js';

/** Whom an existing tenant shall have as a user, and how that user gets in. */
export interface NewMember {
  user: Person;
  role: string;
  activation: Activation;
}

/** The steps of giving a user, in the order in which they begin. */
export function memberSteps({ activation }: Pick<NewMember, 'activation'>): string[] {
  return ['findMember', 'ensureUser', 'assignRole', activation.by === 'email' ? 'sendActivationEmail' : 'setPassword'];
}

/** Which of these steps use which part of an order. */
export const memberAmendable = {
  user: ['ensureUser'],
  role: ['assignRole'],
  activation: ['sendActivationEmail', 'setPassword'],
} as const;

interface Place {
  cloud: string;
  target: Pick<Target, 'tenantId' | 'language'>;
}

/** Looks who the person is in the tenant, and refuses who cannot be given to it. Asked again, it answers the same. */
export async function lookForMember(
  run: Teller,
  { cloud, target, user, role }: Place & Pick<NewMember, 'user' | 'role'>,
) {
  const spec = { cloud, tenantId: target.tenantId, person: user, role };
  return await run.look('findMember', spec, { summary: `Who is ${user.login}?` });
}

/**
 * Gives an existing tenant one user with one role. A person who is a user there already is given what is missing: who holds the role is left
 * alone, and only a user that this run has made gets a password.
 */
export async function giveUser(run: Teller, wanted: NewMember & Place): Promise<string> {
  const { cloud, target, user, role, activation } = wanted;
  const { tenantId, language } = target;
  const member = await lookForMember(run, wanted);
  const known = member.userId;
  if (known !== undefined) run.found('ensureUser');
  const userId =
    known ??
    (
      await run.step(
        'ensureUser',
        { cloud, tenantId, person: user, language, look: false },
        { summary: `User ${user.login}`, undo: ['removeUser', { cloud, tenantId, person: user }] },
      )
    ).userId;
  run.know({ userId });

  const roleSpec = { cloud, userId, tenantId, role };
  if (member.holdsRole) run.found('assignRole');
  else
    await run.step(
      'assignRole',
      { ...roleSpec, keepOthers: known !== undefined },
      {
        summary: `${role} for ${user.login}`,
        // a user of this run goes with all its roles
        ...(known === undefined ? {} : { undo: ['removeRole', roleSpec] as const }),
      },
    );
  if (activation.by === 'email' && (member.holdsRole || member.activated)) run.found('sendActivationEmail');
  else if (activation.by === 'email')
    await run.skippable('sendActivationEmail', { cloud, userId }, { summary: `Activation mail for ${user.login}` });
  else if (known !== undefined) run.found('setPassword');
  else
    await run.skippable(
      'setPassword',
      { cloud, userId, secretRef: activation.secretRef },
      { summary: `Password for ${user.login}` },
    );
  return userId;
}
