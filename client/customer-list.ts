import { WorkflowNotFoundError, type Client, type WorkflowExecutionInfo } from '@temporalio/client';
import { entityKey, subscriptionOwnerId } from '../catalogue/customer-id.js';
import { CUSTOMER_WORKFLOW, type CustomerState } from '../contract/customers.js';
import { NEEDS_PERSON } from '../contract/customer-questions.js';
import { DEFAULT_CLOUD } from '../contract/ids.js';
import { acronisTenantId, externalRef, tenantryReason, tenantryState } from '../contract/search-attributes.js';
import { OWNERSHIP_MEMO, type SubscriptionOwnership } from '../contract/subscription-owners.js';
import { describeRun, listRuns, pageOfRuns } from '../vault/list-runs.js';
import { quoted } from './list-filter.js';
import { fromPosition, toPosition } from './page-position.js';

/** A customer as Temporal's list shows it. */
export interface ListedCustomer {
  id: string;
  /** Absent when it is an e-mail address, which Temporal's list does not show. */
  ref?: string;
  cloud: string;
  state: string;
  tenantId?: string;
  /** Only where a search has read it. */
  name?: string;
  /** It does not go on without a person: it is blocked, or waits for one. */
  needsPerson?: true;
  since: string;
}

export interface CustomerFilter {
  state?: string | undefined;
  /** Only those that do not go on without a person. */
  needsPerson?: boolean | undefined;
  /** A part of a name, reference, tenant id, subscription or login. Capital and small letters are the same. */
  search?: string | undefined;
}

export interface CustomerPageOptions extends CustomerFilter {
  /** How many customers at most. */
  limit: number;
  /** The `next` of the page before. */
  after?: string | undefined;
}

export interface CustomerPage {
  items: ListedCustomer[];
  /** Continues the list; absent at its end. */
  next?: string;
}

/** The customers whom sources have spoken of, newest first. No worker is asked. */
export async function listCustomers(
  client: Client,
  { state }: Pick<CustomerFilter, 'state'>,
): Promise<ListedCustomer[]> {
  const found: ListedCustomer[] = [];
  for await (const run of listRuns(client, queryOf(state))) found.push(toListedCustomer(run));
  return found;
}

/**
 * A part of the same list. No customer that was there at the first page is missing. Refused when `after` is not what a page
 * has given.
 */
export async function pageOfCustomers(
  client: Client,
  { limit, after, state, needsPerson }: Omit<CustomerPageOptions, 'search'>,
): Promise<CustomerPage> {
  const position = after === undefined ? undefined : fromPosition(after);
  const { runs, next } = await pageOfRuns(client, { query: queryOf(state, needsPerson), size: limit, after: position });
  return { items: runs.map(toListedCustomer), ...(next && { next: toPosition(next) }) };
}

/** How many customers are only observed. No worker is asked. */
export async function countObserved(client: Client): Promise<number> {
  const { count } = await client.workflow.count(queryOf('observed' satisfies CustomerState));
  return count;
}

/** A customer that no worker has seen yet has no state in Temporal's list. */
const FIRST_STATE = 'waiting';
const BLOCKED: CustomerState = 'blocked';

function queryOf(state: string | undefined, needsPerson = false): string {
  const is = `${tenantryState.name} = ${quoted(state ?? '')}`;
  const inState = state === FIRST_STATE ? `(${is} OR ${tenantryState.name} IS NULL)` : is;
  const open = `WorkflowType = ${quoted(CUSTOMER_WORKFLOW)} AND ExecutionStatus = 'Running'`;
  if (needsPerson)
    return `${open} AND (${tenantryState.name} = ${quoted(BLOCKED)} OR ${tenantryReason.name} = ${quoted(NEEDS_PERSON)})`;
  return state === undefined ? open : `${open} AND ${inState}`;
}

function toListedCustomer({ workflowId: id, typedSearchAttributes, startTime }: WorkflowExecutionInfo): ListedCustomer {
  const [ref, tenantId] = [typedSearchAttributes.get(externalRef), typedSearchAttributes.get(acronisTenantId)];
  const state = typedSearchAttributes.get(tenantryState) ?? FIRST_STATE;
  const needsPerson = state === BLOCKED || typedSearchAttributes.get(tenantryReason) === NEEDS_PERSON;
  return {
    id,
    ...(ref !== undefined && { ref }),
    cloud: cloudOf(id),
    state,
    ...(tenantId !== undefined && { tenantId }),
    ...(needsPerson && { needsPerson }),
    since: startTime.toISOString(),
  };
}

/** The default cloud, and those of the customers. */
export function cloudsOf(listed: readonly Pick<ListedCustomer, 'id'>[]): string[] {
  return [...new Set([DEFAULT_CLOUD, ...listed.map(({ id }) => cloudOf(id))])];
}

/** The ids of the default cloud do not name it. */
function cloudOf(id: string): string {
  const [, cloud = DEFAULT_CLOUD, ...rest] = id.split(':');
  return rest.length === 0 ? DEFAULT_CLOUD : cloud;
}

/**
 * True for those whom Temporal's list alone finds: by a part of the reference or tenant id, by a whole e-mail address that is
 * a reference, or by a subscription as `<source>/<id>`.
 */
export async function fitting(client: Client, search: string): Promise<(one: ListedCustomer) => boolean> {
  const part = search.toLowerCase();
  const key = entityKey(search);
  const hearers = await hearersOf(client, search);
  return ({ id, ref, tenantId }) =>
    [ref, tenantId].some((text) => text?.toLowerCase().includes(part)) ||
    id.endsWith(`:${key}`) ||
    hearers.includes(id);
}

/** The workflow ids of the customers that have heard of a subscription of the default cloud. */
async function hearersOf(client: Client, search: string): Promise<string[]> {
  const [, source, ref] = /^([^/]+)\/(.+)$/s.exec(search) ?? [];
  if (source === undefined || ref === undefined) return [];
  try {
    const { memo } = await describeRun(client, subscriptionOwnerId({ source, ref }));
    const { owner, others = [] } = (memo?.[OWNERSHIP_MEMO] ?? {}) as Partial<SubscriptionOwnership>;
    return [...(owner === undefined ? [] : [owner]), ...others].map(({ id }) => id);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    return [];
  }
}
