import type { OperationModel } from './index.js';

/** Of the customer that is there from the beginning, with a machine and a plan on it. */
const seeded: OperationModel = { prepare: () => undefined };

export const plans: Readonly<Record<string, OperationModel>> = {
  applyPlan: { prepare: (world) => world.assignments.clear() },
  revokePlan: seeded,
  runPlan: { ...seeded, pointOfNoReturn: 'runPlan' },
};
