import { runOperation, type Begun, type Operation } from '../kernel/operation.js';
import { IMPERSONATE_USER, impersonateUserAmendable, impersonateUserSteps } from './contract.js';
import type { ImpersonateUserOrder, ImpersonateUserResult, Impersonation } from './contract.js';

/** Logs in as a user by a one-time token and out again. Nothing is undone, for nothing is left: the session ends in the same step. */
export async function impersonateUser(input: unknown): Promise<ImpersonateUserResult> {
  return await runOperation(impersonating, input);
}

export const impersonating: Operation<ImpersonateUserOrder, Impersonation> = {
  name: IMPERSONATE_USER,
  steps: impersonateUserSteps,
  amendable: impersonateUserAmendable,
  story,
};

async function story({ order, cloud, run }: Begun<ImpersonateUserOrder>): Promise<Impersonation> {
  const { login } = order.user;
  const { userId, tenantId } = await run.look('findAccount', { cloud, login }, { summary: `Who is ${login}?` });
  run.know({ tenantId, userId });
  return await run.step('impersonateUser', { cloud, userId }, { summary: `In and out as ${login}` });
}
