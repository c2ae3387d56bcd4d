import { describe, expect, test } from '@jest/globals';
import { assert, property } from 'fast-check';
import { defaultBrakeLimits } from '../../../contract/brake.js';
import {
  ask,
  countsOf,
  DAY_MS,
  engage,
  HOUR_MS,
  limitsOf,
  markSent,
  passTime,
  unsent,
  withdraw,
} from '../../../workflows/brake/count.js';
import { decide } from '../../../workflows/brake/decide.js';
import { emptyMemory } from '../../../workflows/brake/memory.js';
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

const upToTwoHours = { min: 0, max: 2 * HOUR_MS };
const withoutPeople = happenings(upToTwoHours).map((all) => all.map((one) => ({ ...one, releases: false })));

describe('within the limits', () => {
  test('everything is granted, and more than that in an hour engages the brake', () => {
    const memory = askAll(emptyMemory(), questionsOf(5));
    expect(granted(memory)).toHaveLength(5);
    expect(memory.engaged).toBeUndefined();

    const after = ask(memory, questionOf(5), START + HOUR_MS - 1);

    expect(waiting(after)).toEqual(['question 5']);
    expect(after.engaged?.why).toBe('6 changes that take something away within an hour, and the limit is 5');
  });

  test('what is an hour old counts for the day only, and what is a day old no longer counts', () => {
    const ten = askAll(emptyMemory(), questionsOf(10), { pause: HOUR_MS / 5 });
    expect(ten.engaged).toBeUndefined();

    const after = ask(ten, questionOf(10), START + 3 * HOUR_MS);

    expect(after.engaged?.why).toBe('11 changes that take something away within a day, and the limit is 10');
    expect(granted(ask(ten, questionOf(10), START + DAY_MS))).toHaveLength(11);
  });

  test('a share of many customers is more than the fixed number', () => {
    expect(limitsOf({ limits: defaultBrakeLimits, customers: 650 })).toEqual({ hour: 6, day: 19, creations: 20 });
    expect(limitsOf({ limits: defaultBrakeLimits, customers: 100 })).toEqual({ hour: 5, day: 10, creations: 20 });
    const ofMany = questionsOf(7).map((question) => ({ ...question, customers: 650 }));
    expect(granted(askAll(emptyMemory(), ofMany))).toHaveLength(6);
  });

  test('never more are granted in any hour or day without a person, whatever is asked', () => {
    assert(
      property(withoutPeople, (all) => {
        const counted = play(all).grants.filter(({ kind }) => kind !== 'creation');
        const since = (start: number, end: number) => counted.filter(({ at }) => at > start && at <= end).length;
        for (const { at } of counted) {
          expect(since(at - HOUR_MS, at)).toBeLessThanOrEqual(5);
          expect(since(at - DAY_MS, at)).toBeLessThanOrEqual(10);
        }
      }),
    );
  });

  test('the same question counts once, however often it comes', () => {
    assert(
      property(withoutPeople, (all) => {
        const isFirst = ({ nth }: (typeof all)[number], at: number) => all.findIndex((one) => one.nth === nth) === at;
        const { memory, now } = play(all);
        let [alone, time] = [emptyMemory(), START];
        for (const [at, one] of all.entries()) {
          time += one.pause;
          if (isFirst(one, at)) alone = ask(alone, questionOf(one.nth, one.kind), time);
        }

        expect(granted(passTime(memory, now)).toSorted()).toEqual(granted(passTime(alone, now)).toSorted());
        expect(waiting(passTime(memory, now))).toEqual(waiting(passTime(alone, now)));
      }),
    );
  });

  test('a granted question that comes again is answered again and not counted again', () => {
    const memory = askAll(emptyMemory(), questionsOf(5));
    const sent = markSent(memory, unsent(memory, 10));
    expect(unsent(sent, 10)).toEqual([]);

    const again = ask(sent, questionOf(3), START + 1);

    expect(unsent(again, 10)).toMatchObject([{ question: 'question 3', answer: 'granted' }]);
    expect(countsOf(again, START + 1).hour).toBe(5);
  });
});

describe('an engaged brake', () => {
  const engaged = engage(emptyMemory(), 'ann: the shop is broken', START);

  test('grants nothing that is counted, also in the hours and days after, until a person releases', () => {
    const memory = askAll(engaged, questionsOf(3), { from: START + DAY_MS, pause: 30 * DAY_MS });
    expect(granted(memory)).toEqual([]);

    const after = releaseAll(memory, START + 99 * DAY_MS);

    expect(granted(after)).toEqual(['question 0', 'question 1', 'question 2']);
    expect(after.engaged).toBeUndefined();
    expect(granted(ask(after, questionOf(3), START + 99 * DAY_MS))).toHaveLength(4);
  });

  test('lets creations go on', () => {
    expect(granted(askAll(engaged, questionsOf(3, 'creation')))).toHaveLength(3);
  });

  test('forgets what is withdrawn', () => {
    const memory = withdraw(askAll(engaged, questionsOf(2)), questionOf(0));
    expect(waiting(memory)).toEqual(['question 1']);
    expect(granted(releaseAll(memory, START))).toEqual(['question 1']);
  });

  test('grants the intents of some customers and stays engaged, and drops those of others', () => {
    const because = { actor: 'ann', verified: true, reason: 'seen' };
    const some = decide(askAll(engaged, questionsOf(4)), 'release', { ...because, refs: ['C-1'] }, START);
    const rest = decide(some.memory, 'drop', { ...because, refs: ['C-0', 'C-3'] }, START);

    expect(rest.decision).toMatchObject({ choice: 'drop', actor: 'ann', reason: 'seen', answered: 2, verified: true });
    expect(rest.memory.answers.map((one) => [one.question, one.answer])).toEqual([
      ['question 1', 'granted'],
      ['question 0', 'dropped'],
      ['question 3', 'dropped'],
    ]);
    expect(waiting(rest.memory)).toEqual(['question 2']);
    expect(rest.memory.engaged).toBeDefined();
  });

  test('loses no question: once a person has released everything, each is granted exactly once', () => {
    assert(
      property(happenings(upToTwoHours), (all) => {
        const { memory, asked, now } = play(all);
        expect(granted(releaseAll(memory, now)).toSorted()).toEqual(asked.map(({ question }) => question).toSorted());
      }),
    );
  });
});
