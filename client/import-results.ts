import type { Client } from '@temporalio/client';
import type { CustomerState, CustomerStatus } from '../contract/customers.js';
import { TenantryError } from '../contract/errors.js';
import type { RolloutCustomer } from '../contract/rollout.js';
import { inBatches } from './batches.js';
import { customerStatus } from './customers.js';

/** What became of one row. */
export interface ImportResult {
  ref: string;
  line: number;
  outcome: RolloutCustomer['outcome'];
  /** Of the customer, and its tenant; absent where it has not begun, or does not answer. */
  state?: CustomerState;
  tenantId?: string;
  why?: string;
}

interface Asked {
  cloud: string | undefined;
  taskQueue: string;
  lineOf: (ref: string) => number;
  onRead?: (done: number) => void;
}

/** One result for each customer of an import, in their order. Customers that have begun are asked; that changes nothing. */
export async function importResults(
  client: Client,
  customers: readonly RolloutCustomer[],
  { cloud, taskQueue, lineOf, onRead }: Asked,
): Promise<ImportResult[]> {
  const read = async ({ ref, outcome, state, why }: RolloutCustomer): Promise<ImportResult> => {
    const now = outcome === 'waiting' ? undefined : await statusOrNothing(client, { ref, cloud }, taskQueue);
    const shown = now?.state ?? state;
    return {
      ref,
      line: lineOf(ref),
      outcome,
      ...(shown !== undefined && { state: shown }),
      ...(now?.tenantId !== undefined && { tenantId: now.tenantId }),
      ...(why !== undefined && { why }),
    };
  };
  return await inBatches(customers, read, onRead);
}

async function statusOrNothing(
  client: Client,
  name: { ref: string; cloud: string | undefined },
  taskQueue: string,
): Promise<CustomerStatus | undefined> {
  try {
    return await customerStatus(client, name, taskQueue);
  } catch (error) {
    // its outcome is known all the same
    if (error instanceof TenantryError && error.kind === 'unavailable') return undefined;
    throw error;
  }
}
