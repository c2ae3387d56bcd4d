import type { Client } from '@temporalio/client';
import type { DecisionRequest } from '../../contract/decisions.js';
import { TenantryError } from '../../contract/errors.js';
import { inBatches } from '../batches.js';
import { askCustomer } from '../customers.js';
import type { AdoptionPlan } from './plan.js';

/** What a customer said to its tenant. */
export interface AdoptionAnswer {
  ref: string;
  tenantId: string;
  /** Why it has not adopted the tenant; absent when it has. */
  refused?: string;
}

/**
 * Asks the customers of a plan to adopt their tenants. Each looks at the tenant once more, and may refuse. Nothing is
 * changed in a tenant. Safe to repeat: who has its tenant already accepts it again. Fails as `unavailable` when one does
 * not answer; those before it have adopted theirs.
 */
export async function applyAdoption(
  client: Client,
  { cloud, customers }: AdoptionPlan,
  {
    taskQueue,
    onDone,
    actor,
    reason,
  }: DecisionRequest & { taskQueue: string; onDone?: (done: number, all: number) => void },
): Promise<AdoptionAnswer[]> {
  const links = customers.flatMap((one) =>
    one.outcome === 'link' ? [{ ref: one.ref, tenantId: one.tenant.tenantId }] : [],
  );
  const adopt = async ({ ref, tenantId }: { ref: string; tenantId: string }): Promise<AdoptionAnswer> => {
    try {
      const fields = { reason, tenantId };
      await askCustomer(client, { ref, cloud, name: 'adopt', actor, fields }, taskQueue);
      return { ref, tenantId };
    } catch (error) {
      if (!(error instanceof TenantryError) || !['refused', 'notFound'].includes(error.kind)) throw error;
      return { ref, tenantId, refused: error.message };
    }
  };
  return await inBatches(links, adopt, (done) => onDone?.(done, links.length));
}
