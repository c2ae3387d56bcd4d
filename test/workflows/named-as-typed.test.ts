import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { waitUntil } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment();
/** Temporal's search may be as late. */
const APART_MS = 1100;

const ways = {
  'its id in capitals': ({ id }: { id: string }) => ({ id: id.toUpperCase() }),
  'its customer id between spaces': ({ own }: { own: string }) => ({ customerId: ` ${own}-1 ` }),
  'its name between spaces': ({ own }: { own: string }) => ({ name: ` ${own} ` }),
};

test.each(Object.entries(ways))(
  'an order that names its tenant by %s has its turn before a later one',
  async (own, by) => {
    const id = env.simulator.world.addTenant({ name: own, customer_id: `${own}-1` });
    const tenant = by({ id, own });
    const look = 'id' in tenant ? 'GET /tenants/{id}' : 'GET /tenants';
    env.simulator.faults.next(look, { delay: 3000 });
    env.calls();
    const disabling = await env.begin('disableTenant', { tenant });
    await waitUntil(async () => env.calls().includes(look));
    await sleep(APART_MS);
    const enabling = await env.begin('enableTenant', { tenant: look === 'GET /tenants' ? { id } : { name: own } });

    expect(await statusAtEnd(disabling)).toMatchObject({ state: 'completed', changed: true });
    expect(await statusAtEnd(enabling)).toMatchObject({ state: 'completed', changed: true });
    expect(env.simulator.world.tenant(id)).toMatchObject({ enabled: true });
  },
);
