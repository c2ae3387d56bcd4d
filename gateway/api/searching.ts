import type { Overviews } from '../../client/overview/overviews.js';
import { CustomerSearch } from '../../client/search/customer-search.js';
import { TenantryError } from '../../contract/errors.js';
import { askLookUp } from './asking.js';
import type { SharedParts } from './parts.js';
import { Problem } from './problem.js';

/** So long somebody who searches waits for customers and clouds. */
const WITHIN_MS = 3000;
const MOST_ROWS = '1000';

type Parts = Pick<SharedParts, 'client' | 'taskQueue' | 'questions'> & { overviews: Overviews };

/** The search of a gateway: it asks customers as its overviews do, and clouds by a worker. */
export function searchOf(parts: Parts): CustomerSearch {
  return new CustomerSearch({
    client: parts.client,
    withinMs: WITHIN_MS,
    knownWithin: async (ms) => await parts.overviews.knownWithin(ms),
    askCloud: async (cloud, text) => {
      // others may wait for the same answer, so nobody who leaves ends it
      const { signal } = new AbortController();
      try {
        return await askLookUp(parts, { lookUp: 'search', query: { cloud, text, limit: MOST_ROWS } }, signal);
      } catch (error) {
        if (error instanceof Problem) throw new TenantryError('unavailable', error.message);
        throw error;
      }
    },
  });
}
