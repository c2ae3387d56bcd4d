/** The Temporal workflow type. There is one run for each cloud in trouble; its id is `cloudTrouble:<cloud>`. */
export const CLOUD_TROUBLE = 'cloudTrouble';

/** What is wrong with a cloud: failure type and message of the first run that was affected. */
export interface Trouble {
  cloud: string;
  type: string;
  message: string;
}
