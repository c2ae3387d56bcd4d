import type { MetricMeter } from '@temporalio/common';
import type { Worker, NativeConnection } from '@temporalio/worker';
import { openArtefacts } from './artefacts/index.js';
import { createWorker, openClouds } from './assemble.js';
import { checkArtefacts, checkCloud, checkNamespace, connect, StartRefused } from './checks.js';
import { loadWorkerSettings, type WorkerSettings } from './config.js';
import { freePort, serveHealth } from './health.js';
import { createLog, type Logger } from './log.js';
import { openMessengers } from './notices/index.js';
import { createObserver } from './observe.js';
import { installTelemetry } from './telemetry.js';

export { openClouds } from './assemble.js';
export type { CloudSettings } from './clouds.js';
export { openArtefacts, type Artefacts, type StoreCheck } from './artefacts/index.js';
export { loadArtefacts, loadClouds } from './config.js';

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
  const { namespace, taskQueue } = settings;
  const { log, metricsPort, metricMeter, output } = telling;
  const clouds = openClouds(settings);
  const artefacts = openArtefacts(settings.artefacts);
  const connection = await connect(settings);
  try {
    await checkNamespace(connection, namespace);
    await Promise.all([
      ...[...clouds].map(([name, cloud]) => checkCloud(name, cloud, settings.clouds[name]!.baseUrl)),
      checkArtefacts(artefacts, settings),
    ]);
    const observer = createObserver(log, metricMeter);
    const messengers = openMessengers(settings.notices, log);
    let worker: Worker | undefined;
    // before there is a worker: a port that is in use must not leave one behind that nobody can stop
    const page = await serve(() => worker?.getState() ?? 'INITIALIZED', connection, settings, metricsPort);
    try {
      worker = await createWorker({ connection, settings, clouds, observer, messengers, artefacts });
      const run = worker.run();
      const facts = { ready: true, pid: process.pid, namespace, taskQueue, clouds: [...clouds.keys()] };
      output.stdout(JSON.stringify({ ...facts, ...(page && { port: page.port }) }));
      await run;
    } finally {
      page?.close();
    }
  } finally {
    await connection.close();
  }
}

async function serve(
  state: () => string,
  connection: NativeConnection,
  { health, namespace }: WorkerSettings,
  metricsPort: number | undefined,
) {
  if (health === undefined) return undefined;
  const reachTemporal = () =>
    connection.withDeadline(Date.now() + REACH_MS, () => connection.workflowService.describeNamespace({ namespace }));
  const metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`;
  try {
    return await serveHealth({ state, reachTemporal, metricsUrl }, health);
  } catch (error) {
    throw new StartRefused(
      `The health page cannot listen on ${health.host}:${health.port}: ${(error as Error).message}. Give another --port, or 0 for a free one.`,
    );
  }
}
