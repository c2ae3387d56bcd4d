import { everyAmendable } from '../../contract/orders.js';
import { addMember, findMember, lookUpSteps, memberAmendable, memberSteps } from '../parts/members.js';
import { operation } from '../kernel/operation.js';
import { takeTarget } from '../parts/take-target.js';
import { ADD_USER } from './contract.js';
import type { AddedUser, AddUserOrder } from './contract.js';

/** Adds a user with a role to an existing tenant and gives it access; or leaves no new user behind. */
export const addUser = operation<AddUserOrder, AddedUser>({
  name: ADD_USER,
  steps: (order, revision) => ['findTenant', ...lookUpSteps(order, revision), ...memberSteps(order)],
  amendable: { ...memberAmendable, ...everyAmendable },

  async run({ order, cloud, steps, revision, wasReset, since }) {
    const { tenantId, language } = await takeTarget(steps, { cloud, tenant: order.tenant, switchedOn: true });
    const member = await findMember(steps, { ...order, cloud, tenantId, revision });
    const userId = await addMember(steps, { ...order, cloud, tenantId, language, member, revision, wasReset, since });
    return { tenantId, userId };
  },
});
