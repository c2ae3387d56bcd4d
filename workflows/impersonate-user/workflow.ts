import { everyAmendable } from '../../contract/orders.js';
import { operation } from '../kernel/operation.js';
import { IMPERSONATE_USER } from './contract.js';
import type { ImpersonateUserOrder, Impersonation } from './contract.js';

/**
 * Logs in as a user with a one-time token and out again. There is nothing to undo: the session ends in the same step.
 */
export const impersonateUser = operation<ImpersonateUserOrder, Impersonation>({
  name: IMPERSONATE_USER,
  steps: () => ['findAccount', 'impersonateUser'],
  amendable: everyAmendable,

  async run({ order, cloud, steps }) {
    const { login } = order.user;
    const { userId, tenantId } = await steps.lookUp(
      'findAccount',
      { cloud, login, logsIn: true },
      { summary: `Who is ${login}?` },
    );
    steps.setFacts({ tenantId, userId });
    return await steps.run('impersonateUser', { cloud, userId }, { summary: `In and out as ${login}` });
  },
});
