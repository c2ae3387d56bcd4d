import { Client, type Connection } from '@temporalio/client';
import type { ClientSettings } from '../../../settings/client.js';
import { clientOptions } from '../../../vault/index.js';
import { keyAgreement } from '../../worker-keys.js';
import { remedyText } from '../remedies.js';
import { fail, ok, skipped, warn, type Check } from './check.js';

const NAME = 'keys';

/** Whether this program and the workers that poll can read each other, by the ids of their encryption keys. */
export async function checkKeys(
  connection: Connection,
  { namespace, taskQueue, keys }: ClientSettings,
): Promise<Check> {
  const client = new Client({ connection, namespace, ...clientOptions(keys) });
  const { state, differing } = await keyAgreement(client, taskQueue);
  const remedy = remedyText({ remedies: [{ do: 'alignKeys' }] });
  switch (state) {
    case 'unknown':
      return skipped(NAME, 'no worker that polls says which keys it has');
    case 'agrees':
      return ok(
        NAME,
        keys === undefined ? 'neither here nor on the workers' : `${keys.current.id} encrypts, and the workers have it`,
      );
    case 'agrees with some':
      return warn(NAME, differing.join('; '), remedy);
    case 'disagrees':
      return fail(NAME, differing.join('; '), remedy);
    default:
      return state satisfies never;
  }
}
