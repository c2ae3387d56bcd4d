import { expect, jest, test } from '@jest/globals';
import { FailureType } from '../../contract/failures.js';
import type { PendingAttempt } from '../../activities/pending-attempt.js';
import { attempt } from '../support/activity-environment.js';
import { activitiesFor } from '../support/activities.js';
import { useActivityEnvironment } from '../support/use-activity-environment.js';

const cloud = 'default';
const { env, byHand } = useActivityEnvironment({ each: true });
const LONG_MS = 60_000;
const now = 1_800_000_000_000;
const times = { scheduledTimestampMs: now, currentAttemptScheduledTimestampMs: now };
const anothers = { type: FailureType.Unexpected, message: expect.stringContaining("another customer's by now") };

/** A person changes the tenant in the console. */
async function change(id: string, fields: object): Promise<void> {
  const { version } = await byHand.tenants.get(id);
  await byHand.tenants.update(id, { version, ...fields });
}
const giveAway = async (id: string) =>
  await change(id, { name: 'Another', contact: { email: 'other@example.com' }, internal_tag: 'another' });

/** A customer as a run means it. */
function aCustomer(fields: { customer_id?: string; contact?: { email: string }; internal_tag?: string } = {}) {
  const tenantId = env.simulator.world.addTenant({ name: 'Customer', ...fields });
  const { customer_id: customerId, contact, internal_tag: tag } = fields;
  const order = { name: 'Customer', ...(customerId && { customerId }), ...(contact && { email: contact.email }) };
  const meant = { cloud, tenantId, orders: [order], ...(tag && { tag }), seenAt: now };
  return { tenantId, meant, spec: { cloud, tenantId, look: false, meant } };
}

test('an undo changes nothing in a tenant that was given to another customer, and says what stays', async () => {
  const { tenantId, meant } = aCustomer({ contact: { email: 'one@example.com' } });
  await byHand.twoFactor.set(tenantId, true);
  await giveAway(tenantId);
  const undo = { cloud, tenantId, known: true, unsure: true, meant: { ...meant, undoOf: 'requireTwoFactor' } };

  await expect(attempt(env.activities.restoreTwoFactor, undo)).rejects.toMatchObject({
    ...anothers,
    nonRetryable: true,
    message: expect.stringMatching(/^the effect of requireTwoFactor is not taken back: .*another customer's by now/),
  });

  expect((await byHand.twoFactor.get(tenantId)).mfa_status).toBe('enabled');
});

test('an undo in the tenant that the run means takes back what the run has done', async () => {
  const { tenantId, meant } = aCustomer({ contact: { email: 'one@example.com' } });
  await byHand.twoFactor.set(tenantId, true);

  const undo = { cloud, tenantId, known: true, unsure: true, meant };
  expect((await attempt(env.activities.restoreTwoFactor, undo)).result).toEqual({ undone: true, leftovers: [] });
});

test.each<[string, object, object]>([
  ['internal tag', {}, { internal_tag: 'another' }],
  ['contract number', {}, { customer_id: 'another' }],
  ['contact', {}, { contact: { email: 'other@example.com' } }],
  ['contact', { customer_id: 'c-1' }, { contact: { email: 'other@example.com' } }],
])('a new name together with a %s that was not there shows another customer', async (_what, before, after) => {
  const { tenantId, spec } = aCustomer(before);
  await change(tenantId, { name: 'Another', ...after });

  await expect(attempt(env.activities.disableTenant, spec, 2, times)).rejects.toMatchObject(anothers);

  expect(env.simulator.world.tenant(tenantId)).toMatchObject({ enabled: true });
});

test.each<[string, object, object]>([
  ['internal tag', { internal_tag: 'ours' }, { internal_tag: null }],
  ['internal tag', { internal_tag: 'ours' }, { internal_tag: '' }],
  ['contract number', { customer_id: 'c-1' }, { customer_id: null }],
  ['contract number', { customer_id: 'c-1' }, { customer_id: '' }],
  ['address', { contact: { email: 'one@example.com' } }, { contact: { email: null } }],
  ['address', { contact: { email: 'one@example.com' } }, { contact: { email: '' } }],
])('a new name without the %s that was there shows another customer', async (_what, before, after) => {
  const { tenantId, spec } = aCustomer(before);
  await change(tenantId, { name: 'Another', ...after });

  await expect(attempt(env.activities.disableTenant, spec, 2, times)).rejects.toMatchObject(anothers);

  expect(env.simulator.world.tenant(tenantId)).toMatchObject({ enabled: true });
});

test.each<[string, object]>([
  ['tag', { internal_tag: '' }],
  ['contract number', { customer_id: '' }],
  ['address', { contact: { email: '' } }],
])('a customer that keeps its name may lose its %s', async (_what, fields) => {
  const given = { internal_tag: 'ours', customer_id: 'c-1', contact: { email: 'one@example.com' } };
  const { tenantId, spec } = aCustomer(given);
  await change(tenantId, fields);

  await attempt(env.activities.disableTenant, spec, 2, times);

  expect(env.simulator.world.tenant(tenantId)).toMatchObject({ enabled: false });
});

test.each<[string, object]>([
  ['new name', { name: 'Customer Ltd' }],
  ['first contact', { contact: { email: 'one@example.com' } }],
  ['first tag', { internal_tag: 'ours' }],
])('a %s alone is a correction', async (_what, fields) => {
  const { tenantId, spec } = aCustomer();
  await change(tenantId, fields);

  await attempt(env.activities.disableTenant, spec, 2, times);

  expect(env.simulator.world.tenant(tenantId)).toMatchObject({ enabled: false });
});

test('a customer that an order names by its name is another one once it has another name', async () => {
  const { tenantId, spec } = aCustomer({ contact: { email: 'one@example.com' } });
  await change(tenantId, { name: 'Another' });

  const byName = { ...spec, meant: { ...spec.meant, by: 'name' as const } };
  await expect(attempt(env.activities.disableTenant, byName, 2, times)).rejects.toMatchObject(anothers);
});

test('a customer that an order names by its number is another one once it has none', async () => {
  const { tenantId, spec } = aCustomer({ customer_id: 'c-1' });
  await change(tenantId, { customer_id: '' });

  const byNumber = { ...spec, meant: { ...spec.meant, by: 'customerId' as const } };
  await expect(attempt(env.activities.disableTenant, byNumber, 2, times)).rejects.toMatchObject(anothers);
});

test.each<[string, PendingAttempt]>([
  ['has given it up meanwhile', { counts: false, waitedMs: LONG_MS }],
  ['has begun one with the same number, after a reset', { counts: true, waitedMs: LONG_MS + 5 }],
])('the server is asked about an attempt once more after the look at its tenant: it %s', async (_what, second) => {
  const { tenantId, spec } = aCustomer();
  const answers = [{ counts: true, waitedMs: LONG_MS }, second];
  const { disableTenant } = activitiesFor(env.simulator, { pending: async () => answers.shift()! });

  await expect(attempt(disableTenant, spec, 1, times)).rejects.toMatchObject({
    message: expect.stringContaining('is over'),
  });

  expect(answers).toEqual([]);
  expect(env.simulator.world.tenant(tenantId)).toMatchObject({ enabled: true });
});

test('a change that had to wait within its attempt looks at its tenant once more, just before it is sent', async () => {
  const { tenantId, spec } = aCustomer({ contact: { email: 'one@example.com' } });
  const realNow = performance.now.bind(performance);
  let waitedMs = 0;
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => realNow() + waitedMs);
  const { disableTenant } = activitiesFor(env.simulator, {
    fetch: async (input, init) => {
      const answer = await fetch(input, init);
      const asked = input as Request;
      if (asked.method === 'GET' && asked.url.includes(tenantId) && waitedMs === 0) {
        await giveAway(tenantId);
        waitedMs = LONG_MS;
      }
      return answer;
    },
  });

  await expect(attempt(disableTenant, spec, 1, times)).rejects.toMatchObject(anothers);
  clock.mockRestore();

  expect(env.simulator.world.tenant(tenantId)).toMatchObject({ enabled: true });
});
