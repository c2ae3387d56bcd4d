import type { CustomerStatus } from '../../../contract/customers.js';
import { applyAdoption } from '../../adoption/apply.js';
import { planAdoption } from '../../adoption/plan.js';
import { askCustomer, customerStatus } from '../../customers.js';
import { adoptionText, answersText } from '../adoption-text.js';
import { stdout } from '../output.js';
import { OldBilling } from './old-billing.js';
import { log, TASK_QUEUE, waitUntil, type Demo, type Scenario } from './scenario.js';
import { withGateway } from './with-gateway.js';

const DECISION = { actor: 'demo', reason: 'day of migration' };
/** Nobody has made a tenant for the last one yet; its name is only near to that of another. */
const customers = [
  ...Array.from({ length: 30 }, (_none, at) => ({ ref: `C-${1001 + at}`, name: `Customer ${at + 1} GmbH` })),
  { ref: 'C-2001', name: 'CUSTOMER 31' },
];
const existing = [...customers.slice(0, 30), { ref: 'unknown', name: 'Customer 31 GmbH' }];

/** Tenants that exist, and a billing system that knows who pays for them, are connected without a changing call. */
export const migration: Scenario = {
  summary: 'the day of migration: 30 tenants that exist are linked to what is sold, without one changing call',
  async run(demo) {
    const billing = new OldBilling();
    return await withGateway(demo, billing, async (url) => await migrate(demo, billing, url));
  },
};

async function migrate(demo: Demo, billing: OldBilling, url: string): Promise<boolean> {
  const { client, simulator } = demo;
  // every third tenant has the number of its contract
  for (const [at, { ref, name }] of existing.entries())
    simulator.world.addTenant({ name, ...(at % 3 === 1 && { customer_id: ref }) });
  log(`${existing.length} tenants exist that Tenantry has not made`);
  await demo.startWorker(billing.settings);
  for (const customer of customers) await billing.send(url, customer);
  await untilAll(demo, customers, 'all facts are read', ({ wanted }) => wanted.exists);
  log(`the billing system has sent what it sells to ${customers.length} customers; they are only observed`);

  const asked = { cloud: 'default', taskQueue: TASK_QUEUE, source: billing.name };
  const plan = await planAdoption(client, asked);
  stdout(`\n$ tenantry adopt --source ${billing.name}\n${adoptionText(plan)}\n`);
  const adopted = await applyAdoption(client, plan, { ...DECISION, taskQueue: TASK_QUEUE });
  stdout(`$ tenantry adopt --source ${billing.name} --apply --reason "day of migration"\n${answersText(adopted)}\n`);
  const { actor, ...fields } = DECISION;
  for (const { ref } of adopted) await askCustomer(client, { ref, name: 'act', actor, fields }, TASK_QUEUE);
  await untilAll(demo, adopted, 'all of them are steady', ({ state }) => state === 'steady');
  log(`these ${adopted.length} customers are acted for from now on; what differs from what is sold stays as it is`);

  const again = await planAdoption(client, asked);
  stdout(`\n$ tenantry adopt --source ${billing.name}\n${adoptionText(again)}\n`);
  return isUntouched(demo) && adopted.length === 30 && again.customers.length === 1;
}

/** True when the journal of the simulator has no changing call. */
function isUntouched({ simulator }: Demo): boolean {
  const calls = simulator.journal.calls();
  const changes = calls.filter(({ method, route }) => method !== 'GET' && !route.startsWith('POST /idp/'));
  const mails = simulator.world.mails().length;
  log(
    `the simulator has received ${calls.length} calls, ${changes.length} of them change something, and sent ${mails} mails`,
  );
  return changes.length === 0 && mails === 0;
}

async function untilAll(
  { client }: Demo,
  all: readonly { ref: string }[],
  what: string,
  fits: (status: CustomerStatus) => boolean,
): Promise<void> {
  for (const { ref } of all)
    await waitUntil(async () => {
      const status = await customerStatus(client, { ref }, TASK_QUEUE).catch(() => undefined);
      return status !== undefined && fits(status);
    }, what);
}
