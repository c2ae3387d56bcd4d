import type { CustomerEvent, CustomerStatus } from '../../../contract/customers.js';
import { customerStatus } from '../../customers.js';
import { stdout } from '../output.js';
import { table } from '../table.js';
import { Shop, type State } from './shop.js';
import { log, TASK_QUEUE, waitUntil, type Demo, type Scenario } from './scenario.js';
import { withGateway } from './with-gateway.js';

const UPDATED = 'customer.subscription.updated';
/** What really happened, oldest first, a minute apart. */
const story: readonly [state: State, quantity: number][] = [
  ['active', 10],
  ['active', 25],
  ['past_due', 25],
  ['active', 25],
  ['active', 40],
];
/** How it arrives, by the number in the story: out of order, and some of it again. */
const arrival = [2, 1, 4, 3, 2, 5, 4, 1, 3];

/** The events of a sale arrive in any order, and some again: the customer is as sold, and nothing is done twice. */
export const events: Scenario = {
  summary:
    'signed Stripe events in the wrong order, some of them twice: the customer is as sold, nothing is done twice',
  async run(demo) {
    const shop = new Shop();
    return await withGateway(demo, shop, async (url) => await sendShuffled(demo, shop, url));
  },
};

async function sendShuffled(demo: Demo, shop: Shop, url: string): Promise<boolean> {
  const { simulator } = demo;
  const anHourAgo = Math.floor(Date.now() / 1000) - 3600;
  const told = story.map(([state, quantity], minutes) => ({
    event: shop.subscription(UPDATED, state, quantity, anHourAgo + minutes * 60),
    says: `${state}, ${quantity} units`,
  }));
  await demo.startWorker(shop.settings);
  await shop.send(url, shop.customer());
  for (const number of arrival) await shop.send(url, told[number - 1]!.event);
  const status = await untilSteady(demo, shop, arrival.length + 1);
  const says = new Map(told.map((one, at) => [one.event.id, `${at + 1}. ${one.says}`]));
  printEvents(status.events, says);
  const [tenant, ...others] = simulator.world.customers();
  const limit = simulator.world.items(tenant?.id ?? '').find(({ name }) => name === 'workstations')?.quota?.value;
  const [tenants, mails] = [1 + others.length, simulator.world.mails().length];
  const disabled = simulator.journal.calls().filter(({ body }) => (body as { enabled?: boolean })?.enabled === false);
  log(`in the simulator: ${tenants} customer, ${limit} workstations, enabled: ${tenant?.enabled}; ${mails} mail`);
  return tenants === 1 && limit === 40 && tenant?.enabled === true && mails === 1 && disabled.length === 0;
}

async function untilSteady({ client }: Demo, { ref }: Shop, heard: number): Promise<CustomerStatus> {
  let last: CustomerStatus | undefined;
  await waitUntil(async () => {
    last = await customerStatus(client, { ref }, TASK_QUEUE).catch(() => undefined);
    return last?.state === 'steady' && last.events.length === heard;
  }, 'a customer that has read everything and is as sold');
  return last!;
}

function printEvents(heard: readonly CustomerEvent[], says: ReadonlyMap<string, string>): void {
  const rows = heard.map(({ id, outcome }) => [id, says.get(id) ?? 'name and e-mail', outcome]);
  stdout(`\nIn the order of their arrival:\n${table(['EVENT', 'SAYS', 'OUTCOME'], rows)}\n`);
}
