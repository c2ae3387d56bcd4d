import { CUSTOMER_WORKFLOW } from '../contract/customers.js';
import { workflowId } from '../contract/ids.js';
import { digest, shortKey } from './input.js';

/**
 * The workflow id of a customer: `customer:[<cloud>:]<reference>`. A reference that looks like an e-mail address becomes
 * a digest, because ids must not show personal data.
 */
export function customerWorkflowId(ref: string, cloud?: string): string {
  return workflowId(CUSTOMER_WORKFLOW, cloud, ref.includes('@') ? digest(ref) : shortKey(ref));
}
