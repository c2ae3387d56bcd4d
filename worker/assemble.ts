import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import { createActivities, Shares, type Messenger, type Observer, type Slots } from '../activities/index.js';
import type { Artefacts } from '../artefact-store/index.js';
import { bundlePath, encryptingBundlePath } from './bundle.js';
import { dataConverter } from '../vault/index.js';
import { StartRefused } from './checks.js';
import type { CloudClients } from './cloud-clients.js';
import { version } from '../settings/version.js';
import type { WorkerSettings } from '../settings/worker.js';
import { secretReader, secretSafe } from './secrets.js';

/** Above the longest call, so that a call in flight ends by itself when the worker is asked to stop. */
const DRAIN = '30 seconds';
const DRAIN_FORCED = '45 seconds';

/** How much a worker does at a time. A look in a workflow task holds that up too, so there are as many as of those. */
const SLOTS: Slots & { tasks: number } = { ordinary: 100, local: 40, tasks: 40 };

/** What a worker is made from. */
export interface Parts {
  connection: NativeConnection;
  settings: WorkerSettings;
  clouds: CloudClients;
  observer: Observer;
  messengers: readonly Messenger[];
  artefacts: Artefacts;
}

/** A worker that waits to be run. */
export async function createWorker({
  connection,
  settings,
  clouds,
  observer,
  messengers,
  artefacts,
}: Parts): Promise<Worker> {
  const secretStore = secretSafe(settings);
  const codePath = settings.keys === undefined ? bundlePath : encryptingBundlePath;
  if (!existsSync(codePath)) throw new StartRefused('The workflow bundle is not built. Run "npm run build".');
  return await Worker.create({
    connection,
    namespace: settings.namespace,
    taskQueue: settings.taskQueue,
    // "tenantry doctor" reads the version from it
    identity: `tenantry@${version()} ${process.pid}@${hostname()}`,
    workflowBundle: { codePath },
    ...versioning(settings.buildId),
    dataConverter: dataConverter(settings.keys),
    activities: createActivities({
      cloud: (name) => clouds.get(name),
      secret: secretReader(settings),
      ...(secretStore && { secretStore }),
      clouds: clouds.names,
      environment: settings.environment,
      observer,
      messengers,
      artefacts,
      shares: new Shares(SLOTS, clouds.names.length),
    }),
    maxConcurrentActivityTaskExecutions: SLOTS.ordinary,
    maxConcurrentWorkflowTaskExecutions: SLOTS.tasks,
    maxCachedWorkflows: 500,
    // a dead worker's results wait this long for it before another one gets them
    stickyQueueScheduleToStartTimeout: '2 seconds',
    maxHeartbeatThrottleInterval: '500 milliseconds',
    shutdownGraceTime: DRAIN,
    shutdownForceTime: DRAIN_FORCED,
  });
}

/** The deployment of which all workers of this product are versions: docs/upgrades.md. */
export const DEPLOYMENT = 'tenantry';

/** A run stays with the version that began it, as long as a worker of that version runs. */
export function versioning(buildId: string | undefined): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  if (buildId === undefined) return {};
  return {
    workerDeploymentOptions: {
      version: { deploymentName: DEPLOYMENT, buildId },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'PINNED',
    },
  };
}
