import { expect, test } from '@jest/globals';
import { bundlePath } from '../../worker/bundle.js';
import { cleanPlan } from './plan.js';
import { activityNames, simulate } from './simulate.js';
import { openSandbox } from './vm.js';

const sandbox = openSandbox(bundlePath, activityNames());

// two activities of the first call the cloud at the same time; the second makes clients, and looks for lost ones
test.each([
  cleanPlan('provisionPartner', 'example', { earlier: 'kept with another language' }),
  cleanPlan('createApiClient', 'rotate', { seed: 2, faults: [{ call: 8, fault: 'commit-then-drop' }] }),
  cleanPlan('produceReport', 'example', { kills: [{ call: 6, when: 'during' }] }),
  cleanPlan('applyPlan', 'example'),
])('the same plan always gives the same simulation: $operation', async (plan) => {
  const [one, other] = [await simulate(sandbox, plan), await simulate(sandbox, plan)];
  const ofCloud = one.journal.map(({ at, route, path, status }) => [at, route, path, status]);

  expect(ofCloud.length).toBeGreaterThan(5);
  expect(other.journal.map(({ at, route, path, status }) => [at, route, path, status])).toEqual(ofCloud);
});
