import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { customerWorkflowId } from '../catalogue/customer-id.js';
import { readCustomerRequest } from '../catalogue/customer-requests.js';
import type { SignDecision } from '../contract/actors.js';
import { CUSTOMER_QUERY, type CustomerStatus } from '../contract/customers.js';
import type { AcceptedRequest, CustomerRequest, CustomerRequestName } from '../contract/customer-requests.js';
import { TenantryError } from '../contract/errors.js';
import { FailureType } from '../contract/failures.js';
import { asSentence } from '../contract/misspellings.js';
import { explainDecryptionError } from '../vault/encryption.js';
import { sendDecision } from './send-decision.js';
import { sendUpdate } from './send-update.js';
import { whyNoAnswer } from './workers.js';

const QUERY_MS = 5000;

/** Names a customer. */
export interface CustomerName {
  ref: string;
  cloud?: string | undefined;
}

/** No source has spoken of this customer in its cloud. */
export function customerNotFound({ ref, cloud }: CustomerName): TenantryError {
  const where = cloud === undefined ? '' : ` in the cloud ${cloud}`;
  return new TenantryError('notFound', `No source has spoken of a customer ${ref}${where}.`);
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

export interface RequestOrder extends CustomerName {
  name: CustomerRequestName;
  /** Who asks. */
  actor: string;
  /** What goes with the request: the reason, and what else it takes. */
  fields: unknown;
  /** Proves who asks; without it the actor is not verified. */
  sign?: SignDecision | undefined;
}

/**
 * Asks something of a customer, and resolves once it has accepted that. A request with problems is refused as
 * `InvalidInput`, before anything is sent. The customer refuses what makes no sense now, in its own words, and nothing
 * changes. A repeat does no harm.
 */
export async function askCustomer(
  client: Client,
  { ref, cloud, name, actor, fields, sign }: RequestOrder,
  taskQueue: string,
): Promise<AcceptedRequest> {
  const request: CustomerRequest = { ...readRequest(name, fields), actor };
  const id = customerWorkflowId(ref, cloud);
  return await sendUpdate(client, {
    id,
    taskQueue,
    name: `The customer ${ref}`,
    absent: customerNotFound({ ref, cloud }),
    send: async () => await sendDecision<AcceptedRequest>(client, { id, choice: name, request, sign }),
  });
}

function readRequest(name: CustomerRequestName, given: unknown) {
  const reading = readCustomerRequest(name, given);
  if (!('problems' in reading)) return reading.fields;
  const { problems } = reading;
  const named = problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
  const type = FailureType.InvalidInput;
  throw new TenantryError('refused', asSentence(`The request cannot be used: ${named}`), { type, problems });
}
