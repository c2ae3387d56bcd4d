import { CUSTOMER_WORKFLOW } from '../contract/customers.js';
import { workflowId } from '../contract/ids.js';
import type { SubscriptionName } from '../contract/subscription-owners.js';
import { digest, shortKey } from './input.js';

/** Half of a character of two code units; a key that is cut can end in one. */
const HALF_CHARACTER = /\p{Cs}/u;

/**
 * The workflow id of a customer: `customer:[<cloud>:]<reference>`. A reference that looks like an e-mail address becomes
 * a digest, because ids must not show personal data. So does one that is no valid text, which no id can hold.
 */
export function customerWorkflowId(ref: string, cloud?: string): string {
  return workflowId(CUSTOMER_WORKFLOW, cloud, entityKey(ref));
}

/** The workflow id of the owner of a subscription: `subscription:[<cloud>:]<source>:<id>`. */
export function subscriptionOwnerId({ source, ref }: SubscriptionName, cloud?: string): string {
  return workflowId('subscription', cloud, `${source}:${entityKey(ref)}`);
}

/** The part of a workflow id that stands for a name that others have given. */
export function entityKey(name: string): string {
  const key = name.includes('@') ? digest(name) : shortKey(name);
  // JSON keeps apart what UTF-8 cannot
  return HALF_CHARACTER.test(name + key) ? digest(JSON.stringify(name)) : key;
}
