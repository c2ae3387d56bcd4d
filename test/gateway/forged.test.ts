import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { SourceKindName } from '../../sources/index.js';
import { bodyOf, kinds, NOW, openDoor, secretOf, signed, type Door } from './doors.js';

const REQUESTS = Number(process.env['REQUESTS'] ?? 3500);
const EACH = Math.ceil(REQUESTS / kinds.length);
const AT_ONCE = 20;
const SEED = 20_261_129;

let door: Door;
beforeAll(async () => (door = await openDoor()));
afterAll(async () => await door.close());

interface Attempt {
  body: Buffer;
  headers: Record<string, string>;
}

const headerValue = fc.string({ maxLength: 80 }).map((text) => text.replaceAll(/[^\x20-\x7e]/g, '').trim());
const other = (secret: string) => (secret.includes(':') ? 'user:another' : secret.replace(/.{4}$/, 'AAAA'));

/** Bodies and signatures of somebody who does not know the secret. */
function attempts(kind: SourceKindName): fc.Arbitrary<Attempt> {
  const good = bodyOf[kind];
  const bytes = fc.uint8Array({ maxLength: 2000 }).map((one) => Buffer.from(one));
  const values = fc.json({ maxDepth: 4 }).map((text) => Buffer.from(text));
  const flipped = fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, mask]) => {
    const body = Buffer.from(good);
    body[at]! ^= mask;
    return body;
  });
  const cut = fc.nat(good.length - 1).map((length) => good.subarray(0, length));
  const large = fc.integer({ min: 1, max: 2000 }).map((more) => Buffer.alloc(1024 * 1024 + more, ' '));
  const body = fc.oneof({ weight: 20, arbitrary: fc.oneof(bytes, values, flipped, cut, fc.constant(good)) }, large);
  const replayed = new Date(NOW.getTime() - 400_000);
  const ahead = new Date(NOW.getTime() + 400_000);
  return body.chain((one) => {
    const unsigned = fc.constant<Record<string, string>>({ 'content-type': 'application/json' });
    const forged = fc.constant(signatureOf(kind, one, other(secretOf[kind])));
    const random = fc.dictionary(fc.constantFrom(...Object.keys(signed(kind, good))), headerValue);
    // Chargebee, ConnectWise and CloudEvents sign no time, and Chargebee not even the body
    const old = fc.constantFrom(replayed, ahead).map((time) => signatureOf(kind, good, secretOf[kind], time));
    const timed = ['stripe', 'hubspot', 'whmcs', 'standard-webhooks'].includes(kind);
    return fc.oneof(unsigned, forged, random, ...(timed ? [old] : [])).map((headers) => ({ body: one, headers }));
  });
}

function signatureOf(kind: SourceKindName, body: Buffer, secret: string, now = NOW): Record<string, string> {
  // CloudEvents are signed by what they are, which needs JSON
  return signed(kind, kind === 'cloudevents' ? bodyOf[kind] : body, secret, now);
}

test.each(kinds)(
  '%s: whatever arrives without a valid signature is refused by a 4xx, and Temporal gets nothing',
  async (kind) => {
    const statuses = new Map<number, number>();
    const all = fc.sample(attempts(kind), { numRuns: EACH, seed: SEED });
    const send = async ({ body, headers }: Attempt) => {
      const { status } = await door.post(kind, body, headers);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    };
    const lanes = Array.from({ length: AT_ONCE }, async (_lane, first) => {
      for (let at = first; at < all.length; at += AT_ONCE) await send(all[at]!);
    });
    await Promise.all(lanes);
    expect([...statuses.keys()].filter((status) => status < 400 || status >= 500)).toEqual([]);
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([401, 413]));
    expect(door.taken).toEqual([]);
  },
);

test.each(kinds)('%s: whatever a sender signs is answered without a 5xx', async (kind) => {
  const event = JSON.parse(bodyOf[kind].toString()) as unknown;
  const strange = fc.oneof(
    fc.constantFrom(
      null,
      -1,
      9_007_199_254_740_991,
      1e300,
      '',
      '\ud800',
      [],
      {},
      'x'.repeat(3000),
      '2026-13-45T00:00:00Z',
    ),
    fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown>,
  );
  const mutated = fc
    .tuple(fc.constantFrom(...pathsOf(event)), strange)
    .map(([path, value]) => Buffer.from(JSON.stringify(replaced(event, path, value))));
  for (const body of fc.sample(mutated, { numRuns: 300, seed: SEED })) {
    const { status } = await door.post(kind, body, signed(kind, body));
    expect([200, 202, 400, 401, 422]).toContain(status);
  }
});

type Path = readonly string[];

/** The path of every value in a JSON value. */
function pathsOf(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  const below = Object.entries(value).flatMap(([name, one]) => pathsOf(one, [...at, name]));
  return at.length === 0 ? below : [at, ...below];
}

function replaced(value: unknown, [name, ...rest]: Path, by: unknown): unknown {
  if (name === undefined) return by;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>;
  copy[name] = replaced(copy[name], rest, by);
  return copy;
}
