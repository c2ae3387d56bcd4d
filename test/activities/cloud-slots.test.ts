import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { CloudSlots } from '../../activities/index.js';
import { startSimulator, type Simulator } from '../../simulator/index.js';
import { activitiesFor } from '../support/activities.js';
import { customer, person, silent } from '../support/activity-environment.js';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(async () => await simulator.close());

/** How many attempts a cloud may make at once, and the functions that end them. */
function fill(shares: CloudSlots, cloud: string) {
  const leaves: (() => void)[] = [];
  for (
    let leave = shares.enter(cloud, 'ordinary');
    leave && leaves.length < 1000;
    leave = shares.enter(cloud, 'ordinary')
  )
    leaves.push(leave);
  return leaves;
}

test('one of several clouds has half of what the others leave; a single cloud has all', () => {
  const shares = new CloudSlots({ ordinary: 100, local: 40 }, 3);
  const first = fill(shares, 'a');

  expect(first).toHaveLength(50);
  expect(fill(shares, 'b')).toHaveLength(25);
  expect(fill(shares, 'c')).toHaveLength(12);
  for (const leave of first) leave();
  expect(fill(shares, 'a')).toHaveLength(31);
  expect(shares.enter('a', 'local')).toBeDefined();
  expect(fill(new CloudSlots({ ordinary: 100, local: 40 }, 1), 'a')).toHaveLength(1000);
});

test('a cloud that has its share has one attempt at work even on the smallest worker', () => {
  const shares = new CloudSlots({ ordinary: 1, local: 1 }, 2);

  expect(fill(shares, 'a')).toHaveLength(1);
  expect(fill(shares, 'b')).toHaveLength(1);
});

const mark = { environment: 'test', key: 'acme', runId: 'run-1' };
const fullHouse = () => {
  const shares = new CloudSlots({ ordinary: 2, local: 2 }, 2);
  const leave = shares.enter('default', 'ordinary')!;
  return { leave, activities: activitiesFor(simulator, { shares }) };
};

/** An attempt with the memory of earlier ones, and its own memory. */
function attemptWith(attempt: number, heartbeatDetails?: unknown) {
  const server = { memory: heartbeatDetails };
  const environment = new MockActivityEnvironment({ attempt, heartbeatDetails }, { logger: silent });
  environment.on('heartbeat', (details: unknown) => (server.memory = structuredClone(details)));
  return { environment, server };
}

test('an attempt above the share is made soon, and the next one is the first', async () => {
  const { leave, activities } = fullHouse();
  const spec = { cloud: 'default', mark, parentTenantId: simulator.rootTenantId, customer, look: false };
  const act = async ({ environment }: ReturnType<typeof attemptWith>) =>
    await environment.run(activities.ensureCustomerTenant as never, spec as never);
  const standing = attemptWith(1);

  await expect(act(standing)).rejects.toMatchObject({
    type: 'Tenantry.StoodBack',
    nonRetryable: false,
    category: 'BENIGN',
    nextRetryDelay: expect.any(Number),
    details: [{ attempts: 0, apiCalls: 0, changed: false, unsure: false }],
  });
  expect(simulator.journal.calls()).toHaveLength(0);

  leave();
  const done = await act(attemptWith(2, standing.server.memory));

  expect(done).toMatchObject({ attempts: 1, adopted: false });
  expect(done).not.toHaveProperty('unsure');
  expect(done).not.toHaveProperty('lastError');
});

test('attempts that gave their slot back do not count towards the tries of a step', async () => {
  const { leave, activities } = fullHouse();
  leave();
  simulator.faults.next('*', { refuse: 503 });
  const memory = { apiCalls: 0, failures: {}, stoodBack: 40 };
  const { environment } = attemptWith(41, memory);

  const failing = environment.run(
    activities.checkLogin as never,
    { cloud: 'default', mark, person, field: 'administrator' } as never,
  );

  await expect(failing).rejects.toMatchObject({
    type: 'Acronis.Unavailable',
    nextRetryDelay: 500,
    details: [{ attempts: 1, unsure: false }],
  });
});
