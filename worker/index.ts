import { existsSync, readFileSync } from 'node:fs';
import { DefaultLogger, makeTelemetryFilterString, Runtime, Worker, type NativeConnection } from '@temporalio/worker';
import { createAcronis, type Acronis } from '../acronis/index.js';
import { createActivities } from '../activities/index.js';
import { bundlePath } from './bundle.js';
import { checkCloud, checkNamespace, connect, StartRefused } from './checks.js';
import { loadWorkerSettings, type WorkerSettings } from './config.js';
import { secretReader } from './secrets.js';

export interface Output {
  stdout(line: string): void;
  stderr(line: string): void;
}

/** Above the longest call, so that a call in flight ends by itself when the worker is asked to stop. */
const DRAIN = '30 seconds';
const DRAIN_FORCED = '45 seconds';

/**
 * Runs a worker until it is told to stop (SIGINT, SIGTERM), then drains it: calls in flight end first. Prints one line of JSON once it
 * polls. Resolves with the exit code: 0 after a drain, 1 when something outside keeps it from starting, 2 for unusable settings.
 */
export async function runWorker(output: Output): Promise<number> {
  let settings: WorkerSettings;
  try {
    settings = loadWorkerSettings();
  } catch (error) {
    output.stderr((error as Error).message);
    return 2;
  }
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message }) => output.stderr(`${level} ${message}`)),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'WARN' }), forward: {} } },
  });
  try {
    await work(settings, output);
    return 0;
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error;
    output.stderr(error.message);
    return 1;
  }
}

async function work(settings: WorkerSettings, { stdout }: Output): Promise<void> {
  const clouds = openClouds(settings);
  const connection = await connect(settings);
  try {
    await checkNamespace(connection, settings.namespace);
    await Promise.all([...clouds].map(([name, cloud]) => checkCloud(name, cloud, settings.clouds[name]!.baseUrl)));
    const worker = await createWorker(connection, settings, clouds);
    const { namespace, taskQueue } = settings;
    const run = worker.run();
    stdout(JSON.stringify({ ready: true, pid: process.pid, namespace, taskQueue, clouds: [...clouds.keys()] }));
    await run;
  } finally {
    await connection.close();
  }
}

function openClouds({ clouds }: WorkerSettings): Map<string, Acronis> {
  try {
    return new Map(
      Object.entries(clouds).map(([name, cloud]) => [name, createAcronis({ ...cloud, version: version() })]),
    );
  } catch (error) {
    throw new StartRefused((error as Error).message);
  }
}

async function createWorker(connection: NativeConnection, settings: WorkerSettings, clouds: Map<string, Acronis>) {
  if (!existsSync(bundlePath)) throw new StartRefused('The workflow bundle is not built. Run "npm run build".');
  return await Worker.create({
    connection,
    namespace: settings.namespace,
    taskQueue: settings.taskQueue,
    workflowBundle: { codePath: bundlePath },
    activities: createActivities({
      cloud: (name) => clouds.get(name)!,
      secret: secretReader(settings),
      clouds: [...clouds.keys()],
      environment: settings.environment,
    }),
    maxCachedWorkflows: 500,
    // a dead worker's results wait this long for it before another one gets them
    stickyQueueScheduleToStartTimeout: '2 seconds',
    maxHeartbeatThrottleInterval: '1 second',
    shutdownGraceTime: DRAIN,
    shutdownForceTime: DRAIN_FORCED,
  });
}

function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
