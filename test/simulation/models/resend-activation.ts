import { addExampleTenant } from '../example-tenant.js';
import type { OperationModel } from './index.js';

export const resendActivation: OperationModel = {
  variants: { 'by login alone': ({ tenant: _tenant, ...example }) => example },
  /** The user of the example waits for the mail. */
  prepare(world, input) {
    addExampleTenant(world, input);
    for (const user of world.users.values())
      if (user.login === 'JohnDoe') user.contact = { email: 'john.doe@example.com' };
  },
  sendsAgain: true,
  pointOfNoReturn: 'sendActivationEmail',
};
