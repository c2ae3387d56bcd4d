import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { outgoingBody } from '../../catalogue/outgoing-events.js';
import { OUTGOING_EVENTS, type OutgoingEvent } from '../../contract/outgoing-events.js';
import { consoleClient } from '../support/console.js';
import { customersIn, type TestCustomer } from '../support/customers.js';
import { factReader } from '../support/fact-reader.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { anOrder } from '../support/orders.js';
import { pause } from '../support/pause.js';
import { decideFor, startBlockedAt, waitUntil } from '../support/runs.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const patient = {
  offeringItems: ['workstations'],
  quotas: { workstations: { perUnit: 1 } },
  sold: { store: ['price_patient'] },
  rules: {
    pastDue: [{ after: '14 days', do: 'suspend' }],
    ended: { suspendAfter: '0 days', offboard: 'automatic', grace: '1 minute' },
  },
};
const guarded = { ...patient, sold: { store: ['price_guarded'] }, protect: { template: 'workstations' } };

const HOUR_MS = 3_600_000;

const got: OutgoingEvent[] = [];
const env = useVirtualEnvironment(
  {},
  {
    readFacts: factReader({ patient, guarded }),
    brake: 'off',
    outgoing: {
      shiftMs: 600_000,
      outgoing: {
        endpoints: () => [{ key: 'crm', wants: () => true }],
        deliver: async (_endpoint, event) => {
          got.push(event);
          return 'delivered';
        },
      },
    },
  },
);
const aCustomer = customersIn(env);

beforeEach(async () => {
  const running = env.client.workflow.getHandle(OUTGOING_EVENTS);
  const isRunning = await running.describe().then(
    () => true,
    () => false,
  );
  if (!isRunning)
    await env.client.workflow.start(OUTGOING_EVENTS, {
      workflowId: OUTGOING_EVENTS,
      taskQueue: env.taskQueue,
      args: [],
    });
  got.length = 0;
});

afterEach(() => {
  for (const { type, timestamp, data } of got)
    expect(outgoingBody(type).parse({ type, timestamp, data })).toEqual({ type, timestamp, data });
  expect(new Set(got.map(({ id }) => id)).size).toBe(got.length);
});

const about = (id: string) => got.filter(({ data }) => data.id === id);
const typesOf = (id: string) => about(id).map(({ type }) => type);
const idOf = ({ ref }: TestCustomer) => `customer:${ref}`;

/** Waits until this many events about a subject have come, and gives their types. */
async function whenCame(id: string, count: number): Promise<string[]> {
  await waitUntil(async () => typesOf(id).length >= count);
  return typesOf(id);
}

describe('a run', () => {
  const ROLE = 'PUT /users/{id}/access_policies';

  test('that completes says so, with its tenant', async () => {
    const handle = await env.start(anOrder({ externalRef: 'R-1' }));
    const { tenantId } = await statusAtEnd(handle);

    expect(await whenCame(handle.workflowId, 1)).toEqual(['operation.completed']);

    expect(about(handle.workflowId)[0]).toMatchObject({
      data: { operation: 'provisionCustomer', state: 'completed', tenantId, externalRef: 'R-1' },
    });
  });

  test('that waits says why and since when, before it says how it has ended', async () => {
    const { handle, status } = await startBlockedAt(env, ROLE);
    await whenCame(handle.workflowId, 1);
    await decideFor(handle, 'abort');
    await statusAtEnd(handle);

    expect(await whenCame(handle.workflowId, 2)).toEqual(['operation.blocked', 'operation.undone']);

    const { step, since, type: reason } = status.blocked;
    expect(about(handle.workflowId)[0]).toMatchObject({ timestamp: since, data: { step, since, reason } });
  });

  test('that is refused has failed', async () => {
    const handle = await env.start(anOrder({ offeringItems: ['moonbase'] }));
    await statusAtEnd(handle);

    expect(await whenCame(handle.workflowId, 1)).toEqual(['operation.failed']);
    expect(about(handle.workflowId)[0]).toMatchObject({ data: { state: 'failed', reason: 'Refused' } });
  });
});

describe('a customer', () => {
  const items = [{ product: 'price_patient', quantity: 1 }];
  const isSteady = ({ state }: { state: string }) => state === 'steady';

  test('says that its tenant is there, and later that it is suspended', async () => {
    const customer = await aCustomer();
    const { tenantId } = await customer.until(isSteady);
    expect(await whenCame(idOf(customer), 2)).toEqual(['customer.changed', 'onboarding.milestone']);
    expect(about(idOf(customer))[1]).toMatchObject({
      data: { ref: customer.ref, cloud: 'default', tenantId, milestone: 'provisioned' },
    });

    await customer.tell({ state: 'past_due', since: new Date().toISOString() });
    await customer.until(({ state }) => state === 'suspended');

    await waitUntil(async () => typesOf(idOf(customer)).includes('customer.suspended'));
    expect(about(idOf(customer)).at(-1)).toMatchObject({ data: { operation: 'disableTenant', tenantId } });
  });

  test('says each milestone once, from the tenant to the first good backup', async () => {
    const customer = await aCustomer({ items: [{ product: 'price_guarded', quantity: 1 }] });
    const { tenantId = '' } = await customer.until(({ protection }) => protection?.missing !== undefined);
    const { resourceId } = env.simulator.world.addMachine({ tenantId });
    await waitUntil(async () => env.simulator.world.applications(resourceId).length > 0, HOUR_MS);
    env.simulator.world.backUp(resourceId);
    const milestonesOf = () => about(idOf(customer)).flatMap(({ data }) => (data['milestone'] as string) ?? []);

    await waitUntil(async () => milestonesOf().includes('protected'), HOUR_MS);

    await customer.tell({ items: [{ product: 'price_guarded', quantity: 2 }] });
    await waitUntil(async () => typesOf(idOf(customer)).filter((type) => type === 'customer.changed').length > 2);
    const { milestones } = await customer.status();
    expect(milestonesOf()).toEqual(Object.entries(milestones).flatMap(([name, at]) => (at === null ? [] : name)));
  });

  test('whose suspension is announced and called off says both', async () => {
    const customer = await aCustomer({ items });
    await customer.until(isSteady);
    await whenCame(idOf(customer), 2);
    await customer.tell({ state: 'past_due', since: new Date().toISOString(), items });
    const { next } = await customer.until((status) => status.next?.what === 'suspend');
    await whenCame(idOf(customer), 3);

    await customer.tell({ state: 'active', items });

    expect((await whenCame(idOf(customer), 4)).slice(2)).toEqual(['customer.suspending', 'customer.changed']);
    const [announced, calledOff] = about(idOf(customer)).slice(2);
    expect(announced).toMatchObject({ data: { at: next!.at, why: expect.stringContaining('past due') } });
    expect(calledOff).toMatchObject({ data: { calledOff: { what: 'suspend', at: next!.at } } });
  });

  test('says when somebody has changed its tenant in the cloud', async () => {
    const customer = await aCustomer({ items });
    const { tenantId } = await customer.until(isSteady);
    await whenCame(idOf(customer), 2);
    const { offeringItems } = consoleClient(env.simulator);
    const rows = await offeringItems.list(tenantId!);
    const { application_id, name, infra_id } = rows.find((row) => row.name === 'workstations' && row.status === 1)!;
    await offeringItems.put(tenantId!, [{ application_id, name, infra_id, status: 0 }], { checkUsage: false });

    await customer.tell({ items: [{ product: 'price_patient', quantity: 2 }] });

    await waitUntil(async () => typesOf(idOf(customer)).includes('customer.different'));
    const different = about(idOf(customer)).find(({ type }) => type === 'customer.different');
    expect(different).toMatchObject({ data: { fields: ['offeringItems.workstations', 'quotas.workstations'] } });
  });

  test('that ends says when that begins, and when its tenant is deleted', async () => {
    const customer = await aCustomer({ items });
    await customer.until(isSteady);
    await customer.tell({ state: 'ended', until: '2026-01-01T00:00:00.000Z', items });
    await customer.until(({ state }) => state === 'ended');

    await waitUntil(async () => typesOf(idOf(customer)).includes('customer.ended'));
    expect(typesOf(idOf(customer)).slice(2)).toEqual(['customer.ending', 'customer.ended']);
  });
});

test('nothing is reported twice when the workflow continues as new', async () => {
  const handle = await env.start(anOrder());
  await statusAtEnd(handle);
  await whenCame(handle.workflowId, 1);
  const { runId } = await env.client.workflow.getHandle(OUTGOING_EVENTS).describe();

  await pause(700_000);

  const { runId: later } = await env.client.workflow.getHandle(OUTGOING_EVENTS).describe();
  expect(later).not.toBe(runId);
  expect(typesOf(handle.workflowId)).toHaveLength(1);
});
