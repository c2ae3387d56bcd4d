import { expect, test } from '@jest/globals';
import { timesUntilNow } from '../../activities/failures.js';
import { attempt, customer, person, startActivityEnvironment, untilSuccess } from '../support/activity-environment.js';

const HOUR_MS = 3_600_000;

test.each([
  ['three hours behind', -3 * HOUR_MS],
  ['three hours ahead', 3 * HOUR_MS],
])(
  "a worker whose clock is %s of the vendor's makes one tenant and one user, also when tokens expire",
  async (_words, skew) => {
    const { simulator, activities, place } = await startActivityEnvironment({}, () => Date.now() + skew);
    try {
      const { result } = await attempt(activities.ensureCustomerTenant, { ...place, customer, look: false });
      simulator.faults.next('POST /users', 'expire-tokens');
      const spec = { cloud: 'default', tenantId: result.tenantId, person, language: 'en', look: false };

      const { result: user } = await untilSuccess(activities.ensureUser, spec);

      expect(simulator.world.customers()).toHaveLength(1);
      expect(simulator.world.users(result.tenantId).map(({ id }) => id)).toEqual([user.userId]);
    } finally {
      await simulator.close();
    }
  },
);

test("a worker whose clock is behind Temporal's does not make a step end before it began", () => {
  const scheduledAt = Date.now() + HOUR_MS;

  const { startedAt, endedAt } = timesUntilNow(scheduledAt);

  expect([startedAt, endedAt].map((text) => Date.parse(text))).toEqual([scheduledAt, scheduledAt]);
});
