import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Where the engine may be found on this machine. */
export interface EngineSettings {
  /** TENANTRY_TEMPORAL_CLI: use this very program. */
  explicitPath: string | undefined;
  searchPath: readonly string[];
  cacheDir: string;
  /** What the server's own process gets to see: none of the user's settings for Temporal. */
  serverEnvironment: Record<string, string>;
}

export function loadEngineSettings(environment: NodeJS.ProcessEnv = process.env): EngineSettings {
  const caches = environment['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return {
    explicitPath: environment['TENANTRY_TEMPORAL_CLI'] || undefined,
    searchPath: (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''),
    cacheDir: join(caches, 'tenantry', 'engine'),
    serverEnvironment: { PATH: environment['PATH'] ?? '', HOME: homedir() },
  };
}
