import { describe, expect, test } from '@jest/globals';
import type { FactReading } from '../../../contract/customers.js';
import {
  emptyMemory,
  forgetOld,
  learnAll,
  memoryFrom,
  type CustomerMemory,
} from '../../../workflows/customer/memory.js';
import { observedStatus } from '../../../workflows/customer/status.js';
import { wantedBy } from '../../../workflows/customer/untaken.js';
import { DAY, fact, item, START } from './facts.js';

const about = { ref: 'C-1', now: START };
const reading = (at: number, ref: string, length: number): FactReading => ({
  mapped: fact(at, { ref, sold: Array.from({ length }, (_, n) => ({ ...item('desktop', n), product: `p-${n}` })) }),
});

describe('the memory of a customer', () => {
  test('stays small enough for the next run, whatever is sent, and what was left out is shown', () => {
    let memory: CustomerMemory = emptyMemory();
    for (let at = 0; at < 400; at += 1) memory = learnAll(memory, [reading(at, `s-${at}`, 50)], about);
    expect(JSON.stringify(memory).length).toBeLessThan(1_000_000);
    expect(Object.keys(memory.ledger.subscriptions).length).toBeGreaterThan(20);
    expect(memory.events.at(-1)).toMatchObject({ id: 'evt-399-s-399', outcome: 'ignored' });
    const known = learnAll(memory, [reading(500, 's-1', 1)], about);
    expect(known.events.at(-1)).toMatchObject({ outcome: 'recorded' });
  });

  test('stays as small with names and events of three bytes a letter', () => {
    const at = new Date(START).toISOString();
    const seen = Object.fromEntries(Array.from({ length: 2000 }, (_, nth) => [`${'漢'.repeat(190)}-${nth}`, at]));
    let memory: CustomerMemory = { ...emptyMemory(), seen };
    for (let nth = 0; nth < 300; nth += 1) {
      const sold = [{ ...item('desktop', 1), product: '漢'.repeat(500) }];
      memory = learnAll(memory, [{ mapped: fact(nth, { ref: `s-${nth}`, sold }) }], about);
    }
    memory = forgetOld(memory, START);

    expect(Buffer.byteLength(JSON.stringify(memory.ledger))).toBeLessThanOrEqual(500_000);
    expect(Buffer.byteLength(JSON.stringify(memory.seen))).toBeLessThanOrEqual(500_000);
    expect(Object.keys(memory.ledger.subscriptions).length).toBeGreaterThan(20);
    expect(Object.keys(memory.seen).length).toBeGreaterThan(300);
    expect(Object.keys(memory.seen).at(-1)).toMatch('evt-');
  });

  test('a fact that is too large costs no other fact of its batch', () => {
    const large = Array.from({ length: 20 }, (_, at) => reading(at, `large-${at}`, 500));
    const { events, ledger } = learnAll(emptyMemory(), [...large, reading(90, 'small', 1)], about);
    expect(events.filter(({ outcome }) => outcome === 'ignored').length).toBeGreaterThan(0);
    expect(events.at(-1)).toMatchObject({ id: 'evt-90-small', outcome: 'recorded' });
    expect(JSON.stringify(ledger).length).toBeLessThanOrEqual(500_000);
  });

  test('a hundred subscriptions fit, however often they are listed', () => {
    const since = new Date(START).toISOString();
    const listing = (at: number) =>
      Array.from({ length: 100 }, (_, n): FactReading => ({
        mapped: fact(at, { ref: `deal-${n}`, since, asked: true }),
      }));
    let memory: CustomerMemory = emptyMemory();
    for (let at = 0; at < 60; at += 1) {
      memory = learnAll(memory, listing(at), about);
      expect(memory.events.every(({ outcome }) => outcome === 'recorded')).toBe(true);
    }
    expect(Object.keys(memory.ledger.subscriptions)).toHaveLength(100);
  });

  test('what does not fit is shown and asked about, until it fits; what a known subscription says still fits', () => {
    let memory: CustomerMemory = emptyMemory();
    for (let at = 0; at < 120; at += 1) memory = learnAll(memory, [reading(at, `s-${at}`, 50)], about);
    const openIn = (one: CustomerMemory) => wantedBy(one, START + 200 * DAY).open;
    const known = learnAll(memory, [{ mapped: fact(170, { ref: 's-1', sold: [], state: 'ended' }) }], about);

    expect(known.events.at(-1)).toMatchObject({ outcome: 'recorded' });
    expect(openIn(known)).toContainEqual({ field: 'shop s-119', why: expect.stringContaining('does not fit') });
    expect(observedStatus({ ref: 'C-1' }, known, START + 200 * DAY).notDone).toContainEqual(
      expect.objectContaining({ field: 'shop s-119' }),
    );

    const { ledger, events } = known;
    const [first] = Object.keys(ledger.subscriptions);
    const { [first!]: _removed, ...subscriptions } = ledger.subscriptions;
    const smaller = { ...known, events, ledger: { ...ledger, subscriptions } };
    const heard = learnAll(smaller, [{ mapped: fact(180, { ref: 's-119' }) }], about);
    expect(heard.events.at(-1)).toMatchObject({ outcome: 'recorded' });
    expect(openIn(heard).map(({ field }) => field)).not.toContain('shop s-119');
  });

  test('long ids of events do not make it large', () => {
    let memory: CustomerMemory = emptyMemory();
    for (let at = 0; at < 100; at += 1) {
      const mapped = { ...fact(at), event: { id: `${'x'.repeat(400)}-${at}`, type: 'x' } };
      memory = learnAll(memory, [{ mapped }], about);
    }
    expect(Object.keys(memory.seen)).toHaveLength(100);
    expect(JSON.stringify(memory.seen).length).toBeLessThan(30_000);
  });

  test('what a source says when it is asked again because of the same event counts, and an event that is repeated does not', () => {
    const event = { id: 'evt', type: 'x' };
    const said = (at: number, state: string, more: object = {}) => ({ mapped: fact(at, { event, state, ...more }) });
    const stateAfter = (...all: FactReading[]) => {
      const { ledger, events } = learnAll(emptyMemory(), all, about);
      return [Object.values(ledger.subscriptions)[0]!.states.at(-1)!.state, events.map(({ outcome }) => outcome)];
    };
    const asked = { asked: true } as const;
    expect(stateAfter(said(1, 'ended', asked), said(2, 'active', asked), said(3, 'ended', asked))).toEqual([
      'ended',
      ['recorded', 'recorded', 'recorded'],
    ]);
    expect(stateAfter(said(1, 'ended'), said(2, 'active'))).toEqual(['ended', ['recorded', 'repeated']]);
  });

  test.each([[undefined], [null], ['nonsense'], [{}], [{ version: 1 }], [{ version: 2, ledger: {} }]])(
    'a run that is started with %j has none',
    (carried) => {
      expect(memoryFrom(carried as never)).toEqual(emptyMemory());
    },
  );
});
