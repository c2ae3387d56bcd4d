import type { Client } from '@temporalio/client';
import type { CustomerStatus } from '../../contract/customers.js';
import { inBatches } from '../batches.js';
import { listCustomers } from '../customer-list.js';
import { statusOfCustomer } from '../customers.js';

/** The customers of a cloud whom sources have spoken of. */
export interface KnownCustomers {
  /** Those without a tenant, by workflow id. */
  unlinked: ReadonlyMap<string, CustomerStatus>;
  /** The tenant of each other customer, of any cloud, by workflow id. */
  linked: ReadonlyMap<string, string>;
  /** The references of those, where Temporal's list shows them. */
  linkedRefs: readonly string[];
}

/**
 * Asks each customer of whom Temporal's list shows no tenant, because the list is some moments late. Changes nothing.
 * Fails as `unavailable` when one does not answer.
 */
export async function readKnownCustomers(
  client: Client,
  { cloud, taskQueue, onRead }: { cloud: string; taskQueue: string; onRead: (done: number, all: number) => void },
): Promise<KnownCustomers> {
  const linked = new Map<string, string>();
  const unlinked = new Map<string, CustomerStatus>();
  const linkedRefs: string[] = [];
  const open: { id: string; name: string }[] = [];
  const link = (id: string, tenantId: string, ref: string | undefined) => {
    linked.set(id, tenantId.toLowerCase());
    if (ref !== undefined) linkedRefs.push(ref);
  };
  for (const { id, ref, tenantId } of await listCustomers(client, {}))
    if (tenantId === undefined) open.push({ id, name: ref ?? id });
    else link(id, tenantId, ref);
  await inBatches(
    open,
    async ({ id, name }) => {
      const status = await statusOfCustomer(client, { id, name }, taskQueue);
      if (status?.tenantId !== undefined) link(id, status.tenantId, status.ref);
      else if (status?.cloud === cloud) unlinked.set(id, status);
    },
    (done) => onRead(done, open.length),
  );
  return { unlinked, linked, linkedRefs };
}
