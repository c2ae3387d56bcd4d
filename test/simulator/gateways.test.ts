import { describe, expect, test } from '@jest/globals';
import { useCaller } from './caller.js';

const caller = useCaller();

describe('what comes of a gateway, and of a bad line', () => {
  const status = async () => await caller.call('GET', `/tenants/${caller.simulator.rootTenantId}`);

  test('proxy: a page of its own, before the call or after its effect', async () => {
    caller.simulator.faults.next('POST /tenants', { proxy: 425 });
    caller.simulator.faults.next('POST /tenants', { proxy: 503, empty: true, commit: true });
    const fields = { name: 'Acme', kind: 'customer', parent_id: caller.simulator.rootTenantId };

    const [early, late] = [
      await caller.call('POST', '/tenants', fields),
      await caller.call('POST', '/tenants', fields),
    ];

    expect([early.status, early.text.slice(0, 6)]).toEqual([425, '<html>']);
    expect([late.status, late.text]).toEqual([503, '']);
    expect(caller.simulator.world.customers()).toHaveLength(1);
  });

  test('cut: half of the answer', async () => {
    const whole = await status();
    caller.simulator.faults.next('GET /tenants/{id}', 'cut');

    expect(whole.text.startsWith((await status()).text)).toBe(true);
    expect(whole.text.length).toBeGreaterThan((await status()).text.length / 2);
  });

  test('drip: all of it, in pieces', async () => {
    caller.simulator.faults.next('GET /tenants/{id}', { drip: 100 });

    expect((await status()).body).toMatchObject({ kind: 'partner' });
  });
});
