import { createCloudClients, type Acronis } from '../../acronis/index.js';
import { version } from '../../settings/version.js';
import { loadClouds } from '../../settings/client.js';
import { DEFAULT_CLOUD } from '../../contract/ids.js';
import { TenantryError } from '../../contract/errors.js';

/**
 * The client of one of the configured clouds: the named one, else the default one, else the only one. Refused when there
 * is none.
 */
export async function openCloud(name?: string): Promise<Acronis> {
  const { clouds } = loadClouds();
  const names = Object.keys(clouds);
  const wanted = name ?? (names.includes(DEFAULT_CLOUD) || names.length > 1 ? DEFAULT_CLOUD : names[0]);
  const settings = wanted === undefined ? undefined : clouds[wanted];
  if (wanted === undefined || settings === undefined)
    throw refused(`No cloud is called ${JSON.stringify(wanted)}. Give --cloud one of: ${names.join(', ')}.`);
  try {
    return createCloudClients({ [wanted]: settings }, version()).get(wanted)!;
  } catch (error) {
    throw refused((error as Error).message);
  }
}

function refused(message: string): TenantryError {
  return new TenantryError('refused', message);
}
