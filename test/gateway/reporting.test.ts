import { expect, test } from '@jest/globals';
import { changed } from '../sources/deliveries.js';
import { bodyOf, houseBody, json, openDoor, subscription } from './doors.js';

test('the line of a delivery names source, event, type, outcome and time, and holds nothing of the body', async () => {
  const door = await openDoor();
  const body = houseBody({ customer: { ref: 'C-77', name: 'Secret Customer' }, subscription });
  await door.send('standard-webhooks', body);
  await door.close();
  const line = door.lines.at(-1)!;
  expect(line).toMatchObject({
    source: 'standard-webhooks',
    event: 'msg-1',
    type: 'subscription.changed',
    outcome: 'delivered',
    status: 202,
    duration: expect.any(Number),
  });
  expect(JSON.stringify(door.lines)).not.toMatch(/C-77|Secret Customer/);
});

test('events of the other mode are reported once an hour', async () => {
  const quiet = await openDoor();
  const body = json(changed('standard-webhooks/subscription.active.json', ['data'], { live: false }));
  for (let times = 0; times < 3; times += 1) await quiet.send('standard-webhooks', body);
  await quiet.close();
  expect(quiet.lines.filter(({ level }) => level === 40)).toHaveLength(1);
});

test('the metrics count by source and outcome, and a source that does not exist adds no name', async () => {
  const fresh = await openDoor();
  await fresh.send('stripe');
  await fresh.post('stripe', bodyOf.stripe);
  await fresh.post('attacker-chosen', bodyOf.stripe);
  const text = await (await fetch(`${fresh.url}/metrics`)).text();
  await fresh.close();
  expect(text).toContain('tenantry_gateway_deliveries_total{source="stripe",outcome="delivered"} 1');
  expect(text).toContain('tenantry_gateway_deliveries_total{source="stripe",outcome="missing"} 1');
  expect(text).toContain('tenantry_gateway_deliveries_total{source="-",outcome="unknownSource"} 1');
  expect(text).not.toContain('attacker-chosen');
});

test('/healthz and /readyz say how it is', async () => {
  let stopping = false;
  let temporal = Promise.resolve();
  const one = await openDoor({ isStopping: () => stopping, reachTemporal: () => temporal });
  const ask = async (path: string) => {
    const reply = await fetch(one.url + path);
    return [reply.status, await reply.json()];
  };
  expect(await ask('/healthz')).toEqual([200, { state: 'RUNNING' }]);
  expect(await ask('/readyz')).toEqual([200, { ready: true, state: 'RUNNING' }]);
  temporal = Promise.reject(new Error('away'));
  expect(await ask('/readyz')).toMatchObject([503, { ready: false, reason: 'Temporal does not answer' }]);
  stopping = true;
  expect(await ask('/healthz')).toEqual([200, { state: 'DRAINING' }]);
  expect(await ask('/readyz')).toMatchObject([503, { ready: false }]);
  await one.close();
});
