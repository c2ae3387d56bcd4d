import { describe, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import type { BrakeStatus } from '../../../contract/brake.js';
import { bannerText } from '../../../gateway/page/banner.js';
import { Standings, type Standing } from '../../../gateway/page/standings.js';
import { keyOf } from './visitor.js';

const usual: Standing = { engaged: [], silent: [], observed: 0, observing: [] };
const brake = (more: Partial<BrakeStatus>): BrakeStatus => ({
  cloud: 'default',
  engaged: { since: '2026-11-30T10:00:00.000Z', why: 'too many' },
  counts: { hour: { granted: 5, limit: 5 }, day: { granted: 5, limit: 10 }, creations: { granted: 0, limit: 20 } },
  customers: 9,
  waiting: [],
  decisions: [],
  ...more,
});
const waiting = { ref: 'C-1', customer: 'customer:C-1', kind: 'disable', what: 'disable', why: 'not paid' } as const;

describe('the banner', () => {
  test.each<[string, Partial<Standing> | undefined, string]>([
    ['nothing is known', undefined, ''],
    ['all is as usual', {}, ''],
    [
      'the brake of a cloud is engaged',
      { engaged: [brake({ cloud: 'eu', waiting: [{ ...waiting, since: '2026-11-30T10:00:00.000Z' }] })] },
      'The brake of eu is engaged since 2026-11-30 10:00 UTC: nothing is taken from a customer until a person releases it. 1 wait: look and decide',
    ],
    [
      'more wait than the brake lists',
      { engaged: [brake({ moreWait: true, waiting: [{ ...waiting, since: '2026-11-30T10:00:00.000Z' }] })] },
      'more than 1 wait: look and decide',
    ],
    [
      'a brake does not answer',
      { silent: ['default'] },
      'Is the brake engaged? Nobody knows at the moment: no worker answers.',
    ],
    ['the brakes of others do not answer', { silent: ['eu', 'us'] }, 'no worker answers for eu, us.'],
    ['a source is observed', { observing: ['shop'] }, 'Observe mode New customers of shop are only observed.'],
    ['many sources are observed', { observing: ['a', 'b', 'c', 'd'] }, 'New customers of 4 sources are only observed.'],
    [
      'customers are observed',
      { observed: 1 },
      'Observe mode Nothing is done for 1 customer until a person says “Act”. See who',
    ],
  ])('when %s', (_what, more, words) => {
    const text = bannerText(more && { ...usual, ...more })
      .replaceAll(/<[^>]*>/g, '')
      .replaceAll(/\s+/g, ' ')
      .trim();

    if (words === '') expect(text).toBe('');
    else expect(text).toContain(words);
  });
});

describe('what all screens say', () => {
  let readings = 0;
  const client = (query: () => Promise<unknown>) =>
    ({
      options: { namespace: 'test', loadedDataConverter: { payloadCodecs: [] } },
      workflow: {
        async *list() {
          yield await Promise.resolve({ workflowId: 'brake:default' });
        },
        count: async () => await Promise.resolve({ count: (readings += 1) }),
        getHandle: () => ({ query }),
      },
      connection: {
        workflowService: {
          describeWorkflowExecution: async () => await Promise.resolve({}),
          describeTaskQueue: async () => await Promise.resolve({ pollers: [] }),
        },
      },
      withDeadline: async (_at: number, act: () => Promise<unknown>) => await act(),
    }) as unknown as Client;
  const standingsOf = (query: () => Promise<unknown>) =>
    new Standings({ client: client(query), taskQueue: 'tenantry', sources: () => [] });

  test('is read once for all who look, and not for keys that do not see all customers', async () => {
    const standings = standingsOf(async () => await Promise.resolve(brake({})));
    const all = await Promise.all(['a', 'b', 'c'].map(async (name) => await standings.of(keyOf(name, 'read'))));

    expect(all).toEqual(Array.from({ length: 3 }, () => ({ ...usual, engaged: [brake({})], observed: 1 })));
    expect(readings).toBe(1);
    expect(await standings.of({ ...keyOf('d', 'decide'), operations: ['enableTenant'] })).toBeUndefined();
  });

  test('says that a brake is silent when no worker answers, and nothing when Temporal is away', async () => {
    const silent = standingsOf(async () => await Promise.reject(new Error('no worker')));
    const away = new Standings({
      client: { workflow: { count: async () => await Promise.reject(new Error('away')) } } as unknown as Client,
      taskQueue: 'tenantry',
      sources: () => [],
    });

    expect(await silent.of(keyOf('a', 'read'))).toMatchObject({ engaged: [], silent: ['default'] });
    expect(await away.of(keyOf('a', 'read'))).toBeUndefined();
  });
});
