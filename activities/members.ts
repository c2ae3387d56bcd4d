import { FailureType } from '../workflows/shared/failures.js';
import type { Person } from '../workflows/shared/order.js';
import type { UndoOutcome } from '../workflows/shared/undos.js';
import { rolesOf } from './access.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { refuse } from './failures.js';
import { findUser, isSamePerson } from './users.js';

interface MemberSpec {
  cloud: string;
  tenantId: string;
  person: Person;
  role: string;
}

/** What a tenant that the caller has named knows of a person. */
export interface Member {
  /** Absent when the login is free. */
  userId?: string;
  activated: boolean;
  holdsRole: boolean;
}

export function createMemberActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Finds the person in the tenant, by login and e-mail. Changes nothing. Fails with `Acronis.Taken` when the login belongs to anybody else, in
     * this tenant or elsewhere, and with `Acronis.Rejected` when the cloud accepts no such login.
     */
    findMember: activity(dependencies, patience.look, findMember),
    /** Takes one role from a user who had others before. Safe to repeat. */
    removeRole: activity(dependencies, patience.undo, removeRole),
  };
}

async function findMember({ tenantId, person, role }: MemberSpec, { acronis }: Attempt): Promise<Found<Member>> {
  const login = JSON.stringify(person.login);
  const answer = await acronis.users.checkLogin(person.login);
  if (answer === 'free') return { result: { activated: false, holdsRole: false } };
  if (answer === 'unacceptable')
    throw refuse(FailureType.Rejected, `user.login: the cloud does not accept ${login} as a login`);
  const user = await findUser(acronis, tenantId, person.login);
  if (user === undefined || !isSamePerson(user, person)) {
    const whose = user === undefined ? 'by somebody else' : 'in this tenant by somebody with another e-mail address';
    throw refuse(FailureType.Taken, `user.login: ${login} is taken ${whose}; choose another`);
  }
  const held = await rolesOf(acronis, user.id);
  const { id: userId, activated } = user;
  return { result: { userId, activated, holdsRole: held.some((one) => isRole(one, { tenantId, role })) } };
}

interface RolePlace {
  cloud: string;
  userId: string;
  tenantId: string;
  role: string;
}

async function removeRole(
  { userId, tenantId, role }: RolePlace & { unsure: boolean },
  { acronis, memory, remember }: Attempt,
): Promise<Found<UndoOutcome>> {
  const held = await rolesOf(acronis, userId);
  const others = held.filter((one) => !isRole(one, { tenantId, role }));
  if (others.length === held.length) return { result: { undone: memory.removing === true, leftovers: [] } };
  memory.removing = true;
  remember();
  await acronis.users.replaceAccessPolicies(userId, others);
  return { result: { undone: true, leftovers: [] } };
}

function isRole(
  one: Awaited<ReturnType<typeof rolesOf>>[number],
  { tenantId, role }: { tenantId: string; role: string },
) {
  return one.roleId === role && one.tenantId === tenantId;
}
