import type { SearchAttribute } from './namespace.js';
import { startEngine, type Engine } from './start.js';

export interface CommandOutput {
  stdout(line: string): void;
  stderr(line: string): void;
}

/** Runs `tenantry engine`: starts the embedded Temporal and prints its addresses as one line of JSON. */
export async function runEngine(
  options: {
    port?: number | undefined;
    uiPort?: number | undefined;
    db?: string | undefined;
    codec?: string | undefined;
  },
  { stdout, stderr }: CommandOutput,
  searchAttributes: readonly SearchAttribute[],
): Promise<Engine> {
  const engine = await startEngine({ ...options, searchAttributes, log: stderr });
  const { address, uiUrl, namespace } = engine;
  stdout(JSON.stringify({ address, uiUrl, namespace, pid: process.pid }));
  if (options.db === undefined) stderr('This engine forgets everything when it stops; use --db FILE to keep its data.');
  return engine;
}
