import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { policiesOf } from '../../activities/plan-settings.js';
import { lookAtMachines } from '../../activities/protected-machines.js';
import { createInProcessSimulator } from '../../simulator/index.js';
import { consoleClient } from '../support/console.js';

const simulator = createInProcessSimulator();
const { world, memory } = simulator;
const acronis = consoleClient(simulator);
const DAY_MS = 24 * 3_600_000;
const now = Date.now();
const at = (days: number) => new Date(now + days * DAY_MS).toISOString();

/** A customer whose machine has a plan, and has backed up at this time. */
async function backedUp(time: string | null) {
  const tenantId = world.addTenant({ name: `Backed up ${String(time)}`, kind: 'customer' });
  const { agentId, resourceId } = world.addMachine({ tenantId });
  const customer = acronis.scopedTo(tenantId);
  const ids = { root: randomUUID(), backup: randomUUID() };
  await customer.plans.create(
    policiesOf({ name: 'Plan', backup: { days: ['monday'], at: '12:00', keep: '30 days' } }, ids),
  );
  await customer.planApplications.apply(ids.root, [resourceId]);
  for (const one of memory.assignments.values()) if (one.resourceId === resourceId) one.lastSuccess = time;
  return { tenantId, agentId, resourceId };
}

const protectedIn = async (tenantId: string) =>
  (await lookAtMachines(acronis, tenantId, { since: now, now })).machines.protected;

test.each<[string, string | null, number]>([
  ['made now', at(0), 1],
  ['of this week', at(-6), 1],
  ['of long before the order', at(-8), 0],
  ['by a clock that is an hour ahead', at(1 / 24), 1],
  ['of the far future', at(400), 0],
  ['without a time', null, 0],
  ['with a time that nobody can read', 'yesterday', 0],
])('a backup %s', async (_words, time, expected) => {
  const { tenantId } = await backedUp(time);
  expect(await protectedIn(tenantId)).toBe(expected);
});

test('an agent of a unit below says nothing about the machines of the customer', async () => {
  const { tenantId, agentId } = await backedUp(null);
  world.setOnline(agentId, false);
  const unit = world.addTenant({ name: 'A unit', kind: 'unit', parent_id: tenantId });
  world.addMachine({ tenantId: unit });
  const sight = await lookAtMachines(acronis, tenantId, { since: now, now });
  expect(sight).toMatchObject({ online: false, offline: 1, machines: { registered: 1 } });
});

test('a look names more machines without a plan than one call takes, so that revoked ones do not hide a new one', async () => {
  const tenantId = world.addTenant({ name: 'Many machines', kind: 'customer' });
  for (let nth = 0; nth < 120; nth += 1) world.addMachine({ tenantId });

  const { bare } = await lookAtMachines(acronis, tenantId, { since: now, now });

  expect(bare).toHaveLength(120);
});
