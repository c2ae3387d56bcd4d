import type { Acronis } from '../../acronis/index.js';
import { DEFAULT_CLOUD } from '../../workflows/shared/ids.js';
import { ClientError, Exit } from '../errors.js';

/** The client of one of the configured clouds: the named one, else the default one, else the only one. Refused when there is none. */
export async function openCloud(name?: string): Promise<Acronis> {
  const { loadClouds, openClouds } = await import('../../worker/index.js');
  const { absent, clouds, problems } = loadClouds();
  if (absent)
    throw refused('No cloud is configured here. Set ACRONIS_BASE_URL, ACRONIS_CLIENT_ID and ACRONIS_CLIENT_SECRET.');
  if (problems.length > 0)
    throw refused(`The settings cannot be used:\n${problems.map((one) => `  ${one}`).join('\n')}`);
  const names = Object.keys(clouds);
  const wanted = name ?? (names.includes(DEFAULT_CLOUD) || names.length > 1 ? DEFAULT_CLOUD : names[0]);
  const settings = wanted === undefined ? undefined : clouds[wanted];
  if (wanted === undefined || settings === undefined)
    throw refused(`No cloud is called ${JSON.stringify(wanted)}. Give --cloud one of: ${names.join(', ')}.`);
  try {
    return openClouds({ clouds: { [wanted]: settings } }).get(wanted)!;
  } catch (error) {
    throw refused((error as Error).message);
  }
}

function refused(message: string): ClientError {
  return new ClientError(message, Exit.refused);
}
