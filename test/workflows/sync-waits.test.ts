import { beforeEach, expect, test } from '@jest/globals';
import { SourceNotReadable } from '../../activities/index.js';
import type { TruthDependencies } from '../../activities/truth.js';
import { SYNC_SOURCE } from '../../contract/source-sync.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const HOUR_MS = 3_600_000;
/** For so many hours the sender does not answer. */
let away = 0;
const truth: TruthDependencies = {
  readAccount: async () => {
    if ((away -= 1) >= 0) throw new SourceNotReadable('shop: it does not answer', HOUR_MS);
    return 'acct_1';
  },
  readPage: async () => ({ facts: [], notices: [], ignored: [], listed: 3 }),
};
const env = useVirtualEnvironment({}, { truth, afresh: true });
beforeEach(() => void (away = 0));

const sync = async (id: string): Promise<unknown> =>
  await (await env.begin(SYNC_SOURCE, { source: 'shop' }, id)).result();

test('a sync that waits for its source for two days says so after an hour, then once a day, and goes on', async () => {
  away = 50;
  expect(await sync('sync-away')).toMatchObject({ listed: 3 });
  expect(env.notices).toHaveLength(3);
  expect(env.notices[0]).toMatchObject({
    about: 'source',
    source: 'shop',
    message: expect.stringContaining('cannot be read'),
  });
});

test('a sync whose source answers says nothing', async () => {
  away = 0;
  expect(await sync('sync-there')).toMatchObject({ listed: 3 });
  expect(env.notices).toEqual([]);
});
