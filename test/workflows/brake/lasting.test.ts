import { describe, expect, test } from '@jest/globals';
import { assert, integer, property } from 'fast-check';
import { defaultBrakeLimits } from '../../../contract/brake.js';
import {
  ask,
  countsOf,
  DAY_MS,
  engage,
  HOUR_MS,
  limitsOf,
  markSent,
  nextCreationAt,
  passTime,
  unsent,
} from '../../../workflows/brake/count.js';
import { emptyMemory, memoryFrom, type BrakeMemory } from '../../../workflows/brake/memory.js';
import {
  askAll,
  granted,
  happenings,
  play,
  questionOf,
  questionsOf,
  releaseAll,
  START,
  waiting,
} from '../../support/brakes.js';

describe('creations', () => {
  test('above the limit wait for the next hour, and go in the order in which they were asked', () => {
    const memory = askAll(emptyMemory(), questionsOf(23, 'creation'), { pause: 1000 });
    expect(granted(memory)).toHaveLength(20);
    expect(nextCreationAt(memory)).toBe(START + HOUR_MS);

    const after = passTime(memory, START + HOUR_MS + 1000);

    expect(granted(after).slice(20)).toEqual(['question 20', 'question 21']);
    expect(waiting(after)).toEqual(['question 22']);
    expect(nextCreationAt(after)).toBe(START + HOUR_MS + 2000);
    expect(nextCreationAt(passTime(after, START + HOUR_MS + 2000))).toBeUndefined();
  });

  test('never engage the brake, and do not count as something taken away', () => {
    const memory = askAll(emptyMemory(), questionsOf(100, 'creation'));
    expect(memory.engaged).toBeUndefined();
    expect(granted(askAll(memory, questionsOf(5, 'disable', 100)))).toHaveLength(25);
  });

  test('wait for a person where none is granted without one', () => {
    const none = questionOf(0, 'creation', { limits: { ...defaultBrakeLimits, creations: 0 } });
    const memory = ask(emptyMemory(), none, START);
    expect(nextCreationAt(memory)).toBeUndefined();
    const later = passTime(memory, START + DAY_MS);
    expect(granted(later)).toEqual([]);
    expect(granted(releaseAll(later, START + DAY_MS))).toEqual(['question 0']);
  });

  test('go on within an hour after the clock was set back, however far', () => {
    assert(
      property(integer({ min: 1, max: 400 * DAY_MS }), (step) => {
        const back = passTime(askAll(emptyMemory(), questionsOf(25, 'creation')), START - step);
        expect(granted(back)).toHaveLength(20);
        expect(nextCreationAt(back)).toBe(START - step + HOUR_MS);
        expect(granted(passTime(back, START - step + HOUR_MS))).toHaveLength(25);
      }),
    );
  });
});

test('a clock that jumps in both directions never makes a brake grant more than its limits at one time', () => {
  assert(
    property(happenings({ min: -3 * DAY_MS, max: 3 * DAY_MS }), (all) => {
      const { memory, now } = play(all);
      const { hour, day, creations } = countsOf(memory, now);
      expect([hour <= 5, day <= 10, creations <= 20]).toEqual([true, true, true]);
    }),
  );
});

test('a brake that continues as new at any moment does as one that does not', () => {
  assert(
    property(happenings({ min: 0, max: HOUR_MS }), (all) => {
      let [kept, carried, now] = [emptyMemory(), emptyMemory(), START];
      for (const { nth, kind, pause } of all) {
        now += pause;
        kept = ask(kept, questionOf(nth, kind), now);
        carried = ask(memoryFrom(JSON.parse(JSON.stringify(carried)) as BrakeMemory), questionOf(nth, kind), now);
      }
      expect(carried).toEqual(kept);
    }),
  );
});

test('what a brake keeps stays below the limit of Temporal, and what finds no room is asked again', () => {
  const questions = questionsOf(2500).map((one) => ({ ...one, what: 'w'.repeat(200), why: 'y'.repeat(200) }));
  const full = askAll(engage(emptyMemory(), 'ann: a test', START), questions);
  expect(full.waiting).toHaveLength(1000);
  expect(full.isFull).toBe(true);
  expect(JSON.stringify(full).length).toBeLessThan(1_000_000);

  const released = releaseAll(full, START);
  const empty = markSent(released, unsent(released, 2000));
  expect(empty).toMatchObject({ waiting: [], answers: { length: 1000 } });
  expect(empty.isFull).toBeUndefined();

  const again = askAll(empty, questions.slice(1000));
  expect(waiting(again)).toHaveLength(1000);
  expect(unsent(again, 2000)).toHaveLength(5);
});

test.each([
  ['references of 500 letters', 'r'.repeat(494)],
  ['references of 500 signs with three bytes', '漢'.repeat(494)],
  ['references that JSON writes out', '\u0001'.repeat(494)],
])('%s do not make a brake too large for Temporal, however many wait and are answered', (_what, long) => {
  const texts = { what: long.slice(0, 200), why: long.slice(0, 200) };
  const questions = questionsOf(2500).map((one) => ({ ...one, ...texts, ref: `${one.ref}${long}` }));
  const full = askAll(engage(emptyMemory(), 'ann: a test', START), questions);
  const released = releaseAll(full, START);
  const sent = markSent(released, unsent(released, 2000));
  const again = askAll(engage(sent, 'ann: a test', START), questions.slice(1500));

  expect(full.isFull).toBe(true);
  expect(waiting(full).length).toBeGreaterThan(100);
  expect(waiting(again).length).toBeGreaterThan(100);
  for (const memory of [full, released, again])
    expect(Buffer.byteLength(JSON.stringify(memory))).toBeLessThan(1_500_000);
});

test('answers with long names are kept while they fit, the newest of them', () => {
  const long = '漢'.repeat(280);
  const questions = questionsOf(400).map((one) => ({ ...one, question: `${one.question} ${long}` }));
  const released = releaseAll(askAll(engage(emptyMemory(), 'ann: a test', START), questions), START);

  const { answers } = markSent(released, unsent(released, 2000));

  expect(Buffer.byteLength(JSON.stringify(answers))).toBeLessThan(450_000);
  expect(answers.length).toBeGreaterThan(300);
  expect(answers.at(-1)).toMatchObject({ customer: 'customer:C-399' });
});

test('a limit is at most 5,000, so that a brake keeps few times', () => {
  const limits = { hour: 1e9, hourShare: 1, day: 1e9, dayShare: 1, creations: 1e9 };
  expect(limitsOf({ limits, customers: 1e12 })).toEqual({ hour: 5000, day: 5000, creations: 5000 });
});

test.each([[undefined], [null], [{}], [{ version: 2 }], ['nonsense']])(
  'a brake that is started with the memory %j knows nothing',
  (carried) => expect(memoryFrom(carried as never)).toEqual(emptyMemory()),
);
