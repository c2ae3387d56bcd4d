import { defineQuery, setHandler } from '@temporalio/workflow';
import { CUSTOMER_QUERY, type CustomerStatus } from '../../contract/customers.js';
import { ONBOARDING_QUERY, onboardingOf, type Onboarding } from '../../contract/onboarding.js';

/** Answers how the customer stands. */
export function answerQueries(status: () => CustomerStatus): void {
  setHandler(defineQuery<CustomerStatus>(CUSTOMER_QUERY), status, {
    description: 'What is sold to this customer, what it should be, and what happens next',
  });
  setHandler(defineQuery<Onboarding>(ONBOARDING_QUERY), () => onboardingOf(status()), {
    description: 'How far this customer is on the way from sold to protected',
  });
}
