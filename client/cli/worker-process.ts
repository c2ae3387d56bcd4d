import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { spawnGuarded, type Engine } from '../../engine/index.js';
import type { Simulator } from '../../simulator/index.js';

export interface WorkerProcess {
  readonly pid: number;
  /** The line that it printed when it was ready. */
  readonly ready: { port?: number; clouds: string[]; inTrouble: object[] };
  /** The end of its log. */
  log(): string;
  /** Stops it as a power cut would. */
  kill(): void;
  stop(): Promise<void>;
}

const LOG_LENGTH = 100_000;
const program = fileURLToPath(new URL('./main.js', import.meta.url));

/** Starts `tenantry worker` as a process that knows only this engine and this simulator, and waits until it polls. */
export async function startWorkerProcess(
  { address }: Pick<Engine, 'address'>,
  { url, clientId, clientSecret }: Pick<Simulator, 'url' | 'clientId' | 'clientSecret'>,
  settings: Record<string, string> = {},
): Promise<WorkerProcess> {
  const env = {
    // the user's own settings files are never read
    HOME: tmpdir(),
    TEMPORAL_CONFIG_FILE: fileURLToPath(new URL('./none.toml', import.meta.url)),
    TEMPORAL_ADDRESS: address,
    ACRONIS_BASE_URL: url,
    ACRONIS_CLIENT_ID: clientId,
    ACRONIS_CLIENT_SECRET: clientSecret,
    ...settings,
  };
  const worker = await spawnGuarded(process.execPath, [program, 'worker'], { env, cwd: tmpdir() });
  let log = '';
  worker.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-LOG_LENGTH);
  });
  const ready = new Promise<WorkerProcess['ready']>((resolve) => {
    createInterface(worker.stdout).once('line', (line) => resolve(JSON.parse(line) as WorkerProcess['ready']));
  });
  const early = worker.exited.then(() => {
    throw new Error(`the worker did not start: ${log.slice(-2000)}`);
  });
  const printed = await Promise.race([ready, early]);
  early.catch(() => undefined);
  return {
    pid: worker.pid,
    ready: printed,
    log: () => log,
    kill: () => worker.kill('SIGKILL'),
    stop: () => worker.stop(),
  };
}
