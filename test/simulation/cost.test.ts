import { expect, test } from '@jest/globals';
import { bundlePath } from '../../worker/bundle.js';
import { cleanPlan } from './plan.js';
import { activityNames, simulate } from './simulate.js';
import { everySubject } from './subjects.js';
import { openSandbox } from './vm.js';

/** How many calls of the vendor an undisturbed run makes. A look that nobody needs would make it more. */
const costs: Record<string, number> = {
  'addUser (example)': 5,
  'createApiClient (example)': 3,
  'createApiClient (rotate)': 5,
  'createPlan (example)': 3,
  'createResourceGroup (example)': 5,
  'disableApplications (example)': 9,
  'enableBackupUser (example)': 6,
  'impersonateUser (example)': 5,
  'issueAgentToken (example)': 3,
  'applyPlan (example)': 5,
  'revokePlan (example)': 5,
  'runPlan (example)': 5,
  'offboardCustomer (example)': 28,
  'produceReport (example)': 7,
  'produceReport (with SKUs)': 7,
  'provisionCustomer (example)': 8,
  'provisionCustomer (for good)': 12,
  'provisionPartner (example)': 7,
  'restoreCustomer (example)': 9,
  'restoreCustomer (disabled)': 4,
  'switchEdition (example)': 6,
  'switchToProduction (example)': 9,
  'disableTenant (example)': 3,
  'enableTenant (example)': 3,
  'limitAdministratorAccess (example)': 3,
  'allowAdministratorAccess (example)': 3,
  'lockTenant (example)': 3,
  'unlockTenant (example)': 3,
  'updatePartners (example)': 13,
};

const sandbox = openSandbox(bundlePath, activityNames());
const named = everySubject().map((subject) => [`${subject.operation} (${subject.variant})`, subject] as const);

test('every operation has a known cost', () => {
  expect(named.map(([name]) => name).toSorted()).toEqual(Object.keys(costs).toSorted());
});

test.each(named)('%s makes no call too many when nothing goes wrong', async (name, { operation, variant }) => {
  const { status } = await simulate(sandbox, cleanPlan(operation, variant));

  expect(status).toMatchObject({ state: 'completed', apiCalls: costs[name] });
});
