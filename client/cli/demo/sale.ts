import type { CustomerStatus } from '../../../contract/customers.js';
import { customerStatus } from '../../customers.js';
import { customerText } from '../customer-text.js';
import { stdout } from '../output.js';
import { Shop } from './shop.js';
import { halfText, plainScriptBeside } from './beside.js';
import { detail, log, logOutcome, TASK_QUEUE, waitUntil, type Demo, type Scenario } from './scenario.js';
import { withGateway } from './with-gateway.js';

/** A lost answer, and the kill of the worker. */
const FAULTS = 2;
const MAKES_TENANT = 'POST /tenants';
const HANGING_CALL = 'PUT /users/{id}/access_policies';
const UPDATED = 'customer.subscription.updated';

/** What is sold in a shop becomes a customer, and the customer keeps in step with it. */
export const sale: Scenario = {
  summary:
    'signed Stripe events: bought, not paid, paid, 25 → 40 units, cancelled; with a lost answer and a killed worker (the default)',
  async run(demo) {
    const shop = new Shop();
    return await withGateway(demo, shop, async (url) => await sell(demo, shop, url));
  },
};

async function sell(demo: Demo, shop: Shop, url: string): Promise<boolean> {
  const { simulator } = demo;
  const say = async (type: string, state: Parameters<Shop['subscription']>[1], quantity: number) =>
    await shop.send(url, shop.subscription(type, state, quantity));
  arrange(simulator.faults);
  simulator.faults.next(HANGING_CALL, 'hang');
  log(`what will be broken: the answer to ${MAKES_TENANT} is lost, and a later call hangs until the worker is killed`);
  const half = await plainScriptBeside(arrange);
  const first = await demo.startWorker(shop.settings);
  await shop.send(url, shop.customer());
  await say('customer.subscription.created', 'active', 25);
  await waitUntil(() => simulator.journal.calls(HANGING_CALL).length > 0, `the call ${HANGING_CALL}`);
  first.kill();
  log(`killed the worker (SIGKILL) in the middle of ${HANGING_CALL}`);
  await demo.startWorker(shop.settings);
  await untilCustomer(demo, shop, 'bought: 25 workstations', ({ state }) => state === 'steady');

  await say(UPDATED, 'past_due', 25);
  await untilCustomer(demo, shop, 'not paid for two seconds: disabled', ({ state }) => state === 'suspended');
  await say(UPDATED, 'active', 25);
  await untilCustomer(demo, shop, 'paid: enabled again', ({ state }) => state === 'steady');
  await say(UPDATED, 'active', 40);
  await untilCustomer(
    demo,
    shop,
    '25 → 40 units: more quota',
    ({ state, applied }) => state === 'steady' && limitOf(applied) === 40,
  );
  await say('customer.subscription.deleted', 'canceled', 40);
  const end = await untilCustomer(
    demo,
    shop,
    'cancelled: disabled; a person decides about the deletion',
    ({ state, wanted }) => state === 'suspended' && !wanted.exists,
  );
  stdout(`\n$ tenantry customer ${shop.ref}\n${customerText(end)}\n`);
  const [tenant, ...others] = simulator.world.customers();
  const mails = simulator.world.mails().length;
  logOutcome(simulator, { faults: FAULTS }, `; the plain script has left ${halfText(half)}`);
  return others.length === 0 && tenant?.enabled === false && mails === 1;
}

function arrange(faults: Demo['simulator']['faults']): void {
  faults.next(MAKES_TENANT, 'commit-then-drop');
}

/** Waits for a state of the customer, and prints what happened at the vendor until then. */
async function untilCustomer(
  { client, simulator }: Demo,
  { ref }: Shop,
  what: string,
  fits: (status: CustomerStatus) => boolean,
): Promise<CustomerStatus> {
  let last: CustomerStatus | undefined;
  await waitUntil(async () => {
    last = await customerStatus(client, { ref }, TASK_QUEUE).catch(() => undefined);
    return last !== undefined && fits(last);
  }, what);
  log(what);
  const changes = simulator.journal
    .calls()
    .slice(printed)
    .filter(({ method }) => method !== 'GET');
  printed = simulator.journal.calls().length;
  for (const { route, status, fault } of changes.filter((call) => !call.route.startsWith('POST /idp')))
    detail(
      `             ${String(status ?? 'no answer').padEnd(9)}  ${route}${fault === undefined ? '' : `   <- ${JSON.stringify(fault)}`}`,
    );
  return last!;
}

let printed = 0;

function limitOf(applied: CustomerStatus['applied']): unknown {
  return applied?.quotas['workstations']?.limit;
}
