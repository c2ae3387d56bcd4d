import { readKeysJson, type ApiKey } from '../settings/api-keys.js';
import { WatchedFile } from '../settings/watched-file.js';
import type { Logger } from '../telemetry/log.js';

/** The keys of the HTTP API that are in force. */
export interface ReadyKeys {
  current: readonly ApiKey[];
  close(): void;
}

interface Parts {
  /** The path of the file of keys; without one there is no key. */
  path: string | undefined;
  log: Logger;
  rereadMs?: number;
}

/**
 * Reads the keys, again every few seconds. A file that is not there has no keys. While anything is wrong with it, the
 * version before stays in force and the log says why. Fails as `refused` when the file cannot be used now.
 */
export async function openKeys({ path, log, rereadMs }: Parts): Promise<ReadyKeys> {
  if (path === undefined) return { current: [], close: () => undefined };
  const file = await WatchedFile.open<{ keys: ApiKey[] }>({
    path,
    name: 'keys',
    setting: 'TENANTRY_API_KEYS',
    report: (level, message) => log[level](message),
    read: readKeysJson,
    missing: { keys: [] },
    ...(rereadMs !== undefined && { rereadMs }),
  });
  return {
    get current() {
      return file.current.keys;
    },
    close: () => file.close(),
  };
}
