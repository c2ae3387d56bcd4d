import type { FastifyError } from 'fastify';
import { explainServiceError } from '../../client/service-errors.js';
import { TenantryError, type ErrorKind, type InputProblem } from '../../contract/errors.js';
import { FailureType } from '../../contract/failures.js';

/** The page on which every type of problem is explained. */
const PAGE = 'docs/failures.md';

const statuses: Readonly<Record<ErrorKind, number>> = { refused: 409, notFound: 404, unavailable: 503, internal: 500 };

const USUAL_PAUSE_S = 5;

/** What the statuses of problems mean, in short. */
export const titles = {
  400: 'Unreadable',
  401: 'No valid key',
  403: 'Not allowed with this key',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not in this form',
  409: 'Refused',
  410: 'Given before',
  413: 'Too large',
  415: 'Not JSON',
  422: 'Invalid input',
  429: 'Too many requests',
  500: 'Failed',
  503: 'Try again',
} as const;

/** Types that only this interface has; the others are those of failures. */
export const problemTypes = [
  'Unauthorized',
  'Forbidden',
  'NotFound',
  'AlreadyGiven',
  'Unreadable',
  'TooManyRequests',
  'TooManyStreams',
  'Unavailable',
] as const;

/** What a caller gets instead of an answer. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    message: string,
    readonly errors: readonly InputProblem[] = [],
    /** When it may be tried again, in seconds. */
    readonly retryAfterS = status === 503 ? USUAL_PAUSE_S : undefined,
  ) {
    super(message);
  }

  /** The body, as RFC 9457 says. */
  body(requestId: string): object {
    const { status, type, message: detail, errors } = this;
    const page = `${PAGE}#${type.toLowerCase().replaceAll('.', '')}`;
    const title = (titles as Readonly<Record<number, string>>)[status] ?? 'Refused';
    return { type: page, title, status, detail, ...(errors.length > 0 && { errors }), requestId };
  }
}

/** An error of the rooms behind the door, as a caller of the API gets it. */
function toProblem({ kind, type, message, problems }: TenantryError): Problem {
  const status = type === (FailureType.InvalidInput as string) ? 422 : statuses[kind];
  return new Problem(status, type, message, problems);
}

/** Whatever went wrong, as a caller of the API gets it. */
export function problemOf(error: Error & Partial<Pick<FastifyError, 'statusCode'>>): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof TenantryError) return toProblem(error);
  const ofTemporal = explainServiceError('answer', error);
  if (ofTemporal !== undefined) return toProblem(ofTemporal);
  const { statusCode = 500, message } = error;
  if (statusCode === 415)
    return new Problem(415, 'Unreadable', 'Send the body as JSON, with "Content-Type: application/json".');
  if (statusCode < 500) return new Problem(statusCode, 'Unreadable', message);
  return new Problem(500, 'Internal', 'The gateway failed. Its log says more.');
}
