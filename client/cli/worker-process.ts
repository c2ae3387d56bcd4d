import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { spawnGuarded, type Engine } from '../../engine/index.js';
import type { Simulator } from '../../simulator/index.js';

export interface WorkerProcess {
  readonly pid: number;
  /** What it said when it was ready. */
  readonly ready: { port?: number; clouds: string[]; inTrouble: object[] };
  /** The last of what it wrote to its log. */
  log(): string;
  /** As by a power cut. */
  kill(): void;
  stop(): Promise<void>;
}

const LOG_LENGTH = 100_000;
const program = fileURLToPath(new URL('./main.js', import.meta.url));

/** Starts `tenantry worker` as a process of its own that knows nothing but this engine and this imitation, and waits until it polls. */
export async function startWorkerProcess(
  { address }: Pick<Engine, 'address'>,
  { url, clientId, clientSecret }: Pick<Simulator, 'url' | 'clientId' | 'clientSecret'>,
  settings: Record<string, string> = {},
): Promise<WorkerProcess> {
  const env = {
    // no settings file of the user's is ever read
    HOME: tmpdir(),
    TEMPORAL_CONFIG_FILE: fileURLToPath(new URL('./none.toml', import.meta.url)),
    TEMPORAL_ADDRESS: address,
    ACRONIS_BASE_URL: url,
    ACRONIS_CLIENT_ID: clientId,
    ACRONIS_CLIENT_SECRET: clientSecret,
    ...settings,
  };
  const worker = await spawnGuarded(process.execPath, [program, 'worker'], { env, cwd: tmpdir() });
  let told = '';
  worker.stderr.on('data', (chunk: Buffer) => {
    told = (told + chunk.toString()).slice(-LOG_LENGTH);
  });
  const ready = new Promise<WorkerProcess['ready']>((resolve) => {
    createInterface(worker.stdout).once('line', (line) => resolve(JSON.parse(line) as WorkerProcess['ready']));
  });
  const early = worker.exited.then(() => {
    throw new Error(`the worker did not start: ${told.slice(-2000)}`);
  });
  const said = await Promise.race([ready, early]);
  early.catch(() => undefined);
  return {
    pid: worker.pid,
    ready: said,
    log: () => told,
    kill: () => worker.kill('SIGKILL'),
    stop: () => worker.stop(),
  };
}
