import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from '@jest/globals';
import { FailureType } from '../../contract/failures.js';
import type { PendingAttempt } from '../../activities/pending-attempt.js';
import { attempt } from '../support/activity-environment.js';
import { activitiesFor } from '../support/activities.js';
import { useActivityEnvironment } from '../support/use-activity-environment.js';

const cloud = 'default';
const { env, byHand } = useActivityEnvironment({ each: true });
const now = 1_800_000_000_000;
const times = { scheduledTimestampMs: now, currentAttemptScheduledTimestampMs: now };
const counts: PendingAttempt = { counts: true, waitedMs: 20 };

const activitiesWith = (pending: () => Promise<PendingAttempt>) => activitiesFor(env.simulator, { pending });
const tenantOf = (id: string) => env.simulator.world.tenant(id)!;
const changes = () => env.simulator.journal.calls().filter(({ route }) => route.startsWith('PUT ')).length;

/** A customer as a run means it, and what disables it. */
function aCustomer(seenAt?: number) {
  const tenantId = env.simulator.world.addTenant({ name: 'Customer', contact: { email: 'one@example.com' } });
  const orders = [{ name: 'Customer', email: 'one@example.com' }];
  return {
    tenantId,
    spec: { cloud, tenantId, look: false, meant: { cloud, tenantId, orders, ...(seenAt && { seenAt }) } },
  };
}
async function giveAway(id: string): Promise<void> {
  const { version } = await byHand.tenants.get(id);
  await byHand.tenants.update(id, { version, name: 'Another', contact: { email: 'other@example.com' } });
}

test('an attempt that the server has given up changes nothing', async () => {
  const { tenantId, spec } = aCustomer();
  const { disableTenant } = activitiesWith(async () => ({ ...counts, counts: false }));

  await expect(attempt(disableTenant, spec)).rejects.toMatchObject({ message: expect.stringContaining('is over') });

  expect([tenantOf(tenantId).enabled, changes()]).toEqual([true, 0]);
});

test('an attempt of which the server says nothing changes nothing, and is tried again', async () => {
  const { tenantId, spec } = aCustomer();
  const { disableTenant } = activitiesWith(async () => {
    throw ApplicationFailure.retryable('no answer', FailureType.Unavailable);
  });

  await expect(attempt(disableTenant, spec)).rejects.toMatchObject({ nonRetryable: false });

  expect([tenantOf(tenantId).enabled, changes()]).toEqual([true, 0]);
});

test('the server is asked once for each change, and not for what only reads', async () => {
  const { spec } = aCustomer();
  let asked = 0;
  const { disableTenant, findTenant } = activitiesWith(async () => {
    asked += 1;
    return counts;
  });

  await attempt(findTenant, { cloud, tenant: { id: spec.tenantId } });
  expect(asked).toBe(0);
  await attempt(disableTenant, spec);
  expect(asked).toBe(1);
});

test.each<[string, PendingAttempt, number | undefined]>([
  ['the attempt has waited for a worker', { counts: true, waitedMs: 60_000 }, now],
  ['the run had never looked at it', counts, undefined],
  ['the run has stood still', counts, now - 60_000],
])('a customer that was given to another one while %s is left alone', async (_while, pending, seenAt) => {
  const { tenantId, spec } = aCustomer(seenAt);
  const { disableTenant } = activitiesWith(async () => pending);
  await giveAway(tenantId);
  const before = changes();

  await expect(attempt(disableTenant, spec, 1, times)).rejects.toMatchObject({ type: FailureType.Unexpected });

  expect([tenantOf(tenantId).enabled, changes()]).toEqual([true, before]);
});

test('a run that goes on at once does not look again', async () => {
  const { spec } = aCustomer(now - 1000);
  const { disableTenant } = activitiesWith(async () => counts);
  const before = env.simulator.journal.calls('GET /tenants/{id}').length;

  await attempt(disableTenant, spec, 1, times);

  expect(env.simulator.journal.calls('GET /tenants/{id}')).toHaveLength(before + 1);
});
