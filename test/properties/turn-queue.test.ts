import { describe, expect, test } from '@jest/globals';
import { assert, boolean, infiniteStream, property, shuffledSubarray } from 'fast-check';
import type { RunRef, TurnNews } from '../../contract/turn-queue.js';
import { TurnQueue } from '../../workflows/turn-queue/queue.js';
import { emptyQueue, KnownKeys, type QueueState } from '../../workflows/turn-queue/state.js';
import { claimOf, PLACE, run, START } from '../support/claims.js';

/** A queue at a moment of its own, with all that it sends. */
function queueOf(state: QueueState = emptyQueue(), now = START) {
  const sent: TurnNews[] = [];
  const asked: string[] = [];
  const post = {
    sendNews: (news: TurnNews) => void sent.push(news),
    askToLend: (_place: string, of: RunRef, to: RunRef) => void asked.push(`${of.workflowId} for ${to.workflowId}`),
  };
  const queue = new TurnQueue(structuredClone(state), post, () => now);
  const granted = () => sent.filter((news) => 'granted' in news).map(({ workflowId }) => workflowId);
  return { queue, sent, asked, granted };
}

const blocked = (nth: number) => {
  return { state: 'blocked' as const, blocked: { id: `run ${nth}`, step: 's', type: 't', message: 'm' } };
};

describe('a run that wants no turn any more', () => {
  const wantsNone = { state: 'gone' as const, wantsNoTurn: true as const };
  const see = (queue: TurnQueue, nth: number) => {
    const watched = queue.watched.find(({ run: { runId } }) => runId === `id ${nth}`)!;
    queue.updateWatched(watched, wantsNone);
    queue.advanceAll();
    return watched;
  };

  test('lets the next one go where it works as the maker of the tenant, without a claim', () => {
    const { queue, granted } = queueOf();
    queue.claim(claimOf(1, { found: [run(0)] }));
    queue.advanceAll();
    expect(granted()).toEqual([]);
    expect(see(queue, 0)).not.toHaveProperty('releases');
    expect(granted()).toEqual(['run 1']);
  });

  test('keeps the turn of a tenant that it has claimed since it was seen: it gives that back by a signal', () => {
    const { queue, granted } = queueOf();
    queue.claim(claimOf(1, { found: [run(0)] }));
    queue.claim(claimOf(0));
    queue.advanceAll();
    expect(see(queue, 0)).toMatchObject({ releases: true });
    expect(granted()).toEqual(['run 0']);
    queue.release({ ...run(0), place: PLACE });
    queue.advanceAll();
    expect(granted()).toEqual(['run 0', 'run 1']);
  });

  test('gives up the turn of a key, which no signal gives back', () => {
    const { queue, granted } = queueOf();
    const place = 'key:env:k';
    for (const nth of [0, 1]) queue.claim(claimOf(nth, { place }));
    queue.advanceAll();
    see(queue, 0);
    expect(granted()).toEqual(['run 0', 'run 1']);
  });
});

test('runs that know of each other have their turns in the order of starting, in whatever order they claim and release', () => {
  assert(
    property(shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 }), infiniteStream(boolean()), (order, dice) => {
      const { queue, granted } = queueOf();
      const inOrder = order.toSorted((a, b) => a - b);
      let closed = 0;
      const closeOne = () => {
        const next = granted()[closed];
        if (next === undefined) return false;
        const nth = inOrder[closed]!;
        closed += 1;
        queue.release({ ...run(nth), place: PLACE });
        queue.advanceAll();
        return next === `run ${nth}`;
      };
      for (const nth of order) {
        queue.claim(
          claimOf(nth, {
            earlier: inOrder
              .slice(closed)
              .filter((other) => other < nth)
              .map(run),
          }),
        );
        queue.advanceAll();
        if (dice.next().value === true) closeOne();
      }
      while (closeOne());
      expect(granted()).toEqual(inOrder.map((nth) => `run ${nth}`));
    }),
  );
});

test('claims that arrive at one time count as one', () => {
  const { queue, granted } = queueOf();
  for (const nth of [2, 0, 1]) queue.claim(claimOf(nth));
  queue.advanceAll();

  expect(granted()).toEqual(['run 0']);
});

test('a run that was started earlier does not take a turn that another run has', () => {
  const { queue, granted, sent } = queueOf();
  queue.claim(claimOf(1));
  queue.advanceAll();
  queue.claim(claimOf(0));
  queue.advanceAll();

  expect(granted()).toEqual(['run 1']);
  expect(sent.at(-1)).toMatchObject({ workflowId: 'run 0', waitsFor: 'run 1' });
});

test('a run that claims twice is granted its turn again, and keeps its place while it waits', () => {
  const { queue, granted } = queueOf();
  for (const nth of [0, 1, 2, 1, 0]) {
    queue.claim(claimOf(nth));
    queue.advanceAll();
  }
  expect(granted()).toEqual(['run 0', 'run 0']);
  queue.release({ ...run(0), place: PLACE });
  queue.advanceAll();
  expect(granted()).toEqual(['run 0', 'run 0', 'run 1']);
});

test('a run that has the workflow id of another one does not have its turn', () => {
  const { queue, granted } = queueOf();
  queue.claim(claimOf(0));
  queue.claim({ ...claimOf(1), workflowId: 'run 0' });
  queue.advanceAll();
  expect(granted()).toEqual(['run 0']);

  queue.updateWatched({ place: PLACE, run: run(0), as: 'at work' }, { state: 'gone' });
  queue.advanceAll();

  expect(queue.turns()).toMatchObject([{ atWork: [{ workflowId: 'run 0', runId: 'id 1' }], waiting: [] }]);
});

test('a run that was started before a place was left gets its turn with the note that it must check again', () => {
  const { queue, sent } = queueOf(emptyQueue(), START + 5000);
  queue.claim(claimOf(0));
  queue.release({ ...run(0), place: PLACE });
  queue.claim(claimOf(1));
  queue.release({ ...run(1), place: PLACE });
  queue.claim(claimOf(8));
  queue.advanceAll();
  queue.claim(claimOf(2, { place: 'tenant:other' }));
  queue.advanceAll();

  expect(sent.filter((news) => 'granted' in news)).toMatchObject([
    { workflowId: 'run 8', granted: { waited: false } },
    { workflowId: 'run 2', granted: { waited: false } },
  ]);
  queue.release({ ...run(8), place: PLACE });
  queue.claim(claimOf(3));
  queue.advanceAll();
  expect(sent.at(-1)).toMatchObject({ workflowId: 'run 3', granted: { waited: true } });
});

describe('a remedy', () => {
  const atWork = { place: PLACE, run: run(0), as: 'at work' } as const;
  const remedy = claimOf(2, { passes: true });

  test('is let past a run that is blocked and lets it in', () => {
    const { queue, asked, granted } = queueOf();
    queue.claim(claimOf(0));
    queue.claim(remedy);
    queue.advanceAll();
    expect(asked).toEqual([]);

    queue.updateWatched(atWork, blocked(0));
    queue.advanceAll();
    expect(asked).toEqual(['run 0 for run 2']);
    expect(granted()).toEqual(['run 0']);

    queue.lent({ ...run(0), place: PLACE, to: run(2) });
    queue.advanceAll();
    expect(granted()).toEqual(['run 0', 'run 2']);
  });

  test('does not pass what was started before it, waiting or not yet there', () => {
    const { queue, asked } = queueOf();
    queue.claim(claimOf(0));
    queue.claim({ ...remedy, earlier: [run(1)] });
    queue.updateWatched(atWork, blocked(0));
    queue.advanceAll();
    queue.claim(claimOf(1));
    queue.advanceAll();

    expect(asked).toEqual([]);
  });

  test('does not pass a run that only waits for a blocked one', () => {
    const { queue, asked } = queueOf();
    queue.claim(claimOf(0));
    queue.claim(remedy);
    queue.updateWatched(atWork, blocked(7));
    queue.advanceAll();

    expect(asked).toEqual([]);
  });
});

test('a queue that goes on as new does as the old one would have done', () => {
  const before = queueOf();
  before.queue.claim(claimOf(0));
  before.queue.claim(claimOf(2));
  before.queue.claim(claimOf(1));
  before.queue.advanceAll();

  const { queue, granted } = queueOf(JSON.parse(JSON.stringify(before.queue.snapshot)) as QueueState);
  expect(queue.watched).toMatchObject([{ run: run(0), as: 'at work' }]);
  for (const nth of [0, 1]) {
    queue.release({ ...run(nth), place: PLACE });
    queue.advanceAll();
  }
  expect(granted()).toEqual(['run 1', 'run 2']);
});

test('of a hundred thousand keys a queue keeps a payload that Temporal takes, and says so when it had to forget one', () => {
  const keys = new KnownKeys({ all: '', forgotten: false });
  const hash = (nth: number) => nth.toString(16).padStart(12, '0');
  for (let nth = 0; nth < 100_000; nth += 1) expect(keys.add(hash(nth))).toBe(false);
  expect(keys.add(hash(5))).toBe(true);
  expect(JSON.stringify(keys.snapshot).length).toBeLessThan(1_500_000);

  keys.add(hash(100_001));

  expect(new KnownKeys(keys.snapshot).add(hash(100_002))).toBe(true);
});
