import { Client } from '@temporalio/client';
import { TenantryError, type ErrorKind } from '../../contract/errors.js';
import { cannotListen } from '../../settings/ports.js';
import { searchAttributes } from '../../contract/search-attributes.js';
import { loadClientSettings } from '../../settings/client.js';
import { loadSourcesPath } from '../../settings/sources.js';
import { createCodec, clientOptions } from '../../vault/index.js';
import { connectService } from '../connection.js';
import { arrangeSyncs, type ArrangedSyncs } from '../source-syncs.js';
import type { CliCommand, JsonOption } from './command.js';
import { loadSources } from './event-files.js';
import { readableSources } from './source-sync.js';
import { Exit } from './exit-codes.js';
import { parseDays, parseDuration, parsePort, parseWholeNumber, readText } from './parsers.js';
import { stderr, stdout } from './output.js';
import { untilStopped } from './until-stopped.js';
import { addMachines } from './simulated-machines.js';

const output = { stdout, stderr };
const UI_ORIGINS = ['http://127.0.0.1:8233', 'http://localhost:8233'];

interface EngineOptions {
  port?: number;
  uiPort?: number;
  db?: string;
  codec?: string;
}

interface SimulatorOptions {
  host?: string;
  port?: number;
  fixture?: string;
  db?: string;
  strict?: boolean;
  untidy?: number;
  scheduledBackups?: boolean;
  installAfter?: string;
}

interface CodecOptions {
  host?: string;
  port?: number;
  uiOrigin?: string[];
}

/** The commands that run something until stopped, and the one that prepares Temporal. */
export function addServices(top: CliCommand): void {
  top
    .command('engine')
    .description('run the embedded Temporal; the first line says where it is')
    .option('--port <n>', 'port for clients and workers (gRPC); a free one by default', parsePort)
    .option('--ui-port <n>', 'port of the web UI; a free one by default', parsePort)
    .option('--db <file>', 'database file that survives restarts; its folder must exist')
    .option('--codec <url>', 'codec server for the web UI, as "tenantry codec" runs one')
    .handler(engine)
    .examples('engine --port 7233 --ui-port 8233 --db tenantry.db');
  top
    .command('setup')
    .description(
      'create namespace and search attributes on any Temporal service, and the daily syncs of your sources; safe to run again',
    )
    .option('--retention <days>', 'days for which Temporal keeps a finished run; at least 30 by default', parseDays)
    .json()
    .handler(setup)
    .examples('setup --retention 60');
  top
    .command('worker')
    .description('run the workers until stopped; SIGTERM lets running calls end first')
    .option('--port <n>', 'serve /healthz, /readyz and /metrics there; 0 for a free one', parsePort)
    .withoutSettingsWarning()
    .handler(worker)
    .examples('worker --port 9464');
}

/** The commands that run a simulated cloud, and a codec server. */
export function addServers(top: CliCommand): void {
  const cloud = top
    .command('simulator')
    .description('run a simulated Acronis API; the first line says how to reach it')
    .option('--port <n>', 'port; a free one by default', parsePort)
    .option('--host <address>', 'address to listen on; 127.0.0.1 by default')
    .option('--fixture <file>', 'JSON file with changes to the initial data')
    .option('--db <file>', 'file that keeps what is in the cloud over restarts; without it everything is forgotten')
    .option('--strict', "refuse what the vendor's schemas forbid, even if its platform tolerates it")
    .option(
      '--untidy <seed>',
      'behave as untidily as real clouds and gateways; the same seed gives the same behaviour',
      parseWholeNumber,
    )
    .option('--scheduled-backups', 'plans back up at the times of their schedule')
    .option(
      '--install-after <duration>',
      'a machine installs itself so long after a registration token, such as 5m',
      parseDuration,
    )
    .withoutSettingsWarning()
    .handler(simulator)
    .examples('simulator --port 8080', 'simulator --port 8080 --scheduled-backups --install-after 5m');
  addMachines(cloud);
  top
    .command('codec')
    .description("decrypt runs for Temporal's UI and command line; the first line says at which address")
    .option('--port <n>', 'port; a free one by default', parsePort)
    .option('--host <address>', 'address to listen on; 127.0.0.1 by default: who reaches it can read every run')
    .option('--ui-origin <origin...>', 'web UIs that may ask; port 8233 of this machine by default')
    .handler(codec)
    .examples('codec --port 8234');
}

/** `tenantry engine`: runs until stopped. */
async function engine(options: EngineOptions): Promise<number> {
  const { checkFolder, runEngine } = await import('../../engine/index.js');
  const { db } = options;
  if (db !== undefined) await withKind('refused', () => checkFolder(db));
  const running = await withKind('unavailable', () => runEngine(options, output, searchAttributes));
  let stopping = false;
  const ended = running.exited.then(() => (stopping ? Exit.done : Exit.internal));
  await Promise.race([untilStopped(), ended.then(() => stopping || stderr(`Temporal has ended. ${running.output()}`))]);
  stopping = true;
  await running.stop();
  return await ended;
}

/** `tenantry setup`: creates namespace and search attributes. */
async function setup({ retention, json }: { retention?: number } & JsonOption): Promise<number> {
  const { setUpNamespace } = await import('../../engine/index.js');
  const settings = loadClientSettings();
  const { namespace, taskQueue, keys } = settings;
  const connection = await connectService(settings);
  try {
    const report = await withKind('unavailable', () =>
      setUpNamespace({ connection, namespace, searchAttributes, retentionDays: retention }),
    );
    const added =
      report.added.length === 0 ? 'all search attributes exist already' : `added ${report.added.join(', ')}`;
    const done = { made: 'created', changed: 'changed', 'was there': 'already exists' }[report.namespace];
    const text = `namespace ${namespace} ${done}, retention ${report.retentionDays} days, ${added}`;
    const syncs = await arrangeSyncsOf(new Client({ connection, namespace, ...clientOptions(keys) }), taskQueue);
    stdout(json ? JSON.stringify({ ...report, ...(syncs && { syncs }) }) : `${text}${syncsText(syncs)}`);
    return Exit.done;
  } finally {
    await connection.close();
  }
}

/** Undefined when no sources are configured here: then the Schedules stay as they are. */
async function arrangeSyncsOf(client: Client, taskQueue: string): Promise<ArrangedSyncs | undefined> {
  if (loadSourcesPath() === undefined) return undefined;
  const names = readableSources((await loadSources()).content);
  return await withKind('unavailable', () => arrangeSyncs(client, taskQueue, names));
}

function syncsText({ daily, removed }: ArrangedSyncs = { daily: [], removed: [] }): string {
  const made = daily.length === 0 ? '' : `, daily sync of ${daily.join(', ')}`;
  return `${made}${removed.length === 0 ? '' : `, no more sync of ${removed.join(', ')}`}`;
}

/** `tenantry worker`: runs until stopped, then drains. */
async function worker(options: { port?: number }): Promise<number> {
  const { runWorker } = await import('../../worker/index.js');
  await runWorker(output, options);
  return Exit.done;
}

/** `tenantry simulator`: runs until stopped. */
async function simulator({ fixture: file, ...options }: SimulatorOptions): Promise<number> {
  const { readFixture, runSimulator } = await import('../../simulator/index.js');
  const text = file === undefined ? '{}' : await readText(file);
  const fixture = await withKind('refused', () => readFixture(file ?? '', text));
  const running = await withKind('unavailable', () => runSimulator({ ...options, fixture }, output));
  await untilStopped();
  await running.close();
  return Exit.done;
}

/** `tenantry codec`: decrypts for Temporal's UI and command line until stopped. */
async function codec({ port = 0, uiOrigin = UI_ORIGINS, ...options }: CodecOptions): Promise<number> {
  const { keys } = loadClientSettings();
  if (keys === undefined)
    throw new TenantryError('refused', 'TENANTRY_CODEC_KEYS: is missing; give the keys that the workers have.');
  const { startCodecServer } = await import('../../vault/codec-server.js');
  const server = await startCodecServer(createCodec(keys), { ...options, port, origins: uiOrigin }).catch(
    (error: unknown) => {
      throw cannotListen('The codec server', port, error);
    },
  );
  stdout(JSON.stringify({ url: server.url, pid: process.pid }));
  stderr(`It answers ${uiOrigin.join(', ')} only. In Temporal's UI enter ${server.url} as codec server endpoint.`);
  await untilStopped();
  await server.close();
  return Exit.done;
}

/** The errors of engine and simulator explain themselves; they are not internal errors. */
async function withKind<T>(kind: ErrorKind, act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw new TenantryError(kind, (error as Error).message);
  }
}
