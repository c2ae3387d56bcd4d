import type { MetricMeter } from '@temporalio/common';
import type { Worker, NativeConnection } from '@temporalio/worker';
import { openArtefacts } from '../artefact-store/index.js';
import { createWorker, type Parts } from './assemble.js';
import { checkArtefacts, checkNamespace, connect, StartRefused } from './checks.js';
import { CloudClients } from './cloud-clients.js';
import { CloudWatch } from './cloud-watch.js';
import { loadWorkerSettings, type WorkerSettings } from '../settings/worker.js';
import { freePort, serveHealth, type Health } from './health.js';
import { createLog, type Logger } from './log.js';
import { openMessengers } from './notices/index.js';
import { createObserver } from './observe.js';
import { installTelemetry } from './telemetry.js';
import { FailureType } from '../contract/failures.js';

export interface Output {
  stdout(line: string): void;
  stderr(line: string): void;
}

const REACH_MS = 2000;

/**
 * Runs a worker until it is told to stop (SIGINT, SIGTERM), then drains it: calls in flight end first. Prints one line of JSON once it
 * polls. Resolves with the exit code: 0 after a drain, 1 when something outside keeps it from starting, 2 for unusable settings.
 */
export async function runWorker(output: Output, options: { port?: number | undefined } = {}): Promise<number> {
  let settings: WorkerSettings;
  try {
    settings = loadWorkerSettings(options);
  } catch (error) {
    output.stderr((error as Error).message);
    return 2;
  }
  try {
    await work(settings, createLog(settings.logLevel), output);
    return 0;
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error;
    output.stderr(error.message);
    return 1;
  }
}

async function work(settings: WorkerSettings, log: Logger, output: Output): Promise<void> {
  const metricsPort = settings.health && (await freePort());
  const runtime = installTelemetry(log, metricsPort);
  try {
    await workUntilTold(settings, { log, metricsPort, metricMeter: runtime.metricMeter, output });
  } finally {
    // it ends by itself only once something was connected; until then it would keep the process alive, deaf to the first signal
    await runtime.shutdown();
  }
}

interface Telling {
  log: Logger;
  metricsPort: number | undefined;
  metricMeter: MetricMeter;
  output: Output;
}

async function workUntilTold(settings: WorkerSettings, telling: Telling): Promise<void> {
  const { log, metricMeter } = telling;
  const clouds = new CloudClients(settings);
  const artefacts = openArtefacts(settings.artefacts);
  const connection = await connect(settings);
  const watch = new CloudWatch({ clients: clouds, log, meter: metricMeter });
  try {
    await checkNamespace(connection, settings.namespace);
    const [refusal] = await Promise.all([checkArtefacts(artefacts), watch.begin()]);
    if (refusal !== undefined) log.warn({ type: FailureType.Artefact }, `the artefact store: ${refusal}`);
    const observer = createObserver(log, metricMeter, watch);
    const messengers = openMessengers(settings.notices, log);
    await serveAndRun({ connection, settings, clouds, observer, messengers, artefacts }, watch, telling);
  } finally {
    watch.stop();
    await connection.close();
  }
}

async function serveAndRun(parts: Parts, watch: CloudWatch, { metricsPort, output }: Telling): Promise<void> {
  const { connection, settings, clouds } = parts;
  const { namespace, taskQueue } = settings;
  let worker: Worker | undefined;
  const health = { state: () => worker?.getState() ?? 'INITIALIZED', inTrouble: () => watch.inTrouble() };
  // before there is a worker: a port that is in use must not leave one behind that nobody can stop
  const page = await serve(health, connection, settings, metricsPort);
  try {
    worker = await createWorker(parts);
    const run = worker.run();
    const facts = { ready: true, pid: process.pid, namespace, taskQueue, clouds: clouds.names };
    output.stdout(JSON.stringify({ ...facts, inTrouble: watch.inTrouble(), ...(page && { port: page.port }) }));
    await run;
  } finally {
    page?.close();
  }
}

async function serve(
  own: Pick<Health, 'state' | 'inTrouble'>,
  connection: NativeConnection,
  { health, namespace }: WorkerSettings,
  metricsPort: number | undefined,
) {
  if (health === undefined) return undefined;
  const reachTemporal = () =>
    connection.withDeadline(Date.now() + REACH_MS, () => connection.workflowService.describeNamespace({ namespace }));
  const metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`;
  try {
    return await serveHealth({ ...own, reachTemporal, metricsUrl }, health);
  } catch (error) {
    throw new StartRefused(
      `The health page cannot listen on ${health.host}:${health.port}: ${(error as Error).message}. Give another --port, or 0 for a free one.`,
    );
  }
}
