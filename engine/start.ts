import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { loadEngineSettings } from '../settings/engine.js';
import { lockDatabase, type LockedDatabase } from './database.js';
import { findEngine } from './find.js';
import { spawnGuarded, type GuardedProcess } from './guarded-process.js';
import { freePorts, checkPortFree } from './ports.js';
import { setUpNamespace, type SearchAttribute } from './namespace.js';

export interface EngineOptions {
  /** Port of Temporal's gRPC API; 0 or absent: a free one. */
  port?: number | undefined;
  /** Port of Temporal's web UI; 0 or absent: a free one. */
  uiPort?: number | undefined;
  /** Database file that survives restarts; absent: a temporary one. */
  db?: string | undefined;
  /** URL of the codec server for the web UI. */
  codec?: string | undefined;
  /** Without the web UI. */
  headless?: boolean | undefined;
  /** Path of the program, if already known. */
  path?: string | undefined;
  searchAttributes: readonly SearchAttribute[];
  log?: ((line: string) => void) | undefined;
}

/** A running embedded Temporal. */
export interface Engine {
  readonly address: string;
  readonly uiUrl: string;
  readonly namespace: 'default';
  /** Pid of the Temporal server. */
  readonly pid: number;
  readonly db: string;
  /** Resolves when the server has ended, for any reason. */
  readonly exited: Promise<void>;
  /** The end of what the server has printed. */
  output(): string;
  /** Stops the server and waits for its end. Safe to repeat. */
  stop(): Promise<void>;
}

const READY_MS = 60_000;
const MAX_STARTS = 3;

/**
 * Starts Temporal's development server on 127.0.0.1 and waits until it is ready. The server ends with this process,
 * also when this process is killed. Fails when a given port is in use; a free port that another program takes first is
 * replaced by another.
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  if (options.port) await checkPortFree(options.port, '--port');
  if (options.uiPort) await checkPortFree(options.uiPort, '--ui-port');
  const path = options.path ?? (await findEngine({ log: options.log })).path;
  for (let starts = 1; ; starts += 1) {
    try {
      return await launchOn(await lockDatabase(options.db), path, options);
    } catch (error) {
      const isPortTaken = String(error).includes('already in use');
      if (!isPortTaken || (options.port ?? 0) !== 0 || starts >= MAX_STARTS) throw error;
    }
  }
}

/** A database belongs to one start: a server that ends unlocks its file, and a temporary one is gone with it. */
async function launchOn({ file, release }: LockedDatabase, path: string, options: EngineOptions): Promise<Engine> {
  try {
    return await launch(path, file, options, release);
  } catch (error) {
    await release();
    throw error;
  }
}

async function launch(path: string, db: string, options: EngineOptions, release: () => Promise<void>): Promise<Engine> {
  const [grpc = 0, ui = 0, http = 0, metrics = 0] = await freePorts(4);
  const port = options.port || grpc;
  const uiPort = options.uiPort || ui;
  const server = await spawnGuarded(
    path,
    toFlags({ db, port, uiPort, http, metrics, headless: options.headless ?? false, codec: options.codec }),
    { env: loadEngineSettings().serverEnvironment },
  );
  const output = collectOutput(server);
  const exited = server.exited.then(release);
  try {
    const address = `127.0.0.1:${port}`;
    const ended = new AbortController();
    const failed = failOnExit(server, output).finally(() => ended.abort());
    const connection = await Promise.race([connect(address, ended.signal), failed]);
    await setUpNamespace({ connection, namespace: 'default', searchAttributes: options.searchAttributes });
    await connection.close();
    const stop = async () => {
      await server.stop();
      await exited;
    };
    const uiUrl = `http://127.0.0.1:${uiPort}`;
    return { address, uiUrl, namespace: 'default', pid: server.pid, db, exited, output, stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

interface Flags {
  db: string;
  port: number;
  uiPort: number;
  http: number;
  metrics: number;
  headless: boolean;
  codec: string | undefined;
}

/** The write-ahead log and the poll rates make it two to four times faster: docs/decisions/0004-embedded-engine.md. */
function toFlags({ db, port, uiPort, http, metrics, headless, codec }: Flags): string[] {
  const ui = headless
    ? ['--headless']
    : ['--ui-ip', '127.0.0.1', '--ui-port', String(uiPort), '--ui-disable-news-fetch'];
  const decoding = headless || codec === undefined ? [] : ['--ui-codec-endpoint', codec];
  const ports = ['--port', String(port), '--http-port', String(http), '--metrics-port', String(metrics)];
  const settings = [
    ['--sqlite-pragma', 'journal_mode=WAL'],
    ['--sqlite-pragma', 'synchronous=NORMAL'],
    ['--dynamic-config-value', 'history.transferProcessorMaxPollRPS=100'],
    ['--dynamic-config-value', 'history.timerProcessorMaxPollRPS=100'],
  ];
  const basics = ['server', 'start-dev', '--ip', '127.0.0.1', '--log-level', 'error', '--db-filename', db];
  return [...basics, ...ports, ...ui, ...decoding, ...settings.flat()];
}

async function connect(address: string, ended: AbortSignal): Promise<Connection> {
  const deadline = performance.now() + READY_MS;
  for (;;) {
    let connection: Connection | undefined;
    try {
      connection = await Connection.connect({ address, connectTimeout: '2 seconds' });
      await connection.workflowService.describeNamespace({ namespace: 'default' });
      ended.throwIfAborted();
      return connection;
    } catch (error) {
      await connection?.close();
      if (ended.aborted || performance.now() > deadline) throw error;
      await sleep(100);
    }
  }
}

async function failOnExit(server: GuardedProcess, output: () => string): Promise<never> {
  const code = await server.exited;
  throw new Error(`Temporal's server ended at once with code ${code}: ${output()}`);
}

function collectOutput({ stdout, stderr }: GuardedProcess): () => string {
  let text = '';
  for (const stream of [stdout, stderr])
    stream.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-2000);
    });
  return () => text.trim();
}
