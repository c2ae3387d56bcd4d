import type { Mutant } from './mutant.js';
import { activityMutants } from './of-activities.js';
import { actorMutants } from './of-actors.js';
import { brakeMutants } from './of-brake.js';
import { callBudgetMutants } from './of-call-budgets.js';
import { customerMutants } from './of-customers.js';
import { deletionMutants } from './of-deletions.js';
import { eventMutants } from './of-events.js';
import { fallMutants } from './of-falls.js';
import { httpApiMutants } from './of-http-api.js';
import { noticeMutants } from './of-notices.js';
import { itemMutants } from './of-items.js';
import { orderMutants } from './of-orders.js';
import { otherMutants } from './of-other-rooms.js';
import { rolloutMutants } from './of-rollouts.js';
import { vendorsWordMutants } from './of-vendors-words.js';
import { turnMutants } from './of-turns.js';
import { mutantsOfWhoseItWas } from './of-whose-it-was.js';
import { workflowMutants } from './of-workflows.js';

/** The mistakes that must not slip through: each has cost somebody a customer somewhere. */
export const mutants: readonly Mutant[] = [
  ...turnMutants,
  ...workflowMutants,
  ...customerMutants,
  ...fallMutants,
  ...brakeMutants,
  ...callBudgetMutants,
  ...rolloutMutants,
  ...eventMutants,
  ...activityMutants,
  ...deletionMutants,
  ...vendorsWordMutants,
  ...otherMutants,
  ...httpApiMutants,
  ...actorMutants,
  ...orderMutants,
  ...noticeMutants,
  ...itemMutants,
  ...mutantsOfWhoseItWas,
];
