import { TenantryError } from '../../contract/errors.js';
import { sourceApis } from '../../sources/api/index.js';
import type { Source, Sources } from '../../sources/sources-file.js';
import { withClient } from '../connection.js';
import { startSync, syncResult } from '../source-syncs.js';
import { livingPollers } from '../workers.js';
import type { JsonOption } from './command.js';
import { Exit } from './exit-codes.js';
import { stderr, stdout } from './output.js';

export interface SyncOptions extends JsonOption {
  accept?: boolean;
}

/** `tenantry sources sync`: starts a listing, and waits for its end. */
export async function syncSource(source: string, given: Source, { accept, json }: SyncOptions): Promise<number> {
  if (!isReadable(given))
    throw new TenantryError(
      'refused',
      `The source ${source} cannot be listed: ${sourceApis[given.kind] ? 'it has no apiKey' : `no API of ${given.kind} is read`}.`,
    );
  return await withClient(async (client, { taskQueue }) => {
    const started = await startSync(client, taskQueue, { source, ...(accept && { accept }) });
    stderr(`${started.joined ? 'joined' : 'started'} ${started.id}; it goes on by itself when this command is stopped`);
    if ((await livingPollers(client, taskQueue)).length === 0)
      stderr(`no worker answers on task queue ${taskQueue}: it begins once there is one`);
    const result = await syncResult(client, started);
    stdout(json ? JSON.stringify(result) : resultText(result));
    return 'stopped' in result ? Exit.failed : Exit.done;
  });
}

/** The sources whose API a worker can read. */
export function readableSources(sources: Sources): string[] {
  return Object.entries(sources)
    .filter(([, source]) => isReadable(source))
    .map(([name]) => name);
}

function isReadable({ kind, apiKey }: Source): boolean {
  return sourceApis[kind] !== undefined && apiKey !== undefined;
}

function resultText(result: Awaited<ReturnType<typeof syncResult>>): string {
  if ('stopped' in result) return `${result.stopped} Nothing is ended by that.`;
  const { source, account, listed, delivered, unusable } = result;
  const of = account === undefined ? '' : ` of ${account}`;
  const rest = unusable === 0 ? '' : `, ${unusable} need a person`;
  return `${source}${of}: ${listed} objects listed, ${delivered} facts delivered${rest}`;
}
