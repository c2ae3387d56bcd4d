import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { bundlePath } from '../../../worker/bundle.js';
import { createSimulatedActivities, type ExternalServices } from '../activities.js';
import type { Activities } from '../worker.js';
import type { StoredSecret } from '../../../vault/index.js';

/** A worker process that can be killed. Its settings are its only argument; its parent provides all services. */
export interface WorkerSettings {
  address: string;
  namespace: string;
  vendor: ExternalServices['vendor'];
}

const { address, namespace, vendor } = JSON.parse(process.argv[2]!) as WorkerSettings;

// a later answer counts as lost, so that tests are fast
const times = { timeoutMs: 5000, lookAgainMs: 1000 };
let equipped = fresh();

function fresh(): Activities {
  return createSimulatedActivities({
    vendor,
    ...times,
    tell: async (notice) => void (await outside('tell', notice)),
    secretStore: {
      check: async () => undefined,
      async put(name, value, origin, check) {
        check?.((await outside('read', [name])) as StoredSecret | undefined);
        await outside('put', [name, value, origin]);
      },
      read: async (name) => (await outside('read', [name])) as StoredSecret | undefined,
      remove: async (name) => (await outside('remove', [name])) as boolean,
    },
  });
}

async function outside(what: string, given: unknown): Promise<unknown> {
  const response = await fetch(`${vendor.url}/outside/${what}`, { method: 'POST', body: JSON.stringify(given) });
  return ((await response.json()) as { answer?: unknown }).answer;
}

Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
});
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address }),
  namespace,
  taskQueue: 'engine',
  workflowBundle: { codePath: bundlePath },
  activities: Object.fromEntries(
    Object.keys(equipped).map((name) => [name, async (...given: never[]) => await equipped[name]!(...given)]),
  ),
  stickyQueueScheduleToStartTimeout: '2 seconds',
  maxHeartbeatThrottleInterval: '100 milliseconds',
  shutdownGraceTime: 0,
});
// a new world: tokens and pace of the last one are invalid
process.on('message', () => (equipped = fresh()));
process.on('disconnect', () => process.exit(0));
const running = worker.run();
process.send!('ready');
await running;
