import type { InputProblem } from '../contract/errors.js';
import { WatchedFile } from '../settings/watched-file.js';
import { openSourcesFile } from '../sources/secrets.js';
import { isSending, type SendingSource } from '../sources/sources-file.js';
import type { Logger } from '../telemetry/log.js';

/** A source that sends events, with what its references to signing secrets stand for. */
export interface ReadySource extends Omit<SendingSource, 'secrets'> {
  name: string;
  secrets: readonly string[];
}

/** The sources that are in force. */
export interface ReadySources {
  get(name: string): ReadySource | undefined;
  all(): readonly ReadySource[];
  close(): void;
}

interface Parts {
  /** The path of `sources.json`; without one there is no source. */
  path: string | undefined;
  readSecret(reference: string): Promise<string>;
  log: Logger;
  rereadMs?: number;
}

/**
 * Reads `sources.json` and the signing secrets, again every few seconds. While anything is wrong with them, the version
 * before stays in force and the log says why. Fails as `refused`, with every problem, when they cannot be used now.
 */
export async function openSources({ path, readSecret, log, rereadMs }: Parts): Promise<ReadySources> {
  if (path === undefined) {
    log.warn('no sources are configured, so every event is answered 404: set TENANTRY_SOURCES');
    return { get: () => undefined, all: () => [], close: () => undefined };
  }
  const file = await WatchedFile.open({
    path,
    name: 'sources',
    setting: 'TENANTRY_SOURCES',
    report: (level, message) => log[level](message),
    read: async (value) => await resolve(value, readSecret),
    ...(rereadMs !== undefined && { rereadMs }),
  });
  return {
    get: (name) => file.current.find((one) => one.name === name),
    all: () => file.current,
    close: () => file.close(),
  };
}

async function resolve(
  value: unknown,
  readSecret: Parts['readSecret'],
): Promise<ReadySource[] | { problems: InputProblem[] }> {
  const opened = await openSourcesFile(value, 'gateway', readSecret);
  if ('problems' in opened) return opened;
  return opened.flatMap(({ name, source, secrets }) => (isSending(source) ? [{ ...source, name, secrets }] : []));
}
