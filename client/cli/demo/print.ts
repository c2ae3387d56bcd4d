import { readFileSync } from 'node:fs';
import type { JournalEntry, Simulator } from '../../../simulator/index.js';
import type { ProvisionCustomerOrder } from '../../../workflows/provision-customer/contract.js';
import type { OperationStatus } from '../../../contract/status.js';
import { statusText } from '../format.js';
import { stdout } from '../output.js';
import { detail, type Demo } from './scenario.js';

type Order = Required<Pick<ProvisionCustomerOrder, 'customer' | 'administrator'>> & Record<string, unknown>;

/** The example input in the repository. */
export function exampleOrder(): Order {
  const file = new URL('../../../../examples/provisionCustomer.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Order;
}

/** How a run ended, and its page in Temporal's web UI if that stays up. */
export function printEnd(status: OperationStatus, { engine, stays }: Demo): void {
  stdout(`\n${statusText(status)}`);
  if (!stays) return;
  const page = `${engine.uiUrl}/namespaces/${engine.namespace}/workflows/${encodeURIComponent(status.id)}`;
  stdout(`\nThe run in Temporal's web UI: ${page}`);
}

/** The calls that the simulator received, each with its fault. */
export function printCalls(heading: string, calls: readonly JournalEntry[]): void {
  detail(`\n${heading}`);
  for (const { seq, route, status, fault } of calls) {
    const trouble = fault === undefined ? '' : `   <- ${typeof fault === 'string' ? fault : JSON.stringify(fault)}`;
    detail(`  ${String(seq).padStart(2)}  ${String(status ?? 'no answer').padEnd(9)}  ${route}${trouble}`);
  }
}

/** The customers in the simulator. */
export function printCustomers({ world }: Simulator): void {
  detail('\nThe customers in the simulator:');
  const customers = world.customers().map((tenant) => {
    const shown = ['id', 'name', 'kind', 'enabled', 'customer_id', 'internal_tag', 'mfa_status'];
    const items = world.items(tenant.id).map(({ name, quota }) => ({ name, quota: quota?.value ?? null }));
    const users = world.users(tenant.id).map(({ id, login }) => ({
      login,
      roles: world.policies(id).map(({ role_id }) => role_id),
      mails: world.mails().filter(({ userId }) => userId === id).length,
    }));
    return { ...(Object.fromEntries(shown.map((field) => [field, tenant[field]])) as object), items, users };
  });
  detail(JSON.stringify(customers, null, 2));
}
