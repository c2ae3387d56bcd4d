import type { Reader } from '../../client/readings.js';
import { problemOf, type Problem } from '../api/problem.js';

/** What was asked for, or why it cannot be shown. Plain data, so that two of them can be compared. */
export type Answer<Found> = { found: Found } | { problem: PlainProblem };
export type PlainProblem = Pick<Problem, 'status' | 'message' | 'errors'>;

const AWAY = 503;

/** Asks, and answers with the problem where something that people can understand has gone wrong. */
export async function answerTo<Found>(read: () => Promise<Found>): Promise<Answer<Found>> {
  try {
    return { found: await read() };
  } catch (error) {
    const { status, message, errors } = problemOf(error as Error);
    if (status === 500) throw error;
    return { problem: { status, message, errors } };
  }
}

/** True where it may pass by itself. */
export function mayPass(answer: Answer<unknown>): boolean {
  return 'problem' in answer && answer.problem.status === AWAY;
}

/** Asks again and again; `once`: until there is an answer. What was shown stays while nobody answers. */
export function readerOfAnswer<Found>(read: () => Promise<Found>, { once = false } = {}): Reader<Answer<Found>> {
  let hasFound = false;
  return async () => {
    if (hasFound) return { status: { found: await read() }, isOver: false };
    const status = await answerTo(read);
    hasFound = 'found' in status;
    return { status, isOver: once && !mayPass(status) };
  };
}
