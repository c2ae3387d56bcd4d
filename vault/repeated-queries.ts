import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientInterceptors } from '@temporalio/client';
import { UNREAD_NEWS } from '../contract/unread-news.js';

const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 2_000;
/** Together longer than any time limit of a query here. */
const MOST_TRIES = 20;

/**
 * For every client that asks runs: a query that comes before news of its run is repeated until a worker has read them, or
 * until the time of the query is over.
 */
export const repeatedQueries: ClientInterceptors = {
  workflow: [
    {
      async query(input, next) {
        for (let tries = 1; ; tries += 1)
          try {
            return await next(input);
          } catch (error) {
            if (tries >= MOST_TRIES || !(error instanceof Error) || !error.message.includes(UNREAD_NEWS)) throw error;
            await sleep(Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS));
          }
      },
    },
  ],
};
