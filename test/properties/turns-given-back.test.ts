import { describe, expect, test } from '@jest/globals';
import type { Claim } from '../../contract/turn-queue.js';
import { TurnQueue } from '../../workflows/turn-queue/queue.js';
import { emptyQueue } from '../../workflows/turn-queue/state.js';
import { claimOf, PLACE, run, START } from '../support/claims.js';

/** A queue, and the runs to which it has granted a turn. */
function queueOf() {
  const granted: string[] = [];
  const sendNews = (news: { workflowId: string }) => void ('granted' in news && granted.push(news.workflowId));
  const queue = new TurnQueue(emptyQueue(), { sendNews, askToLend: () => undefined }, () => START);
  return { queue, granted: () => granted };
}

describe('a run that has given back its turn and claims another one', () => {
  const again = (nth: number, more: Partial<Claim> = {}) => claimOf(nth, { gaveBack: true, ...more });

  test('does not wait for itself when others have found it at work', () => {
    const { queue, granted } = queueOf();
    queue.claim(claimOf(2, { gaveBack: false }));
    queue.advanceAll();
    queue.claim(again(1));
    queue.claim(claimOf(3, { gaveBack: false, found: [run(1)] }));
    queue.advanceAll();
    for (const nth of [2, 1]) {
      queue.release({ ...run(nth), place: PLACE });
      queue.advanceAll();
    }
    expect(granted()).toEqual(['run 2', 'run 1', 'run 3']);
  });

  test('gets no turn beside the run that has it, although a late claim has named it as at work', () => {
    const { queue, granted } = queueOf();
    queue.claim(claimOf(2, { gaveBack: false }));
    queue.advanceAll();
    queue.claim(claimOf(3, { gaveBack: false, found: [run(1)] }));
    queue.claim(again(1));
    queue.advanceAll();
    expect(granted()).toEqual(['run 2']);
  });
});
