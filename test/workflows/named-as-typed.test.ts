import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { expectSoon } from '../support/desk.js';
import { statusAtEnd } from '../support/house.js';
import { useHouse } from '../support/use-house.js';

const house = useHouse();
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
    const id = house.simulator.world.addTenant({ name: own, customer_id: `${own}-1` });
    const tenant = by({ id, own });
    const look = 'id' in tenant ? 'GET /tenants/{id}' : 'GET /tenants';
    house.simulator.faults.next(look, { delay: 3000 });
    house.calls();
    const disabling = await house.begin('disableTenant', { tenant });
    await expectSoon(async () => house.calls().includes(look));
    await sleep(APART_MS);
    const enabling = await house.begin('enableTenant', { tenant: look === 'GET /tenants' ? { id } : { name: own } });

    expect(await statusAtEnd(disabling)).toMatchObject({ state: 'completed', changed: true });
    expect(await statusAtEnd(enabling)).toMatchObject({ state: 'completed', changed: true });
    expect(house.simulator.world.tenant(id)).toMatchObject({ enabled: true });
  },
);
