import type { InProcessSimulator } from '../../../simulator/index.js';
import { addScript, type LifeStep } from '../../../simulator/machine-scripts.js';
import { addExampleTenant } from '../example-tenant.js';
import type { OperationModel } from './index.js';

/** Of the customer that is there from the beginning, with a machine and a plan on it. */
const seeded: OperationModel = { prepare: () => undefined };

/** A customer whose machine is installed once there is a token, and backs up soon after. */
const withMachine: OperationModel = {
  pointOfNoReturn: 'applyPlan',
  waitsForMinutes: true,
  prepare(world, input) {
    addExampleTenant(world, input);
    addMachineToBe(world);
  },
};

/** A machine that somebody installs once there is a token, and that backs up soon after. */
export function addMachineToBe(world: InProcessSimulator['memory']): void {
  const life: LifeStep[] = [
    { after: '20 seconds', do: 'register' },
    { after: '1 minute', do: 'backup' },
  ];
  addScript(world, { life }, 'machine');
  // where the plan comes later than that backup
  world.scheduledBackups = true;
}

export const plans: Readonly<Record<string, OperationModel>> = {
  applyPlan: { prepare: (world) => world.assignments.clear() },
  revokePlan: seeded,
  protectCustomer: withMachine,
  runPlan: { ...seeded, pointOfNoReturn: 'runPlan' },
};
