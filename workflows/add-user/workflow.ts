import { giveUser, lookForMember } from '../parts/giving-user.js';
import { runOperation, type Begun, type Operation } from '../kernel/operation.js';
import { takeTarget } from '../parts/target.js';
import { ADD_USER, addUserAmendable, addUserSteps } from './contract.js';
import type { AddedUser, AddUserOrder, AddUserResult } from './contract.js';

/** Gives an existing tenant a user with a role, and lets that user in; or leaves no new user behind. */
export async function addUser(input: unknown): Promise<AddUserResult> {
  return await runOperation(addingUser, input);
}

export const addingUser: Operation<AddUserOrder, AddedUser> = {
  name: ADD_USER,
  steps: addUserSteps,
  amendable: addUserAmendable,
  story,
};

async function story({ order, cloud, run, revision }: Begun<AddUserOrder>) {
  const { tenantId, language } = await takeTarget(run, { cloud, tenant: order.tenant, switchedOn: true });
  const member = await lookForMember(run, { ...order, cloud, tenantId });
  const userId = await giveUser(run, { ...order, cloud, tenantId, language, member, revision });
  return { tenantId, userId };
}
