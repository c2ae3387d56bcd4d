import { expect, test } from '@jest/globals';
import { createPlanTermsActivities } from '../../activities/plan-terms.js';
import type { PlanVersion } from '../../contract/plan-changes.js';
import { workerFiles } from '../support/fact-reader.js';

const { readTerms } = workerFiles();
const { readPlanTerms } = createPlanTermsActivities({ readTerms });
const terms = readTerms({ source: 'store', plan: 'desktop' })!;
const version: PlanVersion = { source: 'store', plan: 'desktop', digest: terms.digest };

test('a worker gives the terms of the versions that it has', async () => {
  expect(await readPlanTerms([version])).toEqual([{ source: 'store', terms }]);
});

test.each<[string, Partial<PlanVersion>]>([
  ['has another version', { digest: 'of-yesterday' }],
  ['has no such plan', { plan: 'toString' }],
  ['has no such source', { source: 'panel' }],
])('a worker that %s leaves it to another one, and says what to do', async (_what, other) => {
  const { source, plan } = { ...version, ...other };
  await expect(readPlanTerms([version, { ...version, ...other }])).rejects.toMatchObject({
    message: `no worker has the version that was shown of the plan ${plan} of ${source}: give all workers the same plans.json and sources.json`,
    nonRetryable: false,
  });
});

test('a worker without the files leaves it to another one', async () => {
  await expect(createPlanTermsActivities({}).readPlanTerms([version])).rejects.toMatchObject({ nonRetryable: false });
});
