import type { InputProblem } from '../contract/errors.js';

/** What came of a delivery, for log and metrics. */
export type Outcome =
  | 'delivered'
  | 'ignored'
  | 'otherMode'
  | 'incomplete'
  | 'unreadable'
  | 'notJson'
  | 'tooLarge'
  | 'slow'
  | 'missing'
  | 'wrong'
  | 'tooOld'
  | 'tooNew'
  | 'unknownSource'
  | 'keyUnavailable'
  | 'temporalAway'
  | 'busy'
  | 'stopping'
  | 'failed';

/** What a sender gets back. */
export interface Answer {
  status: number;
  outcome: Outcome;
  headers?: Record<string, string>;
  body: object;
}

/** One event that Temporal has. */
export interface DeliveredEvent {
  /** The sender's own id. */
  event: string;
  /** Absent where the event does not say whose it is: the workflow that reads the truth finds out. */
  customer?: string;
}

/** The page on which every refusal is explained. */
const PAGE = 'docs/events.md#what-the-sender-gets-back';
const RETRY_AFTER_S = '5';

export function delivered(events: readonly DeliveredEvent[]): Answer {
  return { status: 202, outcome: 'delivered', body: { delivered: events } };
}

/** Nothing is done, and the sender need not send it again. */
export function ignored(why: string, outcome: Outcome = 'ignored'): Answer {
  return { status: 200, outcome, body: { ignored: why } };
}

/** Sending the same again would not help. */
export function refused(status: number, outcome: Outcome, detail: string, more: object = {}): Answer {
  return {
    status,
    outcome,
    headers: { 'content-type': 'application/problem+json' },
    body: { type: PAGE, title: titles[status] ?? 'Refused', status, detail, ...more },
  };
}

/** Something that we need is missing or wrong; `others` of the same delivery have been taken. */
export function incomplete(errors: readonly InputProblem[], others: readonly DeliveredEvent[] = []): Answer {
  const named = errors.map(({ path, message }) => `${path} ${message}`).join('; ');
  const more = { errors, ...(others.length > 0 && { delivered: others }) };
  return refused(422, 'incomplete', `The event cannot be used: ${named}.`, more);
}

/** Nothing counts as taken: the sender must send the same again. */
export function again(status: number, outcome: Outcome, why: string): Answer {
  const answer = refused(status, outcome, `${why} Send it again.`);
  return { ...answer, headers: { ...answer.headers, 'retry-after': RETRY_AFTER_S } };
}

const titles: Readonly<Record<number, string>> = {
  400: 'Unreadable',
  401: 'Not signed by this source',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Too slow',
  413: 'Too large',
  415: 'Not JSON',
  422: 'Incomplete',
  429: 'Try again',
  500: 'Failed',
  503: 'Try again',
};
