import type { Client } from '@temporalio/client';
import type { CustomerStatus } from '../contract/customers.js';
import { TenantryError } from '../contract/errors.js';
import { onboardingOf, type Onboarding } from '../contract/onboarding.js';
import { PROVISION_CUSTOMER } from '../workflows/provision-customer/contract.js';
import { customerStatus, type CustomerName } from './customers.js';
import { readerOfCustomer, type Reader } from './readings.js';
import { operationStatus } from './status.js';

/**
 * How far a customer is on the way from sold to protected, as far as that is known. Undefined when no source has spoken of
 * it. Fails as `unavailable` when no worker answers.
 */
export async function onboarding(
  client: Client,
  name: CustomerName,
  taskQueue: string,
): Promise<Onboarding | undefined> {
  const status = await customerStatus(client, name, taskQueue);
  return status && (await toOnboarding(client, status, taskQueue));
}

/** Reads it again and again, as `readerOfCustomer` does. */
export function readerOfOnboarding(client: Client, name: CustomerName, taskQueue: string): Reader<Onboarding> {
  const read = readerOfCustomer(client, name, taskQueue);
  return async () => {
    const reading = await read();
    return reading && { ...reading, status: await toOnboarding(client, reading.status, taskQueue) };
  };
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
  try {
    const run = await operationStatus(client, created.id, taskQueue);
    return run.state === 'completed' && run.tenantId === tenantId ? run.updatedAt : undefined;
  } catch (error) {
    if (error instanceof TenantryError && error.kind === 'notFound') return undefined;
    throw error;
  }
}
