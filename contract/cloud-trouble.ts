import { FailureType } from './failures.js';

/** The Temporal workflow type. There is one run for each cloud in trouble; its id is `cloudTrouble:<cloud>`. */
export const CLOUD_TROUBLE = 'cloudTrouble';

/** What is wrong with a cloud: failure type and message of the first run that was affected. */
export interface Trouble {
  cloud: string;
  type: string;
  message: string;
}

/** The end of "give … what a cloud accepts": which settings, and where a new secret comes from. */
export const NEW_CREDENTIALS =
  'ACRONIS_CLIENT_ID and ACRONIS_CLIENT_SECRET (clientId and clientSecret in the file TENANTRY_CLOUDS) of a valid API client; ' +
  'the management console makes one under Settings > API clients';

/** What a person must do against trouble of this type; undefined when it passes by itself. */
export function troubleRemedy(type: string): string | undefined {
  if (type === FailureType.Credentials) return `give the workers ${NEW_CREDENTIALS}`;
  if (type === FailureType.UnknownCloud) return 'start a worker whose file TENANTRY_CLOUDS names the cloud';
  return undefined;
}
