import type { MetricMeter } from '@temporalio/common';
import type { NativeConnection, Worker } from '@temporalio/worker';
import { openArtefacts } from '../artefact-store/index.js';
import { cannotListen } from '../settings/ports.js';
import { FailureType } from '../contract/failures.js';
import { unknownSettingsText } from '../settings/names.js';
import { loadWorkerSettings, secretSourcesOf, type WorkerSettings } from '../settings/worker.js';
import { createAttemptObserver } from './attempt-observer.js';
import { keepCallBudgets } from './call-budgets.js';
import { CloudClients } from './cloud-clients.js';
import { CloudMonitor } from './cloud-monitor.js';
import { createWorker, type WorkerParts } from './create-worker.js';
import { openFactReader } from './fact-reader.js';
import { createSecretReader } from '../vault/index.js';
import { watchSources } from './known-sources.js';
import { SourceApiReader } from './source-api-reader.js';
import { freePort, serveHealth, type Health } from './health.js';
import { createLog, type Logger } from '../telemetry/log.js';
import { openNoticeWays } from './notices/index.js';
import { keepOutgoingEvents, OutgoingWebhooks, watchOutgoing } from './outgoing.js';
import { checkArtefacts, checkNamespace, connectTemporal } from './startup-checks.js';
import { installTelemetry } from './telemetry.js';

/** Gets the line of JSON that says that the worker polls. */
export interface WorkerOutput {
  stdout(line: string): void;
}

interface Telemetry {
  log: Logger;
  metricsPort: number | undefined;
  metricMeter: MetricMeter;
}

const REACH_MS = 2000;

/**
 * Runs a worker until SIGINT or SIGTERM, then drains it: calls in flight end first. Prints one line of JSON once it
 * polls. Fails as `refused` for settings that cannot be used, as `unavailable` when something outside prevents the
 * start.
 */
export async function runWorker(output: WorkerOutput, options: { port?: number | undefined } = {}): Promise<void> {
  const settings = loadWorkerSettings(options);
  const log = createLog(settings.log.logLevel);
  const unknown = unknownSettingsText();
  if (unknown !== undefined) log.warn(unknown);
  const metricsPort = settings.process.health && (await freePort());
  const runtime = installTelemetry(log, metricsPort);
  try {
    await connectAndRun(settings, { log, metricsPort, metricMeter: runtime.metricMeter }, output);
  } finally {
    // without a connection it does not end by itself: it would keep the process alive and ignore the first signal
    await runtime.shutdown();
  }
}

async function connectAndRun(settings: WorkerSettings, telemetry: Telemetry, output: WorkerOutput): Promise<void> {
  const { log, metricMeter, metricsPort } = telemetry;
  const clouds = new CloudClients(settings.clouds.clouds, settings.rereadClouds);
  const artefacts = openArtefacts(settings.artefacts);
  const connection = await connectTemporal(settings.temporal);
  const monitor = new CloudMonitor({ clients: clouds, log, meter: metricMeter });
  const giveBackLeases = keepCallBudgets({ connection, settings, clouds, meter: metricMeter });
  try {
    await checkNamespace(connection, settings.temporal.namespace);
    const [refusal] = await Promise.all([checkArtefacts(artefacts), monitor.start()]);
    if (refusal !== undefined) log.warn({ type: FailureType.Artefact }, `the artefact store: ${refusal}`);
    const observer = createAttemptObserver(log, metricMeter, monitor);
    const readSecret = createSecretReader(secretSourcesOf(settings), 'worker');
    const ways = await openNoticeWays(settings, { connection, clouds, readSecret, log });
    const { path, proxyFor } = settings.sources;
    const sources = path === undefined ? undefined : await watchSources({ path, readSecret, log });
    const facts = await openFactReader(sources, settings.plans.path, { log, messengers: ways.messengers });
    const truth = sources && new SourceApiReader(sources, proxyFor);
    const addresses = await openAddresses(settings, readSecret, log);
    const outgoing = addresses && new OutgoingWebhooks(addresses, settings.outgoing.proxyFor);
    try {
      const parts = { connection, settings, clouds, observer, ways, artefacts, facts, truth, outgoing };
      await serveAndRun(parts, { monitor, metricsPort, output, log });
    } finally {
      facts?.close();
      sources?.close();
      ways.close();
      addresses?.close();
    }
  } finally {
    monitor.stop();
    await giveBackLeases();
    await connection.close();
  }
}

async function openAddresses(
  { outgoing: { path } }: WorkerSettings,
  readSecret: (reference: string) => Promise<string>,
  log: Logger,
) {
  return path === undefined ? undefined : await watchOutgoing({ path, readSecret, log });
}

interface Surroundings {
  monitor: CloudMonitor;
  metricsPort: number | undefined;
  output: WorkerOutput;
  log: Logger;
}

async function serveAndRun(parts: WorkerParts, { monitor, metricsPort, output, log }: Surroundings): Promise<void> {
  const { connection, settings, clouds } = parts;
  const { namespace, taskQueue } = settings.temporal;
  let worker: Worker | undefined;
  let stopEvents: (() => void) | undefined;
  const health = { state: () => worker?.getState() ?? 'INITIALIZED', inTrouble: () => monitor.inTrouble() };
  // before the worker: if the port is in use, no worker may stay behind that nobody can stop
  const server = await serveHealthOf(health, connection, settings, metricsPort);
  try {
    worker = await createWorker(parts);
    if (parts.outgoing !== undefined) stopEvents = keepOutgoingEvents(connection, settings, log);
    const run = worker.run();
    const facts = { ready: true, pid: process.pid, namespace, taskQueue, clouds: clouds.names };
    output.stdout(JSON.stringify({ ...facts, inTrouble: monitor.inTrouble(), ...(server && { port: server.port }) }));
    await run;
  } finally {
    stopEvents?.();
    server?.close();
  }
}

async function serveHealthOf(
  worker: Pick<Health, 'state' | 'inTrouble'>,
  connection: NativeConnection,
  { process: { health }, temporal: { namespace } }: WorkerSettings,
  metricsPort: number | undefined,
) {
  if (health === undefined) return undefined;
  const reachTemporal = () =>
    connection.withDeadline(Date.now() + REACH_MS, () => connection.workflowService.describeNamespace({ namespace }));
  const metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`;
  try {
    return await serveHealth({ ...worker, reachTemporal, metricsUrl }, health);
  } catch (error) {
    throw cannotListen('The health page', health.port, error);
  }
}
