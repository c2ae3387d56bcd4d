import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { TenantryError } from '../../contract/errors.js';
import { sourceKinds } from '../../sources/index.js';
import { changed } from '../sources/deliveries.js';
import { bodyOf, json, kinds, NOW, openDoor, signed, sourceOf, withState, type Door } from './doors.js';

let door: Door;
let away: Error | undefined;
beforeAll(async () => {
  const taken: Door['taken'] = [];
  const changed: Door['changed'] = [];
  door = await openDoor({
    deliver: async (one) => {
      if (away !== undefined) throw away;
      if ('facts' in one) taken.push(one);
      else changed.push(one);
    },
  });
  Object.assign(door, { taken, changed });
});
beforeEach(() => {
  away = undefined;
  door.taken.length = 0;
  door.changed.length = 0;
});
afterAll(async () => await door.close());

const MODULE_CREATE = 'whmcs/AfterModuleCreate.json';

describe.each(kinds)('%s', (kind) => {
  const { retryStatus, repeatsRefused } = sourceKinds[kind];
  const body = bodyOf[kind];
  const own = kind === 'cloudevents' ? 'application/cloudevents+json' : 'application/json';

  test('no signature is 401, and nothing is taken', async () => {
    const reply = await door.post(kind, body, { 'content-type': own });
    expect(reply).toMatchObject({ status: 401, body: { reason: 'missing' } });
    expect(reply.type).toMatch(/^application\/problem\+json/);
    expect(door.taken).toEqual([]);
  });

  test('a signature of another secret is 401', async () => {
    const headers = signed(kind, body, `x${kind === 'chargebee' ? 'y:z' : 'eA=='}`);
    expect(await door.post(kind, body, headers)).toMatchObject({ status: 401, body: { reason: 'wrong' } });
    expect(door.taken).toEqual([]);
  });

  test('a signed body that is no JSON is 400', async () => {
    const cut = body.subarray(0, -2);
    const headers = signed(kind, kind === 'cloudevents' ? body : cut);
    const given =
      kind === 'cloudevents' ? { ...headers, 'x-signature-256': '', authorization: 'Bearer token' } : headers;
    expect(await door.post(kind, cut, given)).toMatchObject({ status: 400, body: { title: 'Unreadable' } });
  });

  test(`a signed object that is no event is ${repeatsRefused ? 'ignored, with a line in the log' : '422'}`, async () => {
    const other = Buffer.from('{"hello": "world"}');
    const given =
      kind === 'cloudevents'
        ? { ...signed(kind, body), 'x-signature-256': '', authorization: 'Bearer token' }
        : signed(kind, other);
    const reply = await door.post(kind, other, given);
    if (kind === 'connectwise') expect(reply.status).toBe(400);
    else
      expect(reply).toMatchObject(
        repeatsRefused ? { status: 200, body: { ignored: expect.any(String) } } : { status: 422 },
      );
    expect(door.taken).toEqual([]);
  });

  test('another content type is 415, and so is a compressed body', async () => {
    const headers = signed(kind, body);
    expect((await door.post(kind, body, { ...headers, 'content-type': 'text/plain' })).status).toBe(415);
    expect((await door.post(kind, body, { ...headers, 'content-type': 'nonsense' })).status).toBe(415);
    expect((await door.post(kind, body, { ...headers, 'content-encoding': 'gzip' })).status).toBe(415);
    expect(door.taken).toEqual([]);
  });

  test('a body of more than 1 MiB is 413, whether its length is announced or not', async () => {
    const large = Buffer.alloc(1024 * 1024 + 1, ' ');
    const headers = { 'content-type': own, authorization: 'Bearer token', 'x-content-signature': 'A'.repeat(43) };
    expect((await door.post(kind, large, headers)).status).toBe(413);
    const stream = new Blob([large]).stream();
    expect((await door.post(kind, stream, headers)).status).toBe(413);
  });

  test('a problem names its request, and no answer is stored', async () => {
    const reply = await door.post(kind, body);
    expect(reply.body).toMatchObject({ type: expect.any(String), title: expect.any(String), status: 401 });
    expect(reply.body['requestId']).toMatch(/^[\da-f-]{36}$/);
    expect(reply.headers.get('cache-control')).toBe('no-store');
  });

  if (withState.some((one) => one === kind)) {
    test('what is verified is 202, and Temporal has its facts', async () => {
      const reply = await door.send(kind);
      const [{ ref, facts }] = door.taken as [Door['taken'][0]];
      expect(reply).toMatchObject({ status: 202, body: { delivered: [{ event: facts[0]!.event.id, customer: ref }] } });
      expect(facts).toEqual([expect.objectContaining({ source: kind })]);
    });

    test(`while Temporal is away the answer is ${retryStatus}, with the time to wait`, async () => {
      away = new TenantryError('unavailable', 'Temporal could not take the facts');
      const reply = await door.send(kind);
      expect(reply.status).toBe(retryStatus);
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
    });

    test('a source of the other mode ignores it', async () => {
      door.sources.set(kind, sourceOf(kind, { mode: 'test' }));
      const reply = await door.send(kind);
      door.sources.set(kind, sourceOf(kind));
      expect(reply).toMatchObject({ status: 200, body: { ignored: expect.stringContaining('live event') } });
      expect(door.taken).toEqual([]);
    });

    test(`what lacks a field is ${repeatsRefused ? 'ignored with a line in the log' : '422'}`, async () => {
      const reply = await door.send(kind, lacking[kind]);
      const [field] = lackingField[kind]!;
      if (repeatsRefused) {
        expect(reply).toMatchObject({ status: 200, body: { ignored: expect.stringContaining(field!) } });
        expect(door.lines.filter(({ level }) => level === 40).at(-1)!['msg']).toContain(field!);
      } else {
        expect(reply).toMatchObject({ status: 422, body: { errors: [{ path: field, message: 'is missing' }] } });
      }
      expect(door.taken).toEqual([]);
    });
  } else {
    test('what only says that something has changed is 202 without a customer, and Temporal has the change', async () => {
      door.sources.set(kind, sourceOf(kind, { apiKey: 'file:key' }));
      const reply = await door.send(kind);
      door.sources.set(kind, sourceOf(kind));
      const [{ source, id, changes }] = door.changed as [Door['changed'][0]];
      expect(reply).toMatchObject({ status: 202, body: { delivered: [{ event: changes[0]!.event.id }] } });
      expect(JSON.stringify(reply.body)).not.toContain('customer"');
      expect([source, id]).toEqual([kind, changes[0]!.object.id]);
      expect(door.taken).toEqual([]);
    });

    test('without a key for the API it is ignored, and a line in the log names the remedy', async () => {
      const reply = await door.send(kind);
      expect(reply).toMatchObject({ status: 200, body: { ignored: expect.stringContaining('without apiKey') } });
      expect(door.lines.some(({ level, source }) => level === 40 && source === kind)).toBe(true);
      expect([...door.taken, ...door.changed]).toEqual([]);
    });

    test(`while Temporal is away a change is ${retryStatus} too`, async () => {
      door.sources.set(kind, sourceOf(kind, { apiKey: 'file:key' }));
      away = new TenantryError('unavailable', 'Temporal could not take the event');
      const reply = await door.send(kind);
      door.sources.set(kind, sourceOf(kind));
      expect(reply.status).toBe(retryStatus);
    });
  }
});

const lackingField: Readonly<Record<string, string[]>> = {
  stripe: ['data.object.customer'],
  chargebee: ['content.subscription.status'],
  whmcs: ['data.service.pid'],
  'standard-webhooks': ['data.customer'],
  cloudevents: ['data.customer'],
};
const lacking: Readonly<Record<string, Buffer>> = {
  stripe: without('stripe', ['data', 'object'], 'customer'),
  chargebee: without('chargebee', ['content', 'subscription'], 'status'),
  whmcs: without('whmcs', ['data', 'service'], 'pid'),
  'standard-webhooks': without('standard-webhooks', ['data'], 'customer'),
  cloudevents: without('cloudevents', ['data'], 'customer'),
};

function without(kind: keyof typeof bodyOf, path: readonly string[], field: string): Buffer {
  const body = JSON.parse(bodyOf[kind].toString()) as Record<string, unknown>;
  const at = path.reduce((object, name) => object[name] as typeof body, body);
  delete at[field];
  return json(body);
}

test('a source that does not exist is 404, and so is any other place', async () => {
  expect((await door.post('nobody', bodyOf.stripe)).status).toBe(404);
  expect((await door.post('__proto__', bodyOf.stripe)).status).toBe(404);
  expect((await fetch(`${door.url}/nothing`)).status).toBe(404);
  const inBrowser = await fetch(`${door.url}/nothing`, { headers: { accept: 'text/html,*/*;q=0.8' } });
  expect({ status: inBrowser.status, type: inBrowser.headers.get('content-type') }).toMatchObject({
    status: 404,
    type: expect.stringContaining('text/html'),
  });
  expect(await inBrowser.text()).toContain('There is no page at this address.');
});

test('an event is only ever posted', async () => {
  const reply = await fetch(`${door.url}/v1/events/stripe`);
  expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'POST']);
});

test('a type of which nothing is known is ignored', async () => {
  const body = json({ id: 'evt_1', object: 'event', type: 'coupon.created', livemode: true });
  expect(await door.send('stripe', body)).toMatchObject({ status: 200, body: { ignored: expect.any(String) } });
});

test('a time that lies more than five minutes ahead is 422', async () => {
  const timestamp = new Date(NOW.getTime() + 301_000).toISOString();
  const body = json({ type: 'customer.changed', timestamp, data: { live: true, customer: { ref: 'C-1' } } });
  expect(await door.send('standard-webhooks', body)).toMatchObject({
    status: 422,
    body: { errors: [{ path: 'timestamp' }] },
  });
});

test('what no customer would take is 422, and names the field', async () => {
  const reply = await door.send(
    'whmcs',
    json(changed(MODULE_CREATE, ['data', 'client'], { companyname: 'x'.repeat(501) })),
  );
  expect(reply).toMatchObject({ status: 422, body: { errors: [{ path: 'customer.name' }] } });
  expect(door.taken).toEqual([]);
});

test('a key that ConnectWise does not give is 429, never 401', async () => {
  const closed = await openDoor({ fetchKey: () => Promise.reject(new Error('no answer')) });
  const reply = await closed.send('connectwise');
  await closed.close();
  expect([reply.status, reply.headers.get('retry-after')]).toEqual([429, '5']);
});

test('facts that Temporal refuses for good are not to be sent again', async () => {
  away = new TenantryError('refused', 'Temporal refuses to take the facts: too large.');
  expect((await door.send('standard-webhooks')).status).toBe(422);
  expect((await door.send('stripe')).status).toBe(200);
  expect(door.lines.filter(({ level, source }) => level === 40 && source === 'stripe')).toContainEqual(
    expect.objectContaining({ msg: 'Temporal refuses to take the facts: too large.' }),
  );
});

test.each(kinds)('%s is answered so that it sends again after a failure that nobody has foreseen', async (kind) => {
  const failing = await openDoor({ deliver: () => Promise.reject(new TypeError('a bug')) });
  failing.sources.set(kind, sourceOf(kind, { apiKey: 'file:key' }));
  const { status, headers } = await failing.send(kind);
  await failing.close();
  expect([status, headers.get('retry-after')]).toEqual([sourceKinds[kind].retryStatus, '5']);
  expect(failing.lines).toContainEqual(
    expect.objectContaining({ level: 50, source: kind, errorType: 'TypeError', msg: 'a delivery failed' }),
  );
});
