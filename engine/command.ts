import type { SearchAttribute } from './namespace.js';
import { startEngine, type Engine } from './start.js';

export interface CommandOutput {
  stdout(line: string): void;
  stderr(line: string): void;
}

/** What `tenantry engine` does: starts the embedded Temporal and tells in one line of JSON where it is. */
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
  stdout(JSON.stringify({ address, uiUrl, namespace }));
  if (options.db === undefined) stderr('This engine forgets everything when it stops; give --db FILE to keep it.');
  return engine;
}
