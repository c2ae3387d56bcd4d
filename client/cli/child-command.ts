import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { spawnGuarded } from '../../engine/index.js';

/** A command of this program that runs as a process of its own until it is stopped. It ends with this process. */
export interface ChildCommand {
  readonly pid: number;
  /** What its first line says, once it is ready. Fails with its log when it ends before. */
  readonly ready: Promise<unknown>;
  /** Its exit code, once it has ended. */
  readonly exited: Promise<number>;
  /** The end of its log. */
  log(): string;
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
}

interface ChildOptions {
  /** The only settings that it knows. */
  env: Record<string, string>;
  /** Gets its log as it comes. */
  onLog?: (text: string) => void;
}

const LOG_LENGTH = 100_000;
const program = fileURLToPath(new URL('./main.js', import.meta.url));

/** The user's own settings files are never read. */
export const noSettingsFiles = {
  HOME: tmpdir(),
  TEMPORAL_CONFIG_FILE: fileURLToPath(new URL('./none.toml', import.meta.url)),
} as const;

/** Starts `tenantry NAME ARGUMENTS` in a folder that has no `.env`. */
export async function startChildCommand(
  [name, ...args]: readonly [string, ...string[]],
  { env, onLog }: ChildOptions,
): Promise<ChildCommand> {
  const child = await spawnGuarded(process.execPath, [program, name, ...args], { env, cwd: tmpdir() });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-LOG_LENGTH);
    onLog?.(chunk.toString());
  });
  const firstLine = new Promise<unknown>((resolve) => {
    createInterface(child.stdout).once('line', (line) => resolve(JSON.parse(line)));
  });
  const early = child.exited.then(() => {
    throw new Error(`the ${name} did not start: ${log.slice(-2000)}`);
  });
  const ready = Promise.race([firstLine, early]);
  ready.catch(() => undefined);
  early.catch(() => undefined);
  const { pid, exited } = child;
  return { pid, ready, exited, log: () => log, kill: (signal) => child.kill(signal), stop: () => child.stop() };
}
