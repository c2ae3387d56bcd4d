import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NativeConnection, Worker } from '@temporalio/worker';
import { DEPLOYMENT_NAME, versioningOptions } from '../../worker/create-worker.js';
import { bundlePath } from '../../worker/bundle.js';
import { activitiesFor } from '../support/activities.js';
import { decideFor, waitUntil, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { anOrder } from '../support/orders.js';
import { bundleOfOtherVersion, type Change } from '../support/other-version.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment();
const WORKFLOW = 'provision-customer/workflow.js';
const ROLE = 'PUT /users/{id}/access_policies';
const NEW_STEP =
  "await steps.lookUp('findTenant', { cloud, tenant: { id: tenantId } }, { summary: 'new', as: 'newStep' });";
const AT = 'await ensureRole(steps, joined);';

let connection: NativeConnection;
beforeAll(async () => {
  connection = await NativeConnection.connect({ address: env.engine.address });
});
afterAll(async () => {
  await connection.close();
});

/** Starts a worker of some version on its own task queue. */
async function aWorker(taskQueue: string, workflowBundle: { codePath: string } | { code: string }, buildId?: string) {
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowBundle,
    activities: activitiesFor(env.simulator),
    stickyQueueScheduleToStartTimeout: '1 second',
    ...versioningOptions(buildId),
  });
  const run = worker.run();
  return {
    stop: async () => {
      worker.shutdown();
      await run;
    },
  };
}

const start = async (taskQueue: string, order: { customer: { name: string } }) =>
  await env.client.workflow.start('provisionCustomer', { taskQueue, workflowId: order.customer.name, args: [order] });

const stepsOf = async (handle: Awaited<ReturnType<typeof start>>) =>
  (await statusAtEnd(handle)).steps.map(({ name }) => name);

async function blocked(taskQueue: string) {
  env.simulator.faults.next(ROLE, { refuse: 403 });
  const handle = await start(taskQueue, anOrder({ onFailure: 'ask' }));
  await waitForState(handle, 'blocked');
  return handle;
}

const withNewStep: Change = { file: WORKFLOW, find: AT, replace: `${NEW_STEP} ${AT}` };
const withPatch: Change[] = [
  { file: WORKFLOW, find: AT, replace: `if (patched('new-step')) { ${NEW_STEP} } ${AT}` },
  {
    file: WORKFLOW,
    find: 'import { removeDoubles }',
    replace: "import { patched } from '@temporalio/workflow'; import { removeDoubles }",
  },
];

describe('with worker versions', () => {
  test('a run ends with the version that began it, while new runs begin with the new one', async () => {
    const queue = 'versioned';
    const first = await aWorker(queue, { codePath: bundlePath }, '1');
    await makeCurrent('1');
    const old = await blocked(queue);
    const second = await aWorker(queue, { code: await bundleOfOtherVersion(withNewStep) }, '2');
    await makeCurrent('2');

    const fresh = await start(queue, anOrder());
    const freshSteps = await stepsOf(fresh);
    await decideFor(old, 'retry');

    expect(freshSteps).toContain('newStep');
    expect(await statusAtEnd(old)).toMatchObject({ state: 'completed' });
    expect(await stepsOf(old)).not.toContain('newStep');
    await Promise.all([first.stop(), second.stop()]);
  });
});

describe('without worker versions', () => {
  test('a new step behind a patch leaves runs alone that were past it, and is there for new ones', async () => {
    const queue = 'patched';
    const before = await aWorker(queue, { codePath: bundlePath });
    const old = await blocked(queue);
    await before.stop();
    const after = await aWorker(queue, { code: await bundleOfOtherVersion(...withPatch) });

    await decideFor(old, 'retry');

    expect(await statusAtEnd(old)).toMatchObject({ state: 'completed' });
    expect(await stepsOf(old)).not.toContain('newStep');
    expect(await stepsOf(await start(queue, anOrder()))).toContain('newStep');
    await after.stop();
  });

  test('a bug in Tenantry stalls the run, undoes nothing, and the run completes once a fixed version is there', async () => {
    const queue = 'faulty';
    const bug = { ...withNewStep, replace: `if (order.customer.name) null.oops(); ${AT}` };
    const faulty = await aWorker(queue, { code: await bundleOfOtherVersion(bug) });
    const order = anOrder();
    const handle = await start(queue, order);
    await waitUntil(async () => (await failedTasks(handle)) >= 2);
    const kept = env.simulator.world.customers().filter(({ name }) => name === order.customer.name);
    await faulty.stop();

    const fixed = await aWorker(queue, { codePath: bundlePath });

    expect(kept).toHaveLength(1);
    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
    await fixed.stop();
  });

  test('a changed default changes no running run', async () => {
    const queue = 'defaults';
    const before = await aWorker(queue, { codePath: bundlePath });
    env.simulator.faults.next('POST /tenants', { refuse: 403 });
    const handle = await start(queue, anOrder({ onFailure: 'ask' }));
    await waitForState(handle, 'blocked');
    await before.stop();
    // what the activity that reads inputs would return from now on
    const otherDefaults = { ...activitiesFor(env.simulator), readInput: async () => ({ ok: true, order: {} }) };
    const after = await Worker.create({
      connection,
      taskQueue: queue,
      workflowBundle: { codePath: bundlePath },
      activities: otherDefaults,
    });

    const status = await after.runUntil(async () => {
      await decideFor(handle, 'retry');
      return await statusAtEnd(handle);
    });

    expect(status).toMatchObject({ state: 'completed', offeringItems: ['workstations', 'storage'] });
  });
});

async function makeCurrent(buildId: string): Promise<void> {
  const { workflowService } = env.client;
  await waitUntil(async () => {
    try {
      await workflowService.setWorkerDeploymentCurrentVersion({
        namespace: 'default',
        deploymentName: DEPLOYMENT_NAME,
        buildId,
      });
      return true;
    } catch {
      // the server learns of a version by its first poll
      return false;
    }
  });
}

async function failedTasks(handle: Awaited<ReturnType<typeof start>>): Promise<number> {
  const { raw } = await handle.describe();
  return raw.pendingWorkflowTask?.attempt ?? 0;
}
