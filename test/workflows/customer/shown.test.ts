import { describe, expect, test } from '@jest/globals';
import type { AcceptedRequest } from '../../../contract/customer-requests.js';
import { emptyMemory, learn } from '../../../workflows/customer/memory.js';
import { noProgress, withRequest } from '../../../workflows/customer/progress.js';
import { observedStatus } from '../../../workflows/customer/status.js';
import { day, DAY, fact, START } from './facts.js';

const statusAfter = (...facts: ReturnType<typeof fact>[]) =>
  observedStatus(
    { ref: 'C-1' },
    facts.reduce((memory, one) => learn(memory, one, START), emptyMemory()),
    START + 5 * DAY,
  );

describe('what time alone brings', () => {
  test('is shown beyond the next thing, soonest first', () => {
    const ends = [30, 10, 20].map((at) => fact(1, { ref: `s${at}`, until: day(at) }));
    const { next, later } = statusAfter(...ends);

    expect(next).toMatchObject({ what: 'end', at: day(10) });
    expect(later?.map(({ at }) => at)).toEqual([day(20), day(30)]);
  });

  test('is no list where it is one thing, and no endless one', () => {
    expect(statusAfter(fact(1, { until: day(10) }))).not.toHaveProperty('later');
    const many = Array.from({ length: 60 }, (_, nth) => fact(1, { ref: `s${nth}`, until: day(10 + nth) }));
    expect(statusAfter(...many).later).toHaveLength(20);
  });
});

describe('what people have asked', () => {
  const asked = (nth: number, reason = `reason ${nth}`): AcceptedRequest => ({
    request: 'hold',
    actor: 'ann',
    reason,
    at: day(nth),
  });

  test('is kept, the newest 20', () => {
    let progress = noProgress();
    for (let nth = 0; nth < 30; nth += 1) progress = withRequest(noProgress(), asked(nth), progress.requests ?? []);

    expect(progress.requests?.map(({ reason }) => reason)).toEqual(
      Array.from({ length: 20 }, (_, nth) => `reason ${nth + 10}`),
    );
  });

  test('is cut where it is long, because it is carried over for ever', () => {
    const [kept] = withRequest(noProgress(), asked(1, 'x'.repeat(100_000)), []).requests ?? [];

    expect(kept?.reason).toHaveLength(1000);
  });
});
