import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import {
  createActivities,
  pendingAttempt,
  BudgetSlots,
  CloudSlots,
  type Observer,
  type OutgoingDoor,
  type Slots,
} from '../activities/index.js';
import type { ReadableArtefactStore } from '../contract/artefacts.js';
import { TenantryError } from '../contract/errors.js';
import { identityText } from '../contract/worker-identity.js';
import { version } from '../settings/version.js';
import { secretSourcesOf, type WorkerSettings } from '../settings/worker.js';
import { configuredSecretStore, repeatedQueries, workerDataConverter } from '../vault/index.js';
import { createAnswers } from './answers.js';
import { bundlePath, encryptingBundlePath } from './bundle.js';
import type { CloudClients } from './cloud-clients.js';
import type { FactReader } from './fact-reader.js';
import type { OpenedNoticeWays } from './notices/index.js';
import { StoredImports } from './imported-rows.js';
import { secretReader } from './secrets.js';
import type { SourceApiReader } from './source-api-reader.js';

/** Longer than the longest call, so that a call in flight ends by itself when the worker has to stop. */
const DRAIN = '30 seconds';
const DRAIN_FORCED = '45 seconds';

/** How much a worker does at a time. A local activity also holds a workflow task, so there are as many of both. */
const SLOTS: Slots & { tasks: number } = { ordinary: 100, local: 40, tasks: 40 };

export interface WorkerParts {
  connection: NativeConnection;
  settings: WorkerSettings;
  clouds: CloudClients;
  observer: Observer;
  ways: Pick<OpenedNoticeWays, 'messengers' | 'routes'>;
  artefacts: ReadableArtefactStore;
  facts: FactReader | undefined;
  truth: SourceApiReader | undefined;
  outgoing: OutgoingDoor | undefined;
}

/** Creates a worker that does not run yet. */
export async function createWorker(parts: WorkerParts): Promise<Worker> {
  const { connection, settings } = parts;
  const { temporal, encryption, process: self } = settings;
  const codePath = encryption.keys === undefined ? bundlePath : encryptingBundlePath;
  if (!existsSync(codePath))
    throw new TenantryError('internal', 'The workflow bundle is not built. Run "npm run build".');
  return await Worker.create({
    connection,
    namespace: temporal.namespace,
    taskQueue: temporal.taskQueue,
    identity: identityText({
      version: version(),
      pid: process.pid,
      host: hostname(),
      keyIds: encryption.keys?.ids ?? [],
    }),
    workflowBundle: { codePath },
    ...versioningOptions(self.buildId),
    dataConverter: workerDataConverter(encryption.keys),
    interceptors: { client: repeatedQueries },
    activities: activitiesOf(parts),
    maxConcurrentActivityTaskExecutions: SLOTS.ordinary,
    maxConcurrentWorkflowTaskExecutions: SLOTS.tasks,
    maxCachedWorkflows: 500,
    // results for a dead worker wait this long before another one gets them
    stickyQueueScheduleToStartTimeout: '2 seconds',
    maxHeartbeatThrottleInterval: '100 milliseconds',
    shutdownGraceTime: DRAIN,
    shutdownForceTime: DRAIN_FORCED,
  });
}

function activitiesOf({ settings, clouds, observer, ways, artefacts, facts, truth, outgoing }: WorkerParts) {
  const { messengers, routes } = ways;
  const secretSources = secretSourcesOf(settings);
  const secretStore = configuredSecretStore(secretSources);
  return createActivities({
    cloud: (name) => clouds.get(name),
    secret: secretReader(secretSources),
    ...(secretStore && { secretStore }),
    clouds: clouds.names,
    brake: settings.brake.limits,
    ...settings.actors,
    environment: settings.mark.environment,
    observer,
    messengers,
    ...(routes && { sendToTarget: async (target, batch) => await routes.send(target, batch) }),
    artefacts,
    importedRows: new StoredImports(artefacts, settings.encryption.keys),
    ...createAnswers({ settings, clouds, artefacts }),
    ...(facts && { readFacts: (given) => facts.read(given), readTerms: (of) => facts.terms(of) }),
    ...(truth && {
      readTruth: async (change, signal) => await truth.read(change, signal),
      readAccount: async (source, signal) => await truth.account(source, signal),
      readPage: async (page, signal) => await truth.page(page, signal),
    }),
    ...(outgoing && { outgoing }),
    pending: pendingAttempt,
    shares: new CloudSlots(SLOTS, clouds.names.length),
    budgets: new BudgetSlots(clouds.buckets, SLOTS),
  });
}

/** All workers of this product are versions of this deployment: docs/upgrades.md. */
export const DEPLOYMENT_NAME = 'tenantry';

/** A run stays with the version that began it, as long as a worker of that version runs. */
export function versioningOptions(buildId: string | undefined): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  if (buildId === undefined) return {};
  return {
    workerDeploymentOptions: {
      version: { deploymentName: DEPLOYMENT_NAME, buildId },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'PINNED',
    },
  };
}
