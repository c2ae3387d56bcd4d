import type { ErrorKind } from '../../contract/errors.js';

/** Exit codes of the command line. */
export const Exit = {
  done: 0,
  internal: 1,
  refused: 2,
  failed: 3,
  blocked: 4,
  cancelled: 5,
} as const;

/** With which code the command line ends after an error. */
export const exitCodes: Readonly<Record<ErrorKind, number>> = {
  refused: Exit.refused,
  notFound: Exit.refused,
  unavailable: Exit.internal,
  internal: Exit.internal,
};
