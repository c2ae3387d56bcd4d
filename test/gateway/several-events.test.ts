import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { TenantryError } from '../../contract/errors.js';
import { recorded } from '../sources/deliveries.js';
import { bodyOf, json, openDoor, type Door } from './doors.js';

let door: Door;
beforeAll(async () => (door = await openDoor()));
beforeEach(() => void (door.taken.length = 0));
afterAll(async () => await door.close());

const batch = (...data: object[]) => {
  const one = JSON.parse(bodyOf.cloudevents.toString()) as { data: object };
  return json(data.map((more, at) => ({ ...one, id: `e${at}`, data: { ...one.data, ...more } })));
};
const two = batch({ customer: { ref: 'A' } }, { customer: { ref: 'B' } }, { customer: { ref: 'A' } });

test('several events are answered 202 when all are taken; the facts of one customer go together and in order', async () => {
  const reply = await door.send('cloudevents', two);
  expect(reply.status).toBe(202);
  expect((reply.body['delivered'] as { customer: string }[]).map(({ customer }) => customer)).toEqual(['A', 'B', 'A']);
  expect(door.taken.map(({ ref, facts }) => [ref, facts.map(({ event }) => event.id.split(' ').at(-1))])).toEqual([
    ['A', ['e0', 'e2']],
    ['B', ['e1']],
  ]);
});

test('several events are to be sent again when one of them is not taken', async () => {
  let number = 0;
  const half = await openDoor({
    deliver: async () => {
      number += 1;
      if (number === 2) throw new TenantryError('unavailable', 'away');
    },
  });
  const reply = await half.send('cloudevents', two);
  await half.close();
  expect(reply.status).toBe(503);
});

test('several events are 422 when one lacks something: the answer names it, and what was taken', async () => {
  const reply = await door.send('cloudevents', batch({}, { customer: undefined }));
  expect(reply).toMatchObject({ status: 422, body: { errors: [{ path: 'data.customer' }], delivered: [{}] } });
  expect(door.taken).toHaveLength(1);
});

test('the events of HubSpot have one answer', async () => {
  const reply = await door.send('hubspot', recorded('hubspot/batch.mixed.json'));
  expect(reply).toMatchObject({ status: 200, body: { ignored: expect.stringContaining('deal') } });
});

test('a delivery may hold a hundred events', async () => {
  expect((await door.send('cloudevents', batch(...Array.from({ length: 101 }, () => ({}))))).status).toBe(413);
  expect((await door.send('cloudevents', batch(...Array.from({ length: 100 }, () => ({}))))).status).toBe(202);
});

test('a delivery may be empty', async () => {
  expect(await door.send('cloudevents', json([]))).toMatchObject({ status: 200 });
});
