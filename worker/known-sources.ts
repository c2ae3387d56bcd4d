import type { InputProblem } from '../contract/errors.js';
import { WatchedFile } from '../settings/watched-file.js';
import { sourceApis } from '../sources/api/index.js';
import type { SourceApi } from '../sources/api/source-api.js';
import { openSourcesFile } from '../sources/secrets.js';
import type { Source, Sources } from '../sources/sources-file.js';
import type { Logger } from '../telemetry/log.js';

/** A source whose API can be called. */
export interface ReadableSource extends Source {
  api: SourceApi;
  key: string;
  address: string;
  headers: Record<string, string>;
}

/** What a worker knows of the sources: those of `sources.json`, and among them those that it can ask. */
export interface KnownSources {
  sources: Sources;
  readable: Readonly<Record<string, ReadableSource>>;
}

interface Parts {
  path: string;
  readSecret(reference: string): Promise<string>;
  log: Logger;
  rereadMs?: number;
}

/**
 * Reads `sources.json` and the keys of the APIs, again every few seconds. One for the whole worker, so that a change is
 * in the log once. Fails as `refused`, with every problem, when the file or a key cannot be used now.
 */
export async function watchSources({ path, readSecret, log, rereadMs }: Parts): Promise<WatchedFile<KnownSources>> {
  return await WatchedFile.open({
    path,
    name: 'sources',
    setting: 'TENANTRY_SOURCES',
    report: (level, message) => log[level](message),
    read: async (value) => await resolve(value, readSecret),
    ...(rereadMs !== undefined && { rereadMs }),
  });
}

async function resolve(
  value: unknown,
  readSecret: Parts['readSecret'],
): Promise<KnownSources | { problems: InputProblem[] }> {
  const opened = await openSourcesFile(value, 'worker', readSecret);
  if ('problems' in opened) return opened;
  const readable = opened.flatMap(({ name, source, secrets: [key] }) => {
    const api = sourceApis[source.kind];
    if (key === undefined || api === undefined) return [];
    const address = source.apiUrl ?? api.address!;
    return [[name, { ...source, api, key, address, headers: api.headers(key, source) }] as const];
  });
  return {
    sources: Object.fromEntries(opened.map(({ name, source }) => [name, source])),
    readable: Object.fromEntries(readable),
  };
}
