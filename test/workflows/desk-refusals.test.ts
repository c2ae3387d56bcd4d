import { describe, expect, test } from '@jest/globals';
import { startBlockedAt, decideFor, waitForState, refusalMessage } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { anOrder } from '../support/orders.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();
const ROLE = 'PUT /users/{id}/access_policies';

describe('a decision that makes no sense is refused with a sentence that says why', () => {
  test('when it does not say who and why, or cannot be', async () => {
    const { order, handle } = await startBlockedAt(env, ROLE);

    expect(await refusalMessage(decideFor(handle, 'retry', { reason: ' ' }))).toBe('reason is missing: say why');
    expect(await refusalMessage(decideFor(handle, 'retry', { actor: undefined }))).toBe(
      'actor is missing: say who decides',
    );
    expect(await refusalMessage(decideFor(handle, 'skip'))).toMatch(/^assignRole cannot be skipped/);
    expect(await refusalMessage(decideFor(handle, 'amend'))).toMatch(/^input is missing/);
    expect(await refusalMessage(decideFor(handle, 'amend', { input: order }))).toMatch(/equals the current one/);

    expect(await waitForState(handle, 'blocked')).toMatchObject({ blocked: { step: 'assignRole' } });
    await decideFor(handle, 'abort');
    await statusAtEnd(handle);
  });

  test('when the amended input is wrong, says who the customer is, or what is done already', async () => {
    const { order, handle } = await startBlockedAt(env, ROLE);
    const amend = async (fields: object) =>
      await refusalMessage(decideFor(handle, 'amend', { input: { ...order, ...fields } }));
    const { customer } = order;

    expect(await amend({ surprise: 1 })).toMatch(/^the amended input is refused: surprise: /);
    expect(await amend({ customer: { ...customer, customerId: 'another' } })).toMatch(
      /^customer.customerId cannot be amended: abort, and start a new run/,
    );
    expect(await amend({ customer: { ...customer, name: 'Another' } })).toMatch(
      /^customer.name cannot be amended any more: ensureCustomerTenant has used it/,
    );
    expect(await amend({ externalRef: 'x' })).toMatch(/^externalRef cannot be amended/);

    await decideFor(handle, 'abort');
    await statusAtEnd(handle);
  });

  test('when the amended part went with a call whose answer was lost, also when a later try was refused', async () => {
    const order = anOrder({ onFailure: 'ask' });
    const name = `Not ${order.customer.name}`;
    env.simulator.faults.next('POST /tenants', 'garble', { about: [order.administrator.login, order.customer.name] });
    env.simulator.faults.next('GET /tenants', { refuse: 403 });
    const handle = await env.start(order);
    const { blocked } = await waitForState(handle, 'blocked');
    expect(blocked).toMatchObject({ step: 'ensureCustomerTenant', type: 'Acronis.Forbidden' });

    const amended = { ...order, customer: { ...order.customer, name } };
    expect(await refusalMessage(decideFor(handle, 'amend', { input: amended }))).toMatch(
      /^customer.name cannot be amended yet: ensureCustomerTenant may have taken effect/,
    );

    await decideFor(handle, 'retry');
    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
    const like = ({ name: one }: { name: string }) => one.includes(order.customer.name);
    expect(env.simulator.world.customers().filter(like)).toHaveLength(1);
  });

  test('when somebody decided just before: one wins, the other is refused', async () => {
    const { handle } = await startBlockedAt(env, ROLE);

    const answers = await Promise.allSettled([
      decideFor(handle, 'retry', { actor: 'ann' }),
      decideFor(handle, 'abort', { actor: 'bob' }),
    ]);

    const lost = answers.find(({ status }) => status === 'rejected');
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const sentence = await refusalMessage(Promise.reject((lost as PromiseRejectedResult).reason as Error));
    expect(sentence).toMatch(
      /^nothing waits for a decision: (ann|bob) \(not verified\) chose (retry|abort) for assignRole/,
    );
    await statusAtEnd(handle);
  });

  test('when the run waits for nobody', async () => {
    const order = anOrder({ onFailure: 'ask' });
    env.simulator.faults.next(ROLE, { delay: 1500 });
    const handle = await env.start(order);
    await waitForState(handle, 'running');

    expect(await refusalMessage(decideFor(handle, 'retry'))).toBe(
      'nothing waits for a decision: the run is not blocked',
    );
    await handle.result();
  });
});
