import { randomUUID } from 'node:crypto';
import { ActivityFailure, TimeoutFailure, WorkflowFailedError, type Client } from '@temporalio/client';
import { TenantryError } from '../../contract/errors.js';
import { workflowId } from '../../contract/ids.js';
import {
  LIST_TENANTS,
  type ListedTenant,
  type TenantPage,
  type TenantPageSpec,
} from '../../contract/tenant-listing.js';
import { notAnswered } from '../send-update.js';
import { explainServiceError } from '../service-errors.js';
import { checkWorkerKeys } from '../worker-keys.js';

interface Listing {
  cloud: string;
  taskQueue: string;
  onPage: (tenants: number) => void;
}

/** Two tries of a worker fit into it. */
const PAGE_TIME = '5 minutes';

/**
 * All tenants below the API client's own, as a worker sees them: one run and one call of the vendor for 500 of them. May
 * have a tenant twice, when the list changes meanwhile. Changes nothing. Fails as `unavailable` when no worker or no
 * cloud answers, or when the list is not complete.
 */
export async function listTenants(client: Client, listing: Listing): Promise<ListedTenant[]> {
  const { cloud, taskQueue, onPage } = listing;
  await checkWorkerKeys(client, taskQueue);
  const list = await joinPages((next) => readPage(client, listing, { cloud, ...next }), onPage);
  if ('incomplete' in list) throw notListed(cloud, list.incomplete);
  return list.tenants;
}

/**
 * Reads page by page until the last one. A list that does not end, or that has a tenant without the one above it, is not
 * complete.
 */
export async function joinPages(
  read: (next: Pick<TenantPageSpec, 'after'>) => Promise<TenantPage>,
  onPage: (tenants: number) => void = () => undefined,
): Promise<{ tenants: ListedTenant[] } | { incomplete: string }> {
  const tenants: ListedTenant[] = [];
  const known = new Set<string>();
  const used = new Set<string>();
  for (let after: string | undefined; ;) {
    const page = await read(after === undefined ? {} : { after });
    tenants.push(...page.tenants);
    for (const id of [page.rootTenantId, ...page.tenants.map(({ tenantId }) => tenantId)]) known.add(id);
    onPage(tenants.length);
    after = page.next;
    if (after === undefined) break;
    if (used.has(after)) return { incomplete: 'its list does not end' };
    used.add(after);
  }
  const strange = tenants.find(({ parentId }) => !known.has(parentId));
  if (strange === undefined) return { tenants };
  const { tenantId, parentId } = strange;
  return { incomplete: `its list has the tenant ${tenantId}, but not the one above it, ${parentId}` };
}

async function readPage(client: Client, { taskQueue }: Listing, page: TenantPageSpec): Promise<TenantPage> {
  const id = workflowId(LIST_TENANTS, page.cloud, randomUUID());
  try {
    return (await client.workflow.execute(LIST_TENANTS, {
      workflowId: id,
      taskQueue,
      args: [page],
      workflowExecutionTimeout: PAGE_TIME,
    })) as TenantPage;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw explainServiceError('list the tenants', error) ?? error;
    if (error.cause instanceof TimeoutFailure)
      throw await notAnswered(client, { id, taskQueue, name: `The list of the tenants of the cloud ${page.cloud}` });
    throw notListed(page.cloud, messageOf(error.cause));
  }
}

function messageOf(cause: Error | undefined): string {
  const inner = cause instanceof ActivityFailure ? cause.cause : cause;
  return inner?.message ?? 'no reason is known';
}

function notListed(cloud: string, why: string): TenantryError {
  return new TenantryError('unavailable', `The tenants of the cloud ${cloud} cannot be listed: ${why}.`, {
    remedies: [{ do: 'checkClouds' }],
  });
}
