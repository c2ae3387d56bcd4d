import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { customerWorkflowId } from '../catalogue/customer-id.js';
import { CUSTOMER_QUERY, type CustomerStatus } from '../contract/customers.js';
import { TenantryError } from '../contract/errors.js';
import { explainDecryptionError } from '../vault/encryption.js';
import { whyNoAnswer } from './workers.js';

const QUERY_MS = 5000;

/**
 * What is known of a customer whom sources have spoken of. Undefined when there is none of this reference in the cloud.
 * Fails as `unavailable` when no worker answers.
 */
export async function customerStatus(
  client: Client,
  { ref, cloud }: { ref: string; cloud?: string | undefined },
  taskQueue: string,
): Promise<CustomerStatus | undefined> {
  const id = customerWorkflowId(ref, cloud);
  const handle = client.workflow.getHandle(id);
  try {
    await handle.describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw explainDecryptionError(id, error) ?? error;
  }
  try {
    return await client.withDeadline(Date.now() + QUERY_MS, () => handle.query<CustomerStatus>(CUSTOMER_QUERY));
  } catch (error) {
    const { message, remedies } = await whyNoAnswer(client, id, taskQueue);
    throw (
      explainDecryptionError(id, error) ??
      new TenantryError('unavailable', `The customer ${ref} is there, but ${message}`, { remedies })
    );
  }
}
