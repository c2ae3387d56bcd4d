import type { Client } from '@temporalio/client';
import type { LookUpPage } from '../../contract/questions.js';
import { LOOK_UP } from '../../contract/questions.js';
import { askWorker } from '../ask-worker.js';
import { CustomerReader } from '../overview/customer-reader.js';
import { CustomerSearch } from './customer-search.js';

/** Longer than any cloud may take, and than thousands of customers do. */
const WITHIN_MS = 60_000;
const MOST_ROWS = '1000';

/** The search of the command line, which asks once and waits for everybody. */
export function searchHere(client: Client, taskQueue: string): CustomerSearch {
  const reader = new CustomerReader(client, taskQueue);
  return new CustomerSearch({
    client,
    withinMs: WITHIN_MS,
    knownWithin: async (ms) => await reader.readWithin(ms),
    askCloud: async (cloud, text) => {
      const question = { lookUp: 'search', query: { cloud, text, limit: MOST_ROWS } };
      const { signal } = new AbortController();
      return await askWorker<LookUpPage>(client, { type: LOOK_UP, question, taskQueue, name: 'The search', signal });
    },
  });
}
