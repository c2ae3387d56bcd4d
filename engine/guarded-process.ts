import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** A process that ends when this process ends, even if this process is killed. */
export interface GuardedProcess {
  /** Pid of the command itself, not of its guard. */
  readonly pid: number;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly exited: Promise<number>;
  /** Sends a signal to the command. */
  kill(signal: NodeJS.Signals): void;
  /** Asks the command to stop (SIGTERM, then SIGKILL after five seconds) and waits for its end. */
  stop(): Promise<void>;
}

const guardPath = fileURLToPath(new URL('./guard.js', import.meta.url));

/**
 * Starts a command under a guard in its own session. So Ctrl-C reaches only this process, which then stops the command
 * cleanly.
 */
export async function spawnGuarded(
  command: string,
  args: readonly string[],
  { env, cwd }: { env: Record<string, string>; cwd?: string },
): Promise<GuardedProcess> {
  const child = spawn(process.execPath, [guardPath, '--', command, ...args], {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    detached: true,
    env,
    ...(cwd === undefined ? {} : { cwd }),
  });
  child.stdin.on('error', () => undefined);
  const exited = once(child, 'exit').then(([code]) => (code as number | null) ?? 1);
  const pid = await Promise.race([firstLine(child.stdio[3] as Readable), exited.then(() => undefined)]);
  if (pid === undefined) throw new Error(`${command} could not be started`);
  return {
    pid: Number(pid),
    stdout: child.stdout,
    stderr: child.stderr,
    exited,
    kill: (signal) => void sendSignal(Number(pid), signal),
    async stop() {
      child.stdin.end();
      await exited;
    },
  };
}

async function firstLine(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return text.trim();
}

function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
