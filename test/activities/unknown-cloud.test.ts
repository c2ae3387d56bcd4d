import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { Activities } from '../../activities/index.js';
import { startSimulator, type Simulator } from '../../simulator/index.js';
import { activitiesFor } from '../support/activities.js';
import { silent } from '../support/activity-environment.js';

let simulator: Simulator;
let activities: Activities;
beforeAll(async () => {
  simulator = await startSimulator();
  activities = activitiesFor(simulator);
});
afterAll(async () => await simulator.close());

const MINUTE_MS = 60_000;
const place = { cloud: 'elsewhere', mark: { environment: 'test', key: 'acme', runId: 'run-1' } };
const steps = {
  checkLogin: { ...place, login: 'acme.admin' },
  removeCustomerTenant: { ...place, unsure: false },
  probeCloud: place,
};

/** How an attempt fails on a worker that knows other clouds, some time after the first failure. */
async function failureOf(name: keyof typeof steps, afterMs: number) {
  const memory = { apiCalls: 0, firstFailedAt: 0, failures: { 'unknown-cloud': 40 } };
  const info = { attempt: 41, currentAttemptScheduledTimestampMs: afterMs, heartbeatDetails: memory };
  const environment = new MockActivityEnvironment(info, { logger: silent });
  return await environment.run(activities[name] as never, steps[name] as never).then(
    () => undefined,
    (error: unknown) => error as { type: string; nonRetryable: boolean; message: string },
  );
}

test.each<[keyof typeof steps, number]>([
  ['checkLogin', 15 * MINUTE_MS],
  ['removeCustomerTenant', 60 * MINUTE_MS],
])('%s on a worker that does not know the cloud is left to another one, until %i ms are over', async (name, endMs) => {
  expect(await failureOf(name, endMs - 1)).toMatchObject({
    type: 'Tenantry.UnknownCloud',
    nonRetryable: false,
    message:
      'the worker that was asked knows no cloud "elsewhere", only default; correct "cloud", or name it in TENANTRY_CLOUDS of every worker',
  });
  expect(await failureOf(name, endMs)).toMatchObject({ type: 'Tenantry.UnknownCloud', nonRetryable: true });
});

test('a worker that does not know the cloud does not decide whether it is back', async () => {
  expect(await failureOf('probeCloud', 1000 * MINUTE_MS)).toMatchObject({ nonRetryable: false });
});

test('an input for an unknown cloud is answered, or passed on to another worker', async () => {
  const input = { tenant: { name: 'Acme' }, cloud: 'elsewhere' };

  expect(await activities.readInput({ operation: 'disableTenant', input })).toMatchObject({
    ok: false,
    unknownCloud: { cloud: 'elsewhere' },
    problems: [{ path: 'cloud' }],
  });
  await expect(activities.readInput({ operation: 'disableTenant', input, passOn: true })).rejects.toMatchObject({
    type: 'Tenantry.UnknownCloud',
    nonRetryable: false,
  });
});
