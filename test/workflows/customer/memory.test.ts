import { describe, expect, test } from '@jest/globals';
import type { FactReading } from '../../../contract/customers.js';
import {
  emptyMemory,
  forgetOld,
  learnAll,
  memoryFrom,
  type CustomerMemory,
} from '../../../workflows/customer/memory.js';
import { fact, item, START } from './facts.js';

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

  test('long ids of events do not make it large: of many, the newest are remembered', () => {
    const readings = Array.from({ length: 600 }, (_, at) => ({
      mapped: { ...fact(1), event: { id: `${'€'.repeat(400)}-${at}`, type: 'x' } },
    }));
    const { seen } = forgetOld(learnAll(emptyMemory(), readings, about), about.now);
    expect(Buffer.byteLength(JSON.stringify(seen))).toBeLessThanOrEqual(500_000);
    expect(Object.keys(seen).length).toBeGreaterThan(300);
    expect(Object.keys(seen).at(-1)).toContain('-599');
  });

  const long = (middle: string) => `${'a'.repeat(240)}${middle}${'b'.repeat(240)}`;
  test.each([
    ['ids of events', (n: string) => ({ event: { id: long(n), type: 'x' } })],
    ['ids of subscriptions', (n: string) => ({ ref: long(n), event: { id: 'evt-1', type: 'x' } })],
    ['sources of CloudEvents', (n: string) => ({ event: { id: `https://shop.example/${long(n)} 7`, type: 'x' } })],
  ])('long %s that differ in the middle only are two events', (_, given) => {
    const readings = ['1', '2'].map((n) => ({ mapped: fact(1, given(n)) }));
    expect(learnAll(emptyMemory(), [...readings, readings[0]!], about).events.map(({ outcome }) => outcome)).toEqual([
      'recorded',
      expect.not.stringMatching('repeated'),
      'repeated',
    ]);
  });

  test.each([[undefined], [null], ['nonsense'], [{}], [{ version: 1 }], [{ version: 2, ledger: {} }]])(
    'a run that is started with %j has none',
    (carried) => {
      expect(memoryFrom(carried as never)).toEqual(emptyMemory());
    },
  );
});
