import type { Client } from '@temporalio/client';
import { DEFAULT_CLOUD } from '../../contract/ids.js';
import type { Completed, OperationStatus } from '../../contract/status.js';
import { resultText, type PersonOfRun } from '../../contract/result-text.js';
import { hasClouds, loadClouds } from '../../settings/client.js';
import { currentInput } from '../inputs.js';

/** The last line about a run that is completed: what it has made, for whom, and where a person finds it. */
export async function lastLine(client: Client, status: OperationStatus): Promise<string | undefined> {
  if (status.state !== 'completed') return undefined;
  return resultText(status, { person: await personOf(client, status), consoleUrl: consoleOf(status) });
}

/** Who the user is says only the input, which not everybody can decrypt. */
async function personOf(client: Client, { id, userId }: Completed): Promise<PersonOfRun> {
  if (userId === undefined) return {};
  const input = await currentInput(client, id).catch(() => undefined);
  const { administrator, user } = (input ?? {}) as { administrator?: PersonOfRun; user?: PersonOfRun };
  return administrator ?? user ?? {};
}

/** Known where the clouds are configured. An id names its cloud unless that is the default one. */
function consoleOf({ id }: OperationStatus): string | undefined {
  const [, cloud = '', key] = id.split(':');
  const baseUrl = baseUrls()[key === undefined ? DEFAULT_CLOUD : cloud];
  return baseUrl === undefined ? undefined : `${baseUrl}/mc/`;
}

/** None where the settings cannot be read: the run has ended well all the same. */
function baseUrls(): Record<string, string> {
  try {
    if (!hasClouds()) return {};
    return Object.fromEntries(Object.entries(loadClouds().clouds).map(([name, { baseUrl }]) => [name, baseUrl]));
  } catch {
    return {};
  }
}
