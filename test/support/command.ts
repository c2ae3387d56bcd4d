import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const program = fileURLToPath(new URL('../../client/cli/main.js', import.meta.url));

/** A folder without any settings. */
export const emptyFolder = mkdtempSync(join(tmpdir(), 'tenantry-test-'));

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Environment variables without this machine's own settings. */
export function cleanEnvironment(variables: Record<string, string> = {}): Record<string, string> {
  return { HOME: emptyFolder, TEMPORAL_CONFIG_FILE: join(emptyFolder, 'none.toml'), ...variables };
}

/** Runs the command line in a new process, to its end. */
export async function tenantry(
  args: readonly string[],
  variables: Record<string, string> = {},
  input: string | Uint8Array = '',
): Promise<Ended> {
  return await runProgram(program, args, variables, input);
}

/** Runs a program of this repository in a new process, to its end. */
export async function runProgram(
  path: string,
  args: readonly string[],
  variables: Record<string, string> = {},
  input: string | Uint8Array = '',
): Promise<Ended> {
  const child = spawn(process.execPath, [path, ...args], { env: cleanEnvironment(variables), cwd: emptyFolder });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}
