import { z } from 'zod';
import { LEAST_BUDGET, MOST_BUDGET } from '../contract/call-budget.js';
import { optionalText } from './reader.js';

const PROBLEM = `must be a number of calls per second from ${LEAST_BUDGET} to ${MOST_BUDGET}, such as 10`;
const PLAIN_NUMBER = /^\d{1,5}(\.\d{1,6})?$/;

/** The calls per second that all workers together may make of a cloud. */
export const callsPerSecond = z.number(PROBLEM).min(LEAST_BUDGET, PROBLEM).max(MOST_BUDGET, PROBLEM);

/** The budget of the clouds whose entry in a file names none. */
export const callsPerSecondVariable = optionalText({
  meaning:
    'How many calls per second all workers together may make of a cloud, for each cloud without `callsPerSecond` of its ' +
    'own; see [many calls](many-calls.md). Read when the worker starts. Give all workers the same.',
  default: 'no budget: each worker keeps the pace that the cloud accepts',
});

/** The budget that the variable names. Undefined when it is not set. */
export function readCallsPerSecond(text: string | undefined): { value: number | undefined } | { problem: string } {
  if (text === undefined) return { value: undefined };
  const { success, data } = callsPerSecond.safeParse(PLAIN_NUMBER.test(text) ? Number(text) : undefined);
  return success ? { value: data } : { problem: PROBLEM };
}
