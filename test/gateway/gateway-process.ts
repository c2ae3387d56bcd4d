import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { cleanEnvironment, emptyFolder, program } from '../support/command.js';

/** `tenantry gateway` as a process of its own. */
export interface GatewayProcess {
  url: string;
  /** The lines of its log. */
  log: Record<string, unknown>[];
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
  /** The exit code, once it has ended. */
  ended: Promise<number | null>;
}

/** Starts it, and waits for its first line. Rejects with its log when it ends before. */
export async function startGatewayProcess(settings: Record<string, string>): Promise<GatewayProcess> {
  const env = cleanEnvironment(settings);
  const child = spawn(process.execPath, [program, 'gateway'], { env, cwd: emptyFolder });
  const log: GatewayProcess['log'] = [];
  let text = '';
  createInterface(child.stderr).on('line', (line) => {
    text += `${line}\n`;
    if (line.startsWith('{')) log.push(JSON.parse(line) as (typeof log)[0]);
  });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const early = ended.then((code) => {
    throw new Error(`it ended with ${code}: ${text}`);
  });
  early.catch(() => undefined);
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), early])) as [string];
  const { url } = JSON.parse(line) as { url: string };
  return { url, log, ended, signal: (name) => void child.kill(name) };
}
