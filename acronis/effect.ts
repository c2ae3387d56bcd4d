import type { AcronisError } from './errors.js';
import { PROXY_REFUSED } from './proxied-fetch.js';

/** The connection was never established. */
const neverSent = [PROXY_REFUSED, 'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];
const tokenOperations = ['idp.token', 'idp.scopedToken'];

/**
 * Whether a failed change may have taken effect all the same. This is decided nowhere else. There is certainly no
 * effect when the call cannot have been sent (no connection, no token, our own rate limit), when it was rejected before
 * processing (429, 401), and when the vendor itself refuses it. Everything else may have taken effect: gateways answer
 * 503, 421, 425, 408 and their own pages after the effect as well as before it.
 */
export function mayHaveHadEffect({ kind, operation, facts, cause }: AcronisError): boolean {
  if (tokenOperations.includes(operation)) return false;
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
