import type { OperationModel } from './index.js';
import { addMachineToBe } from './plans.js';
import { provisionCustomer } from './provision-customer.js';

const { earlier } = provisionCustomer;

/** The customer of `provisionCustomer`, and one machine that somebody installs with the token. */
export const onboardCustomer: OperationModel = {
  ...(earlier && { earlier }),
  waitsForMinutes: true,
  pointOfNoReturn: 'sendActivationEmail',
  prepare(world, input) {
    provisionCustomer.prepare!(world, input);
    addMachineToBe(world);
  },
};
