/** The Temporal workflow type; one run for each cloud that is in trouble, its id is `cloudTrouble:<cloud>`. */
export const CLOUD_TROUBLE = 'cloudTrouble';

/** What ails a cloud: the failure type and the message of the first run that suffered from it. */
export interface Trouble {
  cloud: string;
  type: string;
  message: string;
}
