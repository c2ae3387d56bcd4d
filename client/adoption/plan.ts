import type { Client } from '@temporalio/client';
import { customerWorkflowId } from '../../catalogue/customer-id.js';
import type { CustomerStatus } from '../../contract/customers.js';
import { isSameId } from '../../contract/ids.js';
import { readKnownCustomers, type KnownCustomers } from './known-customers.js';
import { matchTenants, type Match, type SoldCustomer } from './match.js';
import { listTenants } from './tenant-list.js';

/** Which customers to link. A row names one, and perhaps its tenant, or its name where the sources do not say it. */
export type Selection = { source: string } | { rows: readonly SoldCustomer[] };

/** A customer without a tenant, and what was found for it. */
export type PlannedCustomer = Omit<SoldCustomer, 'tenantId'> & Match;

/** What would be linked. */
export interface AdoptionPlan {
  cloud: string;
  /** Sorted by reference. */
  customers: PlannedCustomer[];
  /** How many rows name a customer that has its tenant already; absent without rows. */
  linked?: number;
  /** How many customers of the cloud have facts that no worker has read yet. */
  unread: number;
}

/** Hears how far the look is. */
export interface PlanObserver {
  onCustomers: (done: number, all: number) => void;
  onTenants: (done: number) => void;
}

const silent: PlanObserver = { onCustomers: () => undefined, onTenants: () => undefined };

/**
 * Finds the tenants of customers whom sources have spoken of. It asks each customer without a tenant, and a worker for the
 * list of tenants, one call of the vendor for 500 of them. Changes nothing. All customers of the cloud that have no tenant
 * count, also those that are not selected: a tenant that fits one of them as well is not linked. Fails as `unavailable`.
 */
export async function planAdoption(
  client: Client,
  { cloud, taskQueue, ...selection }: { cloud: string; taskQueue: string } & Selection,
  observer: PlanObserver = silent,
): Promise<AdoptionPlan> {
  const known = await readKnownCustomers(client, { cloud, taskQueue, onRead: observer.onCustomers });
  const selected = select(selection, known, cloud);
  const matches =
    selected.sold.length === 0
      ? new Map<string, Match>()
      : matchTenants({
          customers: withOthers(selected.sold, known),
          linkedRefs: known.linkedRefs,
          tenants: await listTenants(client, { cloud, taskQueue, onPage: observer.onTenants }),
          holders: new Map([...known.linked].map(([id, tenantId]) => [tenantId, id])),
        });
  const customers = [
    ...selected.others,
    ...selected.sold.map(({ tenantId: _tenantId, ...customer }) => ({ ...customer, ...matches.get(customer.ref)! })),
  ];
  return {
    cloud,
    customers: customers.toSorted((one, other) => (one.ref < other.ref ? -1 : 1)),
    ...(selected.linked !== undefined && { linked: selected.linked }),
    unread: [...known.unlinked.values()].filter(({ unread = 0 }) => unread > 0).length,
  };
}

interface Selected {
  /** Those to match. */
  sold: SoldCustomer[];
  /** Those that cannot be matched. */
  others: PlannedCustomer[];
  linked?: number;
}

function select(selection: Selection, known: KnownCustomers, cloud: string): Selected {
  return 'source' in selection ? ofSource(selection.source, known) : ofRows(selection.rows, known, cloud);
}

function ofSource(source: string, { unlinked }: KnownCustomers): Selected {
  const selected: Selected = { sold: [], others: [] };
  for (const status of unlinked.values())
    if (status.wanted.exists && status.subscriptions.some((one) => one.source === source))
      addTo(selected, soldOf(status), status);
  return selected;
}

function ofRows(rows: readonly SoldCustomer[], { unlinked, linked }: KnownCustomers, cloud: string): Selected {
  const selected: Required<Selected> = { sold: [], others: [], linked: 0 };
  for (const row of rows) {
    const id = customerWorkflowId(row.ref, cloud);
    const status = unlinked.get(id);
    const tenantId = linked.get(id);
    if (status !== undefined) addTo(selected, { ...soldOf(status), ...row }, status);
    else if (tenantId === undefined) addOther(selected, row, `no source has spoken of it in the cloud ${cloud}`);
    else if (row.tenantId === undefined || isSameId(tenantId, row.tenantId)) selected.linked += 1;
    else addOther(selected, row, `it has the tenant ${tenantId}: "release" it first`);
  }
  return selected;
}

function soldOf({ ref, wanted: { name } }: CustomerStatus): SoldCustomer {
  return { ref, ...(name !== undefined && { name }) };
}

function addTo(selected: Selected, customer: SoldCustomer, { wanted, running, unread = 0 }: CustomerStatus): void {
  if (running !== undefined) addOther(selected, customer, `${running.id} is ${running.state}`);
  else if (wanted.exists) selected.sold.push(customer);
  else addOther(selected, customer, unread > 0 ? 'its facts are not read yet' : 'nothing is sold');
}

function addOther(selected: Selected, { ref, name }: SoldCustomer, why: string): void {
  selected.others.push({ ref, ...(name !== undefined && { name }), outcome: 'nothing', why });
}

/** A customer that nothing is sold to any more does not stand in the way of its successor. */
function withOthers(sold: readonly SoldCustomer[], { unlinked }: KnownCustomers): SoldCustomer[] {
  const chosen = new Set(sold.map(({ ref }) => ref));
  const others = [...unlinked.values()].filter(({ ref, wanted }) => wanted.exists && !chosen.has(ref));
  return [...sold, ...others.map(soldOf)];
}
