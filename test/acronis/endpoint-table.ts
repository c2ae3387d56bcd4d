import { expect, test } from '@jest/globals';
import type { Acronis, PendingCall } from '../../acronis/index.js';
import { aRefusal, startStandIn, type Answer } from './stand-in.js';

/** One call: how it goes over the wire, how it is made, what the cloud answers, and the body that was sent. */
export type Row = [wire: string, call: (acronis: Acronis) => Promise<unknown>, answer: Answer, body: unknown];

/** The answer to a listing. */
export const items = (...all: unknown[]): Answer => [200, { timestamp: 'x', items: all }];

/** Everything that a listing gives. */
export async function all<Item>(listing: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of listing) found.push(item);
  return found;
}

/** A client that lists the methods that are called, such as `tenants.get`. */
function listingMethods(acronis: Acronis, called: string[]): Acronis {
  const callable = (name: string, method: unknown) =>
    typeof method !== 'function'
      ? method
      : (...args: unknown[]) => {
          called.push(name);
          return method(...args) as unknown;
        };
  const methods = (noun: string) =>
    Object.entries(acronis[noun as keyof Acronis]).map(([name, method]) => [name, callable(`${noun}.${name}`, method)]);
  return Object.fromEntries(Object.keys(acronis).map((noun) => [noun, Object.fromEntries(methods(noun))])) as Acronis;
}

/** Each of the calls goes out as the vendor documents it, and its answer can be read. */
export function sendsAsDocumented(rows: readonly Row[]): void {
  test.each(rows)('sends %s as documented', async (wire, call, answer, body) => {
    const cloud = await startStandIn(() => answer);
    try {
      await call(cloud.acronis);

      const [seen] = cloud.calls;
      expect(`${seen?.method} ${decodeURIComponent(seen?.url ?? '')}`).toBe(wire);
      expect(seen?.body === '' ? '' : JSON.parse(seen?.body ?? '')).toEqual(body);
    } finally {
      await cloud.close();
    }
  });

  test.each(rows)('asks before it sends %s, and sends no change that it may not', async (wire, call, answer) => {
    const cloud = await startStandIn(() => answer);
    const beforeCall = ({ changes }: PendingCall) => {
      if (changes) throw new Error('held back');
    };
    try {
      const ended = await call(cloud.acronis.forAttempt({ beforeCall })).catch((error: unknown) => error);

      const reads = wire.startsWith('GET ');
      expect(cloud.calls.length > 0).toBe(reads);
      if (!reads) expect(ended).toEqual(new Error('held back'));
    } finally {
      await cloud.close();
    }
  });

  test.each(rows)('names the method in the error when %s is refused', async (_wire, call) => {
    const cloud = await startStandIn(() => [403, aRefusal(403, 'not allowed')]);
    const called: string[] = [];
    try {
      const error = await call(listingMethods(cloud.acronis, called)).catch((reason: unknown) => reason);

      expect(error).toMatchObject({ kind: 'forbidden', operation: called[0] });
    } finally {
      await cloud.close();
    }
  });
}
