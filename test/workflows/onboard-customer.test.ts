import { describe, expect, test } from '@jest/globals';
import type { OperationStatus } from '../../contract/status.js';
import { storedSecrets } from '../support/activities.js';
import { onboardingsIn } from '../support/onboardings.js';
import { decideFor } from '../support/runs.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();
const { begin, isThere, onboarding: onboardingOf, order, untilMissing, untilState, waiting } = onboardingsIn(env);
const PLANS = 'POST /api/policy_management/v4/policies';

const world = () => env.simulator.world;
const stateOf = (status: OperationStatus, step: string) => status.steps.find(({ name }) => name === step)?.state;

test('one run creates a customer, gives its user access, and completes with the first good backup', async () => {
  const input = order();
  const { handle, tenantId } = await waiting(input);
  const { token, milestones, state, whoMustAct } = await onboardingOf(handle);
  expect([state, whoMustAct]).toEqual(['running', 'customer']);
  expect(milestones).toMatchObject({ provisioned: expect.any(String) as unknown, planApplied: null, protected: null });
  const [issued] = world().registrationTokens(tenantId);
  expect(storedSecrets.get(token!.secretRef.replace('store:', ''))).toContain(issued!.token);

  const { resourceId } = world().addMachine({ tenantId });
  await untilMissing(handle, /a first good backup/);
  world().backUp(resourceId);
  const status = await untilState(handle, 'completed');
  expect(await handle.result()).toMatchObject({ tenantId, userId: expect.any(String) as unknown, changed: true });
  const names = status.steps.map(({ name }) => name);
  expect(names.indexOf('issueAgentToken')).toBeLessThan(names.indexOf('sendActivationEmail'));
  expect(await onboardingOf(handle)).toMatchObject({ state: 'completed', whoMustAct: 'nobody' });

  const again = await env.run('onboardCustomer', input);
  expect(again).toMatchObject({ state: 'completed', changed: false, tenantId });
});

describe('while it waits for machines', () => {
  test('others change the tenant, and another order of the key does not wait for it', async () => {
    const input = order();
    const { handle, tenantId } = await waiting(input);
    expect(await env.run('disableTenant', { tenant: { id: tenantId } })).toMatchObject({ state: 'completed' });
    await untilMissing(handle, /that the tenant is enabled again/);
    await env.run('enableTenant', { tenant: { id: tenantId } });
    expect(await env.run('provisionCustomer', input)).toMatchObject({ state: 'completed', tenantId });
    await untilMissing(handle, /a machine with the agent/);
    await handle.cancel();
    await untilState(handle, 'cancelled');
  });

  test('cancelled, it takes plan and token back; the tenant stays and is named', async () => {
    const { handle, tenantId } = await waiting(order());
    await handle.cancel();
    const { leftovers } = await untilState(handle, 'cancelled');
    expect(leftovers).toEqual([expect.objectContaining({ kind: 'tenant', id: tenantId })]);
    expect(isThere(tenantId)).toBe(true);
    expect([world().plans(tenantId), world().registrationTokens(tenantId)]).toEqual([[], []]);
    expect(await onboardingOf(handle)).toMatchObject({ state: 'cancelled', tenantId });
  });

  test('blocked where it applies the plan, it holds nobody up; a person can amend how many machines count', async () => {
    const input = order({ onFailure: 'ask', protect: { agents: 2 } });
    const { handle, tenantId } = await waiting(input);
    env.simulator.faults.next('POST /api/policy_management/v4/applications', { refuse: 403, message: 'not for you' });
    const { resourceId } = world().addMachine({ tenantId });
    await untilState(handle, 'blocked');
    expect(await onboardingOf(handle)).toMatchObject({ state: 'blocked', whoMustAct: 'operator' });
    const other = await env.run('updateContact', { tenant: { id: tenantId }, language: 'fr' });
    expect(other).toMatchObject({ state: 'completed' });
    await decideFor(handle, 'amend', { input: { ...input, protect: { agents: 1 } } });
    await untilMissing(handle, /a first good backup/);
    world().backUp(resourceId);
    await untilState(handle, 'completed');
  });
});

test('what fails before the user has access leaves nothing behind', async () => {
  env.simulator.faults.next(PLANS, { refuse: 403, message: 'not for you' });
  const handle = await begin(order());
  const status = await untilState(handle, 'undone');
  expect(status).not.toHaveProperty('leftovers');
  expect(isThere(status.tenantId!)).toBe(false);
  expect(stateOf(status, 'sendActivationEmail')).toBe('pending');
  expect(await onboardingOf(handle)).toMatchObject({
    state: 'undone',
    whoMustAct: 'nobody',
    milestones: { provisioned: null },
  });
});

test('aborted at a block before the user has access, it removes the tenant', async () => {
  env.simulator.faults.next(PLANS, { refuse: 403, message: 'not for you' });
  const handle = await begin(order({ onFailure: 'ask' }));
  const { tenantId, blocked } = await untilState(handle, 'blocked');
  expect(blocked.step).toBe('ensurePlan');
  await decideFor(handle, 'abort');
  await untilState(handle, 'undone');
  expect(isThere(tenantId!)).toBe(false);
});

test('both halves of an order are checked before anything exists', async () => {
  const wrong = order({ protect: { template: 'toasters', agents: 0 }, quotas: { storage: { limit: 'much' } } });
  const status = await env.run('onboardCustomer', wrong);
  expect(status).toMatchObject({ state: 'failed', reason: { type: 'InvalidInput' } });
  const { message } = (status as unknown as { reason: { message: string } }).reason;
  for (const path of ['protect.template', 'protect.agents', 'quotas.storage']) expect(message).toContain(path);
});
