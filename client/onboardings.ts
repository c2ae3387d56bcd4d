import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { customerWorkflowId } from '../catalogue/customer-id.js';
import { onboardingRunId } from '../catalogue/onboard-customer.js';
import type { CustomerStatus } from '../contract/customers.js';
import { TenantryError } from '../contract/errors.js';
import { onboardingOf, type Onboarding } from '../contract/onboarding.js';
import { onboardingOfRun } from '../contract/run-onboarding.js';
import { PROVISION_CUSTOMER } from '../workflows/provision-customer/contract.js';
import { customerNotFound, customerStatus, type CustomerName } from './customers.js';
import { readerOfCustomer, readerOfRun, type Reader } from './readings.js';
import { operationStatus } from './status.js';

/**
 * How far a customer is on the way from sold to protected, as far as that is known. Where no source has spoken of it, the run
 * of `onboardCustomer` says it whose id, reference or customer id this is. Undefined when there is neither. Fails as
 * `unavailable` when no worker answers.
 */
export async function onboarding(
  client: Client,
  name: CustomerName,
  taskQueue: string,
): Promise<Onboarding | undefined> {
  const status = await customerStatus(client, name, taskQueue);
  if (status !== undefined) return await toOnboarding(client, status, taskQueue);
  const run = await unlessNotFound(async () => await operationStatus(client, onboardingRunId(name), taskQueue));
  return run && onboardingOfRun(run, name.ref);
}

/** Reads it again and again, as `readerOfCustomer` does. */
export function readerOfOnboarding(client: Client, name: CustomerName, taskQueue: string): Reader<Onboarding> {
  const readCustomer = readerOfCustomer(client, name, taskQueue);
  const readRun = readerOfRun(client, onboardingRunId(name), taskQueue);
  return async () => {
    if (!(await isKnownToSources(client, name))) {
      const reading = await readRun().catch((error: unknown) => {
        throw error instanceof TenantryError && error.kind === 'notFound' ? onboardingNotFound(name) : error;
      });
      return reading && { ...reading, status: onboardingOfRun(reading.status, name.ref) };
    }
    const reading = await readCustomer();
    return reading && { ...reading, status: await toOnboarding(client, reading.status, taskQueue) };
  };
}

async function isKnownToSources(client: Client, { ref, cloud }: CustomerName): Promise<boolean> {
  try {
    await client.workflow.getHandle(customerWorkflowId(ref, cloud)).describe();
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

/** Nothing is known of this customer in its cloud: no source has spoken of it, and no run onboards it. */
export function onboardingNotFound(name: CustomerName): TenantryError {
  const { message } = customerNotFound(name);
  return new TenantryError('notFound', `${message} Nor is there a run ${onboardingRunId(name)}.`);
}

async function toOnboarding(client: Client, status: CustomerStatus, taskQueue: string): Promise<Onboarding> {
  return onboardingOf(status, await provisionedAt(client, status, taskQueue));
}

/**
 * When the tenant of a customer was created, where the customer does not say it; undefined when Temporal no longer keeps
 * the run that did it.
 */
async function provisionedAt(
  client: Client,
  { runs, tenantId, milestones }: CustomerStatus,
  taskQueue: string,
): Promise<string | undefined> {
  const created = runs.findLast(({ operation, state }) => operation === PROVISION_CUSTOMER && state === 'completed');
  // a customer of an older release says nothing of milestones
  if (created === undefined || (milestones as Partial<CustomerStatus['milestones']> | undefined)?.provisioned)
    return undefined;
  const run = await unlessNotFound(async () => await operationStatus(client, created.id, taskQueue));
  return run?.state === 'completed' && run.tenantId === tenantId ? run.updatedAt : undefined;
}

async function unlessNotFound<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof TenantryError && error.kind === 'notFound') return undefined;
    throw error;
  }
}
