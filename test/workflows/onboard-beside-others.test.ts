import { describe, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { storedSecrets } from '../support/activities.js';
import { consoleClient } from '../support/console.js';
import { onboardingsIn } from '../support/onboardings.js';
import { keyOf } from '../support/orders.js';
import { pause } from '../support/pause.js';
import { decideFor, refusalMessage } from '../support/runs.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';
import { within30Days } from '../support/within-30-days.js';

const env = useVirtualEnvironment({}, { afresh: true });
const { begin, isThere, onboarding, order, status, untilMissing, untilState, waiting } = onboardingsIn(env);
const APPLY = 'POST /api/policy_management/v4/applications';
const PLANS = 'POST /api/policy_management/v4/policies';
const TOKENS = 'POST /tenants/{id}/registration_tokens';
const [MINUTES, HOURS] = [60_000, 3_600_000];

const refuseOnce = (route: string) => env.simulator.faults.next(route, { refuse: 403, message: 'not for you' });
const contactRun = async (tenantId: string, language: string) =>
  await env.begin('updateContact', { tenant: { id: tenantId }, language, onFailure: 'ask' });
const untilItWaits = async (handle: WorkflowHandle) => {
  const waitsFor = async () => ((await status(handle)) as { waitsFor?: string }).waitsFor;
  await within30Days(async () => (await waitsFor()) !== undefined);
};
const stateAfter = async (handle: WorkflowHandle, ms: number) => {
  await pause(ms);
  return (await status(handle)).state;
};

test('a run that comes while it waits for its turn waits behind it, and both get on', async () => {
  const { handle, tenantId } = await waiting(order());
  refuseOnce('PUT /tenants/{id}');
  const first = await contactRun(tenantId, 'fr');
  await untilState(first, 'blocked');
  env.simulator.world.addMachine({ tenantId });
  await untilItWaits(handle);
  const later = await contactRun(tenantId, 'de');
  await untilItWaits(later);

  await decideFor(first, 'abort');

  await untilMissing(handle, /a first good backup/);
  expect(await stateAfter(later, 5 * MINUTES)).toBe('completed');
});

describe('blocked before the customer is handed over', () => {
  test.each([PLANS, TOKENS])('at %s, it lets nobody of its key pass: an abort removes the tenant', async (route) => {
    const input = order({ onFailure: 'ask' });
    refuseOnce(route);
    const handle = await begin(input);
    const { tenantId } = await untilState(handle, 'blocked');
    const other = await env.begin('provisionCustomer', input, `provisionCustomer:${keyOf(input)}`);
    const contact = await contactRun(tenantId!, 'fr');
    expect(await stateAfter(other, HOURS)).toBe('running');
    expect(await stateAfter(contact, MINUTES)).toBe('running');

    await decideFor(handle, 'abort');

    await untilState(other, 'completed');
    const made = (await status(other)).tenantId!;
    expect([made === tenantId, isThere(tenantId!), isThere(made)]).toEqual([false, false, true]);
  });
});

describe('blocked at the renewal of its token', () => {
  const blockedAtRenewal = async (agents: number) => {
    const plain = order({ onFailure: 'ask' });
    const input = { ...plain, protect: { agents, tokenFor: '2 days' } };
    const { handle, tenantId } = await waiting(input);
    const { resourceId } = env.simulator.world.addMachine({ tenantId });
    await untilMissing(handle, /1 machine more|a first good backup/);
    return { handle, tenantId, plain, input, resourceId };
  };

  test('it holds up nobody, not even those of its key', async () => {
    const { handle, tenantId, plain } = await blockedAtRenewal(2);
    refuseOnce(TOKENS);
    await untilState(handle, 'blocked');
    const others = [
      await env.begin('provisionCustomer', plain, `provisionCustomer:${keyOf(plain)}`),
      await contactRun(tenantId, 'fr'),
    ];
    for (const other of others) expect(await stateAfter(other, 10 * MINUTES)).toBe('completed');
    await decideFor(handle, 'retry');
    await untilMissing(handle, /1 machine more/);
  });

  test('and amended to as many machines as there are, it waits without its turn', async () => {
    const { handle, tenantId, input } = await blockedAtRenewal(2);
    refuseOnce(TOKENS);
    await untilState(handle, 'blocked');

    await decideFor(handle, 'amend', { input: { ...input, protect: { ...input.protect, agents: 1 } } });

    await untilMissing(handle, /a first good backup/);
    expect(await stateAfter(await contactRun(tenantId, 'fr'), 10 * MINUTES)).toBe('completed');
  });

  test('and amended to as many machines as are protected, it completes without more news', async () => {
    const { handle, input, resourceId } = await blockedAtRenewal(2);
    env.simulator.world.backUp(resourceId);
    await within30Days(async () => (await onboarding(handle)).machines?.protected === 1);
    refuseOnce(TOKENS);
    await untilState(handle, 'blocked');

    await decideFor(handle, 'amend', { input: { ...input, protect: { ...input.protect, agents: 1 } } });

    expect(await stateAfter(handle, HOURS)).toBe('completed');
  });
});

test('once the customer is handed over, nothing can be amended that no step does any more', async () => {
  const input = order({ onFailure: 'ask', protect: { agents: 2 } });
  const { handle, tenantId } = await waiting(input);
  refuseOnce(APPLY);
  env.simulator.world.addMachine({ tenantId });
  await untilState(handle, 'blocked');
  const amended = { ...input, billingMode: 'production', confirm: input.customer.name };
  expect(await refusalMessage(decideFor(handle, 'amend', { input: amended }))).toMatch(/billingMode cannot be amended/);
  await decideFor(handle, 'retry');
  await untilMissing(handle, /1 machine more/);
});

test('a tenant that somebody has deleted is no leftover, and its token stops nobody who comes back', async () => {
  const input = order();
  const { handle, tenantId } = await waiting(input);
  const client = consoleClient(env.simulator);
  const off = await client.tenants.update(tenantId, {
    enabled: false,
    version: (await client.tenants.get(tenantId)).version,
  });
  await client.tenants.remove(tenantId, off.version);

  const ended = await untilState(handle, 'undone');

  expect(ended).not.toHaveProperty('leftovers');
  expect(ended.reason.message).toMatch(/was deleted/);
  const again = await waiting(input);
  const [issued] = env.simulator.world.registrationTokens(again.tenantId);
  const { token } = await onboarding(again.handle);
  expect(again.tenantId).not.toBe(tenantId);
  expect(storedSecrets.get(token!.secretRef.replace('store:', ''))).toBe(issued!.token);
});
