import { expect, test } from '@jest/globals';
import type { Notice } from '../../contract/notices.js';
import { UnknownSources } from '../../worker/unknown-sources.js';
import { factOf, readFacts } from '../support/fact-reader.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

test('a worker says of each thing what it is, also of what it cannot read', () => {
  const soon = factOf('C-1', { at: new Date(Date.now() + 20 * MINUTE_MS).toISOString() });
  const { event } = soon;
  expect(readFacts([soon, { ...soon, source: 'new' }, { ...soon, at: 'yesterday' }, null])).toEqual([
    { mapped: expect.objectContaining({ source: 'shop', at: soon.at }) },
    { refused: 'there is no source new', mayBeKnownSoon: true, source: 'new', event },
    { refused: 'it is no fact', source: 'shop', event },
    { refused: 'it is no fact', source: '', event: { id: '', type: '' } },
  ]);
});

test('people get a notice of a source that stays unknown: after some minutes, then once a day, until it is known', async () => {
  const sent: Notice[] = [];
  const log = { warn: () => undefined };
  const broken = { name: 'broken', send: async () => await Promise.reject(new Error('no')) };
  const mail = { name: 'mail', send: async (notice: Notice) => void sent.push(notice) };
  const unknown = new UnknownSources([broken, mail], log);
  const minutes = [0, 1, 4, 6, 7, 600, 1500];
  const after: number[] = [];
  for (const at of minutes) {
    unknown.saw('new', at * MINUTE_MS);
    await new Promise(setImmediate);
    after.push(sent.length);
  }
  expect(after).toEqual([0, 0, 0, 1, 1, 1, 2]);
  expect(sent[0]).toMatchObject({
    about: 'source',
    source: 'new',
    message: expect.stringContaining('TENANTRY_SOURCES'),
  });

  unknown.knows('new');
  unknown.saw('new', 5 * DAY_MS);
  await new Promise(setImmediate);
  expect(sent).toHaveLength(2);
});
