import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { spawnGuarded, type Engine } from '../../engine/index.js';

export interface GatewayProcess {
  readonly pid: number;
  readonly url: string;
  /** With which a person logs in at the page once. */
  readonly logInUrl?: string;
  /** The end of its log. */
  log(): string;
  /** Its exit code, once it has ended. */
  readonly exited: Promise<number>;
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
}

const LOG_LENGTH = 100_000;
const program = fileURLToPath(new URL('./main.js', import.meta.url));

/**
 * Starts `tenantry gateway` as a process that knows only this engine and these settings, and waits until it listens. With
 * `logIn`, the name of a key, there is a link for a log-in.
 */
export async function startGatewayProcess(
  { address }: Pick<Engine, 'address'>,
  settings: Record<string, string>,
  { logIn }: { logIn?: string } = {},
): Promise<GatewayProcess> {
  const env = {
    // the user's own settings files are never read
    HOME: tmpdir(),
    TEMPORAL_CONFIG_FILE: fileURLToPath(new URL('./none.toml', import.meta.url)),
    TEMPORAL_ADDRESS: address,
    ...settings,
  };
  const gateway = await spawnGuarded(
    process.execPath,
    [program, 'gateway', ...(logIn === undefined ? [] : ['--log-in', logIn])],
    { env, cwd: tmpdir() },
  );
  let log = '';
  gateway.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-LOG_LENGTH);
  });
  const ready = new Promise<{ url: string; logInUrl?: string }>((resolve) => {
    createInterface(gateway.stdout).once('line', (line) =>
      resolve(JSON.parse(line) as { url: string; logInUrl?: string }),
    );
  });
  const early = gateway.exited.then(() => {
    throw new Error(`the gateway did not start: ${log.slice(-2000)}`);
  });
  early.catch(() => undefined);
  const addresses = await Promise.race([ready, early]);
  const { pid, exited } = gateway;
  return {
    pid,
    ...addresses,
    log: () => log,
    exited,
    kill: (signal) => gateway.kill(signal),
    stop: () => gateway.stop(),
  };
}
