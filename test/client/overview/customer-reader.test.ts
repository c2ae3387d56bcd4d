import { describe, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { CustomerReader } from '../../../client/overview/customer-reader.js';
import { known } from './known.js';

/** A Temporal with so many customers. Those that `answers` does not fit say nothing, and no worker polls. */
function temporal(count: number, answers: (ref: string) => boolean = () => true) {
  const asked: string[] = [];
  const states = new Map<string, string>();
  const away = () => Promise.reject(Object.assign(new Error('away'), { code: 14, details: 'away', metadata: {} }));
  const describeAndQuery = (id: string) => ({
    describe: async () => ({}),
    query: async () => {
      const ref = id.slice('customer:'.length);
      asked.push(ref);
      return answers(ref) ? { ...known({ ref }).status, runs: [] } : await away();
    },
  });
  const client = {
    options: { namespace: 'default', loadedDataConverter: { payloadCodecs: [] } },
    withDeadline: async (_at: number, act: () => Promise<unknown>) => await act(),
    connection: { workflowService: new Proxy({}, { get: () => away }) },
    workflow: {
      getHandle: describeAndQuery,
      async *list() {
        for (let nth = 0; nth < count; nth += 1) {
          const workflowId = `customer:C-${nth}`;
          const typedSearchAttributes = {
            get: ({ name }: { name: string }) => (name === 'TenantryState' ? states.get(workflowId) : undefined),
          };
          yield await Promise.resolve({ workflowId, typedSearchAttributes, startTime: new Date(0) });
        }
      },
    },
  };
  return { client: client as unknown as Client, asked, states };
}

const HOUR_MS = 3_600_000;
const refs = (found: { known: { status: { ref: string } }[] }) => found.known.map(({ status }) => status.ref);

describe('the reader of customers', () => {
  test('asks everybody once, and each answer counts for a while', async () => {
    const { client, asked } = temporal(50);
    const reader = new CustomerReader(client, 'q', { keepMs: HOUR_MS });

    const [first, second] = await Promise.all([reader.read(), reader.read()]);
    const third = await reader.read();

    expect(refs(first)).toHaveLength(50);
    expect(first).toMatchObject({ missing: [], isCut: false });
    expect([refs(second), refs(third)]).toEqual([refs(first), refs(first)]);
    expect(asked).toHaveLength(50);
  });

  test('asks again who is in another state than before', async () => {
    const { client, asked, states } = temporal(3);
    const reader = new CustomerReader(client, 'q', { keepMs: HOUR_MS });
    await reader.read();

    states.set('customer:C-1', 'suspended');
    await reader.read();

    expect(asked.slice(3)).toEqual(['C-1']);
  });

  test('asks again whom somebody has just changed', async () => {
    const { client, asked } = temporal(3);
    const reader = new CustomerReader(client, 'q', { keepMs: HOUR_MS });
    await reader.read();

    reader.renew('customer:C-1');
    reader.renew('customer:nobody');
    await reader.read();

    expect(asked.slice(3)).toEqual(['C-1']);
  });

  test('that has no more time says how many are not known, and goes on with them', async () => {
    const { client, asked } = temporal(50);
    const reader = new CustomerReader(client, 'q', { withinMs: 0, keepMs: HOUR_MS });

    const found = [await reader.read(), await reader.read(), await reader.read()];

    expect(found.map((one) => one.known.length)).toEqual([20, 40, 50]);
    expect(found.map(({ missing }) => missing)).toEqual([
      [expect.stringMatching(/^30 of 50 customers are not known: there was no time/)],
      [expect.stringMatching(/^10 of 50 customers are not known/)],
      [],
    ]);
    expect(new Set(asked).size).toBe(50);
  });

  test('leaves out who does not answer, and says why', async () => {
    const { client } = temporal(30, (ref) => ref !== 'C-7');

    const found = await new CustomerReader(client, 'q').read();

    expect(refs(found)).toHaveLength(29);
    expect(found.missing).toEqual([
      expect.stringMatching(
        /^1 of 30 customers are not known: The customer customer:C-7 is there, but no worker answers/,
      ),
    ]);
  });

  test('fails without asking thousands when nobody answers', async () => {
    const { client, asked } = temporal(1000, () => false);

    await expect(new CustomerReader(client, 'q').read()).rejects.toMatchObject({ kind: 'unavailable' });
    expect(asked.length).toBeLessThan(100);
  });

  test('keeps no customer that Temporal lists no more', async () => {
    const { client } = temporal(0);

    expect(await new CustomerReader(client, 'q').read()).toEqual({ listed: [], known: [], missing: [], isCut: false });
  });
});
