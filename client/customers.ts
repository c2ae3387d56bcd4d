import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { customerWorkflowId } from '../catalogue/customer-id.js';
import { CUSTOMER_QUERY, CUSTOMER_WORKFLOW, type CustomerStatus } from '../contract/customers.js';
import type { AcceptedRequest, CustomerRequest, CustomerRequestName } from '../contract/customer-requests.js';
import { TenantryError } from '../contract/errors.js';
import { acronisTenantId, externalRef, tenantryState } from '../contract/search-attributes.js';
import { explainDecryptionError } from '../vault/encryption.js';
import { sendUpdate } from './send-update.js';
import { quoted } from './list-filter.js';
import { whyNoAnswer } from './workers.js';

const QUERY_MS = 5000;

/** Names a customer. */
export interface CustomerName {
  ref: string;
  cloud?: string | undefined;
}

/**
 * What is known of a customer whom sources have spoken of. Undefined when there is none of this reference in the cloud.
 * Fails as `unavailable` when no worker answers.
 */
export async function customerStatus(
  client: Client,
  { ref, cloud }: CustomerName,
  taskQueue: string,
): Promise<CustomerStatus | undefined> {
  return await statusOfCustomer(client, { id: customerWorkflowId(ref, cloud), name: ref }, taskQueue);
}

/** The same by the workflow id; `name` is what people call the customer. */
export async function statusOfCustomer(
  client: Client,
  { id, name }: { id: string; name: string },
  taskQueue: string,
): Promise<CustomerStatus | undefined> {
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
      new TenantryError('unavailable', `The customer ${name} is there, but ${message}`, { remedies })
    );
  }
}

/**
 * Asks something of a customer, and resolves once it has accepted that. It refuses what makes no sense now, in its own
 * words, and nothing changes. A repeat does no harm.
 */
export async function askCustomer(
  client: Client,
  { ref, cloud, name, request }: CustomerName & { name: CustomerRequestName; request: CustomerRequest },
  taskQueue: string,
): Promise<AcceptedRequest> {
  const id = customerWorkflowId(ref, cloud);
  const where = cloud === undefined ? '' : ` in the cloud ${cloud}`;
  return await sendUpdate(client, {
    id,
    taskQueue,
    name: `The customer ${ref}`,
    absent: `No source has spoken of a customer ${ref}${where}.`,
    send: async () =>
      await client.workflow.getHandle(id).executeUpdate<AcceptedRequest, [CustomerRequest]>(name, { args: [request] }),
  });
}

/** A customer as Temporal's list shows it. */
export interface ListedCustomer {
  id: string;
  /** Absent when it is an e-mail address, which Temporal's list does not show. */
  ref?: string;
  state: string;
  tenantId?: string;
  since: string;
}

/** The customers whom sources have spoken of, newest first. */
export async function listCustomers(
  client: Client,
  { state }: { state?: string | undefined },
): Promise<ListedCustomer[]> {
  const inState = state === undefined ? '' : ` AND ${tenantryState.name} = ${quoted(state)}`;
  const query = `WorkflowType = ${quoted(CUSTOMER_WORKFLOW)} AND ExecutionStatus = 'Running'${inState}`;
  const found: ListedCustomer[] = [];
  for await (const { workflowId: id, typedSearchAttributes: attributes, startTime } of client.workflow.list({
    query,
  })) {
    const [ref, tenantId] = [attributes.get(externalRef), attributes.get(acronisTenantId)];
    found.push({
      id,
      ...(ref !== undefined && { ref }),
      state: attributes.get(tenantryState) ?? 'waiting',
      ...(tenantId !== undefined && { tenantId }),
      since: startTime.toISOString(),
    });
  }
  return found;
}
