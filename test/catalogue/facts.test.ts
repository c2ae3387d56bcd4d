import { describe, expect, test } from '@jest/globals';
import { eventNamedIn, problemsOfFact, readFact } from '../../catalogue/facts.js';
import type { Fact } from '../../contract/facts.js';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const fact = {
  source: 'shop',
  event: { id: 'evt_1', type: 'x' },
  at: '2026-11-29T11:00:00Z',
  customer: { ref: 'C-1', name: null },
  subscription: { ref: 's1', items: [{ product: 'p', quantity: 0 }], state: 'active', until: '2026-12-01T00:00:00Z' },
};
const withField = (fields: object) => readFact({ ...fact, ...fields }, NOW);

describe('the content of a signal', () => {
  test('is a fact with times of one form; null counts as not given', () => {
    expect(withField({})).toEqual({
      ...fact,
      at: '2026-11-29T11:00:00.000Z',
      customer: { ref: 'C-1' },
      subscription: { ...fact.subscription, until: '2026-12-01T00:00:00.000Z' },
    });
  });

  test('keeps a language that a tenant can have, and drops any other', () => {
    const languageOf = (language: string) => withField({ customer: { ref: 'C-1', language } })?.customer;
    expect(languageOf('de')).toEqual({ ref: 'C-1', language: 'de' });
    expect(languageOf('fil')).toEqual({ ref: 'C-1' });
  });

  test.each([
    ['null', null],
    ['a text', 'active'],
    ['a list', [fact]],
    ['a fact without a source', { ...fact, source: undefined }],
    ['a fact without a customer', { ...fact, customer: {} }],
    ['a time that is none', { ...fact, at: 'yesterday' }],
    ['a time without a zone', { ...fact, at: '2026-11-29T11:00:00' }],
    ['a fact of the far future', { ...fact, at: '2026-11-30T12:00:01Z' }],
    ['an unknown state', { ...fact, subscription: { ...fact.subscription, state: 'gone' } }],
    [
      'a negative quantity',
      { ...fact, subscription: { ...fact.subscription, items: [{ product: 'p', quantity: -1 }] } },
    ],
    ['a subscription without items', { ...fact, subscription: { ...fact.subscription, items: [] } }],
    ['half of a character', { ...fact, customer: { ref: 'C-1', name: '\uD83D' } }],
    ['too many levels', JSON.parse('['.repeat(50) + ']'.repeat(50))],
  ])('%s is no fact', (_, value) => {
    expect(readFact(value, NOW)).toBeUndefined();
  });

  test.each(['A\nB', '\u0000', '\u200B'])('with the name %j is not accepted, and is read where it was', (name) => {
    const named = { ...fact, customer: { ref: 'C-1', name } };

    expect(problemsOfFact(named as Fact)).toEqual([{ path: 'customer.name', message: expect.stringMatching(/: /) }]);
    expect(readFact(named, NOW)).toMatchObject({ customer: { name } });
  });

  test('a subscription that has ended needs no items', () => {
    expect(withField({ subscription: { ref: 's1', items: [], state: 'ended' } })).toBeDefined();
  });

  test('the clock of a worker that is hours behind is no reason to refuse it', () => {
    expect(withField({ at: '2026-11-29T18:00:00Z' })).toBeDefined();
  });

  test('that is no fact is named, as far as it says what it is', () => {
    expect(eventNamedIn({ ...fact, at: 'yesterday' })).toEqual({ source: 'shop', event: fact.event });
    expect(eventNamedIn({ source: 7, event: { id: 'evt_1' } })).toEqual({
      source: '',
      event: { id: 'evt_1', type: '' },
    });
    for (const value of [null, 'x', [fact], { ...fact, source: '\uD83D' }, JSON.parse('['.repeat(50) + ']'.repeat(50))])
      expect(eventNamedIn(value)).toEqual({ source: '', event: { id: '', type: '' } });
  });
});
