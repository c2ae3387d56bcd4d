import { randomBytes } from 'node:crypto';
import { Client } from '@temporalio/client';
import type { Onboarding } from '../../../contract/onboarding.js';
import { clientOptions, parseKeys } from '../../../vault/index.js';
import { onboarding } from '../../onboardings.js';
import { onboardingText } from '../onboarding.js';
import { stdout } from '../output.js';
import { log, TASK_QUEUE, waitUntil, type Demo, type Scenario } from './scenario.js';
import { Shop } from './shop.js';
import { withGateway } from './with-gateway.js';

const MAKES_TENANT = 'POST /tenants';
const APPLIES_PLAN = 'POST /api/policy_management/v4/applications';

/** What is sold becomes a customer whose machine has a good backup. */
export const protectedSale: Scenario = {
  summary:
    'a signed Stripe event becomes a protected customer: token, machine, plan, first good backup; with lost answers and a killed worker',
  async run(demo) {
    const keys = `demo:${randomBytes(32).toString('base64')}`;
    const shop = new Shop({ protect: { template: 'workstations' } });
    const settings = { ...shop.settings, ...shop.secretStore, TENANTRY_CODEC_KEYS: keys };
    const { connection } = demo.client;
    const client = new Client({ connection, ...clientOptions(parseKeys(keys)) });
    const sender = { settings, secrets: shop.secrets, close: () => shop.close() };
    return await withGateway(demo, sender, async (url) => await sell({ ...demo, client }, { shop, settings, url }));
  },
};

interface Sale {
  shop: Shop;
  settings: Record<string, string>;
  url: string;
}

async function sell(demo: Demo, { shop, settings, url }: Sale): Promise<boolean> {
  const { world, faults } = demo.simulator;
  faults.next(MAKES_TENANT, 'commit-then-drop');
  faults.next(APPLIES_PLAN, 'commit-then-drop');
  log(`arranged: the answers to ${MAKES_TENANT} and to ${APPLIES_PLAN} are lost`);
  const first = await demo.startWorker(settings);
  await shop.send(url, shop.customer());
  await shop.send(url, shop.subscription('customer.subscription.created', 'active', 1));
  await untilMissing(demo, shop, /a machine with the agent/);

  first.kill();
  const { token } = world.registrationTokens().at(-1)!;
  const { agentId, resourceId } = world.registerMachine({ token, hostname: 'ws-1.customer.example' });
  log(`killed the worker (SIGKILL); meanwhile a machine registers with the token`);
  await demo.startWorker(settings);
  await untilMissing(demo, shop, /a first good backup/);
  world.backUp(resourceId, 'error');
  log('the first backup fails');
  await untilMissing(demo, shop, /the last one of 1 machine failed/);
  world.backUp(resourceId, 'ok');
  log('the next one succeeds');
  const end = await untilMissing(demo, shop, /^$/);

  stdout(`\n$ tenantry onboarding ${shop.ref}\n${onboardingText(end)}`);
  const [customers, mails] = [world.customers().length, world.mails().length];
  const plans = new Set(world.applications(resourceId).map(({ planId }) => planId)).size;
  log(`in the simulator: ${customers} customer, ${mails} mail, ${plans} plan on machine ${agentId.slice(0, 8)}`);
  return end.milestones.protected !== null && customers === 1 && mails === 1 && plans === 1;
}

/** Waits until something else is missing on the way to protected; the empty text means nothing. */
async function untilMissing({ client }: Demo, { ref }: Shop, what: RegExp): Promise<Onboarding> {
  let last: Onboarding | undefined;
  await waitUntil(async () => {
    last = await onboarding(client, { ref }, TASK_QUEUE).catch(() => undefined);
    return last !== undefined && last.milestones.provisioned !== null && what.test(last.missing ?? '');
  }, String(what));
  log(
    last?.missing === undefined
      ? 'the customer is protected'
      : `missing: ${last.missing} (${last.whoMustAct} must act)`,
  );
  return last!;
}
