import type { Client } from '@temporalio/client';
import { CUSTOMER_QUERY, CUSTOMER_WORKFLOW, type CustomerStatus } from '../contract/customers.js';
import { TenantryError } from '../contract/errors.js';
import { DEFAULT_CLOUD, workflowId } from '../contract/ids.js';
import { listCustomers } from './customer-list.js';
import { customerStatus } from './customers.js';
import { notAnswered } from './send-update.js';

const QUERY_MS = 10_000;
/** Customers that are asked at a time. */
const AT_ONCE = 20;

/** A source of `sources.json`, and the cloud of its customers: the default one unless given. */
export interface SourceName {
  source: string;
  cloud?: string | undefined;
}

/** Customers by reference. */
export interface ChosenCustomers {
  observed: string[];
  /** Those that are acted for already. */
  acting: string[];
}

/** The customers of a source that are only observed, the oldest first. Each is asked; that changes nothing. */
export async function observedCustomers(client: Client, of: SourceName, taskQueue: string): Promise<string[]> {
  const listed = await listCustomers(client, { state: 'observed' });
  const ids = listed.map(({ id }) => id).filter((id) => isIn(id, of.cloud));
  const all = await inTurn(ids.toReversed(), async (id) => await statusOf(client, id, taskQueue));
  return all.filter((status) => status.observed && isOf(status, of.source)).map(({ ref }) => ref);
}

/** These customers of a source. Refused, with everyone that does not fit, when one is unknown or of another source. */
export async function namedCustomers(
  client: Client,
  { source, cloud }: SourceName,
  refs: readonly string[],
  taskQueue: string,
): Promise<ChosenCustomers> {
  const all = await inTurn([...new Set(refs)], async (ref) => {
    return { ref, status: await customerStatus(client, { ref, cloud }, taskQueue) };
  });
  const problems = all.flatMap(({ ref, status }) => {
    if (status === undefined) return [`no source has spoken of a customer ${ref}`];
    return isOf(status, source) ? [] : [`${ref} is no customer of ${source}`];
  });
  if (problems.length > 0) throw new TenantryError('refused', `Nothing is changed: ${problems.join('; ')}.`);
  const refsThat = (isObserved: boolean) =>
    all.filter(({ status }) => (status?.observed ?? false) === isObserved).map(({ ref }) => ref);
  return { observed: refsThat(true), acting: refsThat(false) };
}

/** The ids of the default cloud do not name it. */
export function isIn(id: string, cloud = DEFAULT_CLOUD): boolean {
  const isOfOther = id.split(':').length > 2;
  return cloud === DEFAULT_CLOUD ? !isOfOther : id.startsWith(workflowId(CUSTOMER_WORKFLOW, cloud, ''));
}

function isOf({ subscriptions, events }: CustomerStatus, source: string): boolean {
  return [...subscriptions, ...events].some((one) => one.source === source);
}

async function statusOf(client: Client, id: string, taskQueue: string): Promise<CustomerStatus> {
  const query = async () => await client.workflow.getHandle(id).query<CustomerStatus>(CUSTOMER_QUERY);
  try {
    return await client.withDeadline(Date.now() + QUERY_MS, query);
  } catch {
    throw await notAnswered(client, { id, taskQueue, name: id });
  }
}

async function inTurn<T, Result>(all: readonly T[], ask: (one: T) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < all.length; from += AT_ONCE)
    results.push(...(await Promise.all(all.slice(from, from + AT_ONCE).map(ask))));
  return results;
}
