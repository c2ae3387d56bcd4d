import { policyOf } from '../strangers.js';
import { addExampleTenant } from '../example-tenant.js';
import type { OperationModel } from './index.js';

interface Order {
  user: { login: string; email: string };
  role: string;
}

const THERE = 'IsThere';

export const addUser: OperationModel = {
  singleVariants: {
    'never invited': (example) => ({
      ...example,
      user: { ...(example as unknown as Order).user, login: THERE },
    }),
  },
  /** Of a user who is there with the role, nobody knows that anybody was invited. */
  prepare(world, input) {
    addExampleTenant(world, input);
    const { user, role } = input as unknown as Order;
    if (user.login !== THERE) return;
    const { tenant_id } = [...world.users.values()].at(-1)!;
    const there = world.newUser({ tenant_id, login: user.login, contact: { email: user.email } });
    world.policies.set(there.id, [policyOf(there, role)]);
  },
};
