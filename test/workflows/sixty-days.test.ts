import { expect, test } from '@jest/globals';
import { WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client';
import { historyText } from '../../client/cli/customer.js';
import type { CustomerRun } from '../../client/customer-history.js';
import type { OperationStatus } from '../../contract/status.js';
import { storedSecrets } from '../support/activities.js';
import { pause } from '../support/pause.js';
import { waitUntil, waitForState } from '../support/runs.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';
import { anOrder } from '../support/orders.js';

const env = useVirtualEnvironment();
const DAY_MS = 86_400_000;
const { customer, administrator } = anOrder();
const { name } = customer;
const tenant = { customerId: customer['customerId'] };
const handles: WorkflowHandle[] = [];

const statusOf = async (handle: WorkflowHandle) => await handle.query<OperationStatus>('status');

async function begin(operation: string, order: object): Promise<WorkflowHandle> {
  const handle = await env.begin(operation, order, `${operation}:${handles.length}`);
  handles.push(handle);
  return handle;
}

async function done(operation: string, order: object): Promise<OperationStatus> {
  const handle = await begin(operation, order);
  return await waitForState(handle, 'completed');
}

/** What `tenantry customer` would show now. */
async function story(): Promise<string> {
  const runs = await Promise.all(
    handles.map(async (handle): Promise<CustomerRun> => {
      const status = await statusOf(handle);
      const { operation, id, state, startedAt, updatedAt } = status;
      return { id, operation, state, status, startedAt, ...(state === 'running' ? {} : { closedAt: updatedAt }) };
    }),
  );
  const { world } = env.simulator;
  const [now] = [...world.tenants(), ...world.deletedTenants()].filter((one) => one.name === name);
  const { id, enabled, deleted_at: deletedAt } = now!;
  const living = { name, state: enabled ? ('enabled' as const) : ('disabled' as const) };
  const seen = deletedAt === null ? living : { name, state: 'deleted' as const, deletedAt };
  return historyText({ tenantId: id, now: seen, runs });
}

/** State of each run, in order, as the story has it. */
function states(text: string): string[] {
  return [...text.matchAll(/^\d{4}-\S+ +(?:\d{4}-\S+)? +(\w+):\d+ +(.+)$/gm)].map(
    ([, operation, state]) => `${operation} ${state}`,
  );
}

const days = async (count: number) => await pause(count * DAY_MS);

async function isOpen(workflowId: string): Promise<boolean> {
  try {
    return (await env.client.workflow.getHandle(workflowId).describe()).status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

test('a customer comes, works, pauses and goes within sixty days: one story throughout, and nothing stays behind', async () => {
  const { world } = env.simulator;
  const secretsBefore = storedSecrets.size;
  const { tenantId } = await done('provisionCustomer', { customer, administrator });
  expect(await story()).toContain(`${name}, tenant ${tenantId!}, enabled`);

  await days(1);
  await done('createPlan', { tenant, name: 'Workstations' });
  world.addMachine({ tenantId: tenantId!, hostname: 'ws-1' });
  await done('applyPlan', { tenant, plan: { name: 'Workstations' }, resources: 'all' });
  await days(9);
  await done('produceReport', { tenant, kind: 'usage_current', level: 'accounts' });
  await days(5);
  await done('disableTenant', { tenant });
  expect(await story()).toMatch(/^.*, disabled\n/);
  await days(5);
  await done('enableTenant', { tenant });
  expect(await story()).toMatch(/^.*, enabled\n/);

  await days(10);
  const including = { users: [administrator.login], agents: ['ws-1'] };
  const leaving = await begin('offboardCustomer', { tenant, grace: '30 days', confirm: name, including });
  await waitUntil(async () => (await statusOf(leaving)).grace !== undefined);
  expect(states(await story()).at(-1)).toMatch(/^offboardCustomer running: it is deleted at \d{4}-/);
  await leaving.result();
  await expectNothingLeft(tenantId!);

  const text = await story();
  expect(states(text)).toEqual([
    'provisionCustomer completed',
    'createPlan completed',
    'applyPlan completed',
    'produceReport completed',
    'disableTenant completed',
    'enableTenant completed',
    expect.stringMatching(/^offboardCustomer completed: deleted at \d{4}-/),
  ]);
  expect(text).toMatch(/^.*, deleted at \d{4}-/);
  expect(text).toMatch(/restoreCustomer may bring back what is deleted at \d{4}-/);
  const [first, last] = [await statusOf(handles[0]!), await statusOf(handles.at(-1)!)];
  expect(Math.floor((Date.parse(last.updatedAt) - Date.parse(first.startedAt)) / DAY_MS)).toBe(60);
  expect(env.artefacts).toHaveLength(2);
  expect(storedSecrets.size).toBe(secretsBefore);
});

/** But for the mark of a deleted tenant, and for the files that were asked for. */
async function expectNothingLeft(tenantId: string): Promise<void> {
  const { world } = env.simulator;
  expect(world.deletedTenants()).toMatchObject([{ id: tenantId, name }]);
  expect(world.tenants().filter((one) => one.id === tenantId || one.parent_id === tenantId)).toEqual([]);
  const { users, plans, agents, resources, reports, registrationTokens, alerts } = world;
  for (const left of [users, plans, agents, resources, reports, registrationTokens, alerts])
    expect(left(tenantId)).toEqual([]);
  for (const { planId } of world.applications()) expect(world.plans().map(({ id }) => id)).toContain(planId);
  expect(world.clients().filter((client) => client.tenant_id === tenantId)).toEqual([]);
  expect(await isOpen('cloudTrouble:default')).toBe(false);
  for (const handle of handles) expect(await isOpen(handle.workflowId)).toBe(false);
  expect(env.notices).toEqual([]);
}
