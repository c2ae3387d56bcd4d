import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { recorded } from '../sources/deliveries.js';
import { vectors, type Vector } from '../sources/vectors.js';
import { HOST, NOW, openDoor, PUBLIC_URL, sourceOf, type Door } from './doors.js';

const signed = vectors.filter(({ valid }) => valid !== undefined);

let now = new Date();
let key = '';
let publicUrl = PUBLIC_URL;
const asked: string[] = [];
let door: Door;
beforeAll(async () => {
  const fetchKey = async (url: URL) => {
    asked.push(url.href);
    return key;
  };
  door = await openDoor({ now: () => now, fetchKey, publicUrl: () => publicUrl });
});
afterAll(async () => await door.close());

async function send({ source, body, uri, headers = {}, ...given }: Vector) {
  now = given.now === undefined ? NOW : new Date(given.now * 1000);
  key = given.signingKey ?? '';
  const secret = given.secret ?? given.token ?? (given.user && `${given.user}:${given.password}`);
  door.sources.set(source, sourceOf(source, { secrets: secret === undefined ? [] : [secret], mode: 'test' }));
  const bytes = body === undefined ? Buffer.alloc(0) : 'file' in body ? recorded(body.file) : Buffer.from(body.text);
  const { origin, search } = new URL(uri ?? PUBLIC_URL);
  publicUrl = origin;
  return await door.post(`${source}${search}`, bytes, headers);
}

test('there are 45', () => {
  expect(vectors).toHaveLength(45);
});

test.each(signed)('$source, $name: $valid', async (vector) => {
  const { status, body } = await send(vector);
  if (vector.valid === true) expect([200, 202, 422]).toContain(status);
  else expect({ status, reason: body['reason'] }).toEqual({ status: 401, reason: expect.any(String) });
  // the official vector signs a body that is no event of ours
  if (status === 422) expect(vector.name).toBe('official sign vector');
});

const addresses = vectors.find(({ refuse }) => refuse !== undefined)!;
const signature = { 'x-content-signature': `${'A'.repeat(43)}=` };
const pointingTo = (address: string) => {
  const callback = JSON.parse(recorded('connectwise/agreement.updated.json').toString()) as object;
  return Buffer.from(JSON.stringify({ ...callback, Metadata: { key_url: address } }));
};

test.each(addresses.refuse!)('the key address %j is 401 and never asked', async (address) => {
  asked.length = 0;
  expect((await door.post('connectwise', pointingTo(address), signature)).status).toBe(401);
  expect(asked).toEqual([]);
});

test.each(addresses.accept!)('the key address %s is asked', async (address) => {
  asked.length = 0;
  door.sources.set('connectwise', sourceOf('connectwise', { host: [HOST, `api-${HOST}`] }));
  await door.post('connectwise', pointingTo(address), signature);
  expect(asked).toEqual([address]);
});
