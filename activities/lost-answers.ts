import { isAcronisError, mayHaveHadEffect } from '../acronis/index.js';

/** True when a change may have taken effect although its answer does not say so. */
export function answerLost(error: unknown): boolean {
  return isAcronisError(error) && mayHaveHadEffect(error);
}
