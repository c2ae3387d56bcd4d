import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { Stripe } from 'stripe';
import { sourceKinds, type SourceKindName } from '../../sources/index.js';
import { UnreadableDelivery, type Delivery, type VerifyContext } from '../../sources/kind.js';
import { delivery, recorded } from './deliveries.js';
import { vectors, type Vector } from './vectors.js';

const HOST = 'na.myconnectwise.net';

function verifyVector({ source, body, uri, headers = {}, now = 0, ...given }: Vector) {
  const bytes = body === undefined ? '' : 'file' in body ? recorded(body.file) : body.text;
  const one = { ...delivery(bytes, headers), ...(uri === undefined ? {} : { url: uri }) };
  const secret = given.secret ?? given.token ?? (given.user && `${given.user}:${given.password}`);
  return sourceKinds[source].verify(one, {
    secrets: secret === undefined ? [] : [secret],
    now: new Date(now * 1000),
    hosts: [HOST],
    fetchKey: async () => given.signingKey!,
  });
}

const signed = vectors.filter(({ valid }) => valid !== undefined);

test.each(signed.filter(({ valid }) => valid === true))('believed: $source, $name', async (vector) => {
  expect(await verifyVector(vector)).toBeUndefined();
});

test.each(signed.filter(({ valid }) => valid !== true))('refused: $source, $name', async (vector) => {
  expect(await verifyVector(vector)).toMatchObject({
    reason: expect.stringMatching(/^(missing|wrong|tooOld|tooNew)$/),
  });
});

describe('the key address of ConnectWise', () => {
  const list = vectors.find(({ refuse }) => refuse !== undefined)!;
  const asked = async (address: string, fetchKey: VerifyContext['fetchKey']) => {
    const callback = JSON.parse(recorded('connectwise/agreement.updated.json').toString()) as object;
    const body = Buffer.from(JSON.stringify({ ...callback, Metadata: { key_url: address } }));
    const headers = sourceKinds.connectwise.sign(body, { secret: 'key', now: new Date(), id: '', url: '' });
    const context = { secrets: [], now: new Date(), hosts: [HOST, `api-${HOST}`], fetchKey };
    return await sourceKinds.connectwise.verify(delivery(body, headers), context as VerifyContext);
  };

  test.each(list.refuse!)('%j is never asked', async (address) => {
    const fetched: URL[] = [];
    const doubt = await asked(address, async (url) => {
      fetched.push(url);
      return 'key';
    });
    expect(doubt).toMatchObject({ reason: 'wrong' });
    expect(fetched).toEqual([]);
  });

  test.each(list.accept!)('%s is asked', async (address) => {
    expect(await asked(address, async () => 'key')).toBeUndefined();
  });

  test('that cannot be read now is no reason to refuse the delivery for good', async () => {
    expect(await asked(list.accept![0]!, () => Promise.reject(new Error('timeout')))).toMatchObject({
      reason: 'unavailable',
    });
  });

  test('is not asked for what cannot be a signature', async () => {
    const unsigned = delivery(recorded('connectwise/agreement.updated.json'), { 'x-content-signature': 'x' });
    const fetchKey = () => Promise.reject(new Error('must not be called'));
    const doubt = await sourceKinds.connectwise.verify(unsigned, {
      secrets: [],
      now: new Date(),
      hosts: [HOST],
      fetchKey,
    });
    expect(doubt).toMatchObject({ reason: 'wrong' });
  });
});

const WHSEC = 'whsec_dGVuYW50cnktdGVzdC1zZWNyZXQtMDAwMDAwMDE=';
const secrets = {
  stripe: 'whsec_stripe',
  chargebee: 'user:pass:word',
  hubspot: 'client-secret',
  whmcs: WHSEC,
  'standard-webhooks': WHSEC,
  cloudevents: 'token',
  connectwise: 'published key',
} as const satisfies Record<SourceKindName, string>;
const kinds = Object.keys(secrets) as SourceKindName[];
const NOW = new Date('2026-04-01T00:00:00Z');
const BODY = recorded('connectwise/agreement.updated.json');

const signedBy = (kind: SourceKindName, secret: string): Delivery =>
  delivery(BODY, sourceKinds[kind].sign(BODY, { secret, now: NOW, id: 'msg-1', url: delivery('').url }));

function verify(kind: SourceKindName, one: Delivery, given: readonly string[] = [secrets[kind]], now = NOW) {
  return sourceKinds[kind].verify(one, { secrets: given, now, hosts: [HOST], fetchKey: async () => given.at(-1)! });
}

test.each(kinds)('%s: what we sign is believed, also while a secret is replaced', async (kind) => {
  const secret = secrets[kind];
  expect(await verify(kind, signedBy(kind, secret))).toBeUndefined();
  expect(await verify(kind, signedBy(kind, secret), [`${secret}new`, secret])).toBeUndefined();
});

test.each(kinds)('%s: another secret and a missing signature are refused', async (kind) => {
  expect(await verify(kind, signedBy(kind, `x${secrets[kind]}`))).toMatchObject({ reason: 'wrong' });
  expect(await verify(kind, delivery(BODY))).toMatchObject({ reason: 'missing' });
});

test.each(kinds)('%s: a refusal never says what was expected', async (kind) => {
  const doubt = await verify(kind, signedBy(kind, `x${secrets[kind]}`));
  const { 'content-type': _type, 'webhook-id': _id, ...signature } = signedBy(kind, secrets[kind]).headers;
  for (const value of [secrets[kind], ...Object.values(signature)]) expect(doubt!.message).not.toContain(value!);
});

// Chargebee signs nothing
test.each(kinds.filter((kind) => kind !== 'chargebee'))('%s: a body with one changed bit is refused', async (kind) => {
  const body = Buffer.from(BODY);
  body[body.indexOf('jdoe')]! ^= 1;
  expect(await verify(kind, { ...signedBy(kind, secrets[kind]), body })).toMatchObject({ reason: 'wrong' });
});

// the others sign no time
test.each(['stripe', 'hubspot', 'whmcs', 'standard-webhooks'] as const)(
  '%s: a signature that is more than five minutes old or ahead is refused',
  async (kind) => {
    const one = signedBy(kind, secrets[kind]);
    const at = async (seconds: number) =>
      await verify(kind, one, [secrets[kind]], new Date(NOW.getTime() + seconds * 1000));
    expect(await at(300)).toBeUndefined();
    expect(await at(301)).toMatchObject({ reason: 'tooOld' });
    expect(await at(-300)).toBeUndefined();
    expect(await at(-301)).toMatchObject({ reason: 'tooNew' });
  },
);

test.each(kinds)('%s: any body and any header get an answer', async (kind) => {
  const anything = fc.oneof(
    fc.uint8Array(),
    fc.json().map((text) => Buffer.from(text)),
  );
  const headers = fc.dictionary(fc.string(), fc.string());
  await fc.assert(
    fc.asyncProperty(anything, headers, async (body, given) => {
      const one = { ...signedBy(kind, secrets[kind]), body };
      await answered(() => verify(kind, { ...one, headers: { ...one.headers, ...given } }));
      await answered(() => sourceKinds[kind].normalise(one, { name: 'x', timezone: 'UTC', now: NOW }));
    }),
    { numRuns: 300 },
  );
});

/** An unreadable body is an answer; any other error is a bug. */
async function answered(call: () => unknown): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof UnreadableDelivery)) throw error;
  }
}

describe("what the senders' own libraries sign", () => {
  const body = recorded('stripe/customer.updated.json').toString();

  test('Stripe', () => {
    const secret = 'whsec_test';
    const header = Stripe.webhooks.generateTestHeaderString({ payload: body, secret });
    const one = delivery(body, { 'stripe-signature': header });
    expect(sourceKinds.stripe.verify(one, { secrets: [secret], now: new Date() })).toBeUndefined();
  });

  test('Standard Webhooks', () => {
    const secret = 'whsec_dGVuYW50cnktdGVzdC1zZWNyZXQtMDAwMDAwMDE=';
    const now = new Date();
    const signature = new Webhook(secret).sign('msg-1', now, body);
    const time = String(Math.floor(now.getTime() / 1000));
    const headers = { 'webhook-id': 'msg-1', 'webhook-timestamp': time, 'webhook-signature': signature };
    expect(
      sourceKinds['standard-webhooks'].verify(delivery(body, headers), { secrets: [secret], now }),
    ).toBeUndefined();
  });
});
