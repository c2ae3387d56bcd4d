import type { AcronisError } from './errors.js';

/** No connection ever stood. */
const neverSent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];
const gettingTokens = ['idp.token', 'idp.scopedToken'];

/**
 * Whether a change that failed so may have taken effect all the same. The only place where that is decided. Certainly without effect is what cannot
 * have been sent (no connection, no token, our own pace), what was turned away before anybody looked at it (429, 401), and what the vendor itself
 * refuses. All else may have come through: gateways answer 503, 421, 425, 408 and pages of their own after the effect as well as before it.
 */
export function mayHaveHadEffect({ kind, operation, facts, cause }: AcronisError): boolean {
  if (gettingTokens.includes(operation)) return false;
  switch (kind) {
    case 'unavailable':
      return facts.status !== undefined || !neverSent.includes((cause as { code?: string } | undefined)?.code ?? '');
    case 'unreadable':
      return true;
    case 'conflict':
      // a proxy can say 412, 423 and 426 too; the vendor's own forms all have a code
      return facts.code === undefined;
    case 'throttled':
    case 'credentials':
    case 'taken':
    case 'not-found':
    case 'forbidden':
    case 'quota':
    case 'rejected':
      return false;
    default:
      return kind satisfies never;
  }
}
