import { beforeAll, describe, expect, test } from '@jest/globals';
import { brakeId, type BrakeDecision, type BrakeRequest } from '../../../contract/brake.js';
import { aReference, customersIn } from '../../support/customers.js';
import { readFacts } from '../../support/fact-reader.js';
import { useVirtualEnvironment } from '../../support/use-virtual-environment.js';

const limits = { hour: 1, hourShare: 0, day: 1, dayShare: 0, creations: 4 };
const env = useVirtualEnvironment({}, { readFacts, brake: limits });
const aCustomer = customersIn(env);

const unpaid = { state: 'past_due', since: '2026-01-01T00:00:00.000Z' } as const;
const isSteady = ({ state }: { state: string }) => state === 'steady';
const waitsForBrake = ({ waitingFor = '' }: { waitingFor?: string }) => waitingFor.startsWith('the brake');
const decide = async (choice: string, more: Partial<BrakeRequest>) =>
  await env.client.workflow
    .getHandle(brakeId())
    .executeUpdate<BrakeDecision, [BrakeRequest]>(choice, { args: [{ actor: 'ann', reason: 'because', ...more }] });

/** A customer whose tenant is there before any customer looks. */
const oldRef = aReference();
beforeAll(() => void env.simulator.world.addTenant({ name: `Old ${oldRef}`, customer_id: oldRef }));

describe('customers at the brake', () => {
  test('are not disabled above the limits; one that pays meanwhile never is, one that is released is, a dropped one is not', async () => {
    const customers = [await aCustomer(), await aCustomer(), await aCustomer(), await aCustomer()];
    for (const customer of customers) await customer.until(isSteady);
    const [first, pays, released, dropped] = customers as [(typeof customers)[0], ...typeof customers];
    const isEnabled = async ({ status }: (typeof customers)[0]) =>
      env.simulator.world.tenant((await status()).tenantId!)!.enabled;

    await first.tell(unpaid);
    await first.until(({ state }) => state === 'suspended');
    for (const customer of [pays!, released!, dropped!]) {
      await customer.tell(unpaid);
      expect(await customer.until(waitsForBrake)).toMatchObject({ state: 'waiting' });
      expect(await isEnabled(customer)).toBe(true);
    }
    await pays!.tell({ state: 'active' });
    await pays!.until(isSteady);
    await decide('drop', { refs: [dropped!.ref] });
    await dropped!.until(({ state }) => state === 'blocked');
    await decide('release', { all: true });

    await released!.until(({ state }) => state === 'suspended');
    expect(await isEnabled(pays!)).toBe(true);
    expect(await isEnabled(dropped!)).toBe(true);
    expect((await dropped!.status()).blocked?.message).toMatch('ann has dropped it at the brake: because');
  });

  test('that exist already are found at once, also when no more may be created', async () => {
    const fresh = await aCustomer();
    const old = await aCustomer({}, { ref: oldRef });

    await fresh.until(waitsForBrake);
    await old.until(({ waitingFor = '' }) => waitingFor.startsWith('looksExisting'));
  });

  test('that wait to be created share one look for their tenants', async () => {
    env.calls();

    const customers = await Promise.all(Array.from({ length: 8 }, async () => await aCustomer()));

    for (const customer of customers) await customer.until(waitsForBrake);
    // one a minute
    expect(env.calls().filter((route) => route === 'GET /tenants').length).toBeLessThan(5);
  });
});
