import { expect, test } from '@jest/globals';
import { bundlePath } from '../../worker/bundle.js';
import { cleanPlan } from './plan.js';
import { activityNames, simulate } from './simulate.js';
import { everySubject } from './subjects.js';
import { openSandbox } from './vm.js';

/** How many calls of the vendor an undisturbed run makes. A look that nobody needs would make it more. */
const costs: Record<string, number> = {
  'addUser (example)': 6,
  'changeEntitlement (example)': 8,
  'changeEntitlement (of which a part is in use)': 7,
  'createApiClient (example)': 4,
  'createApiClient (rotate)': 6,
  'createPlan (example)': 4,
  'createResourceGroup (example)': 6,
  'disableApplications (example)': 12,
  'enableBackupUser (example)': 7,
  'enableBackupUser (of a new customer)': 7,
  'impersonateUser (example)': 6,
  'issueAgentToken (example)': 4,
  'applyPlan (example)': 6,
  // most of them are looks until the backup
  'protectCustomer (example)': 117,
  'revokePlan (example)': 6,
  'runPlan (example)': 6,
  'onboardCustomer (example)': 123,
  // after a month of grace it looks whose the tenant is before it orders a report
  'offboardCustomer (example)': 31,
  'produceReport (example)': 7,
  'produceReport (with SKUs)': 7,
  'provisionCustomer (example)': 8,
  'provisionCustomer (for good)': 12,
  'provisionCustomer (without an administrator)': 4,
  'provisionPartner (example)': 7,
  'resendActivation (by login alone)': 5,
  'resendActivation (example)': 5,
  'restoreCustomer (example)': 11,
  'restoreCustomer (disabled)': 6,
  'switchEdition (example)': 8,
  'switchToProduction (example)': 10,
  'disableTenant (example)': 4,
  'enableTenant (example)': 4,
  'limitAdministratorAccess (example)': 4,
  'allowAdministratorAccess (example)': 4,
  'lockTenant (example)': 4,
  'unlockTenant (example)': 4,
  'updateContact (example)': 5,
  'updateContact (another name)': 6,
  'updatePartners (example)': 13,
};

/** No call is slow with it: where a user has to wait for its role, the run looks whether people have given it others. */
const PROMPT = 2;

const sandbox = openSandbox(bundlePath, activityNames());
const named = everySubject().map((subject) => [`${subject.operation} (${subject.variant})`, subject] as const);

test('every operation has a known cost', () => {
  expect(named.map(([name]) => name).toSorted()).toEqual(Object.keys(costs).toSorted());
});

test.each(named)('%s makes no call too many when nothing goes wrong', async (name, { operation, variant }) => {
  const { status } = await simulate(sandbox, cleanPlan(operation, variant, { seed: PROMPT }));

  expect(status).toMatchObject({ state: 'completed', apiCalls: costs[name] });
});
