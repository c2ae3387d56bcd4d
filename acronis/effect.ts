import type { AcronisError } from './errors.js';

/** No connection ever stood. */
const neverSent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];
/** Misdirected, too early: whoever says so has not processed the call, and says that it may be sent again whatever it does. */
const notProcessed = [421, 425];
const gettingTokens = ['idp.token', 'idp.scopedToken'];

/**
 * Whether a change that failed so may have taken effect all the same. The only place where that is decided. Certainly without effect is what cannot
 * have been sent (no connection, no token, our own pace), what was turned away before anybody looked at it (429, 401, 421, 425), and what the vendor
 * itself refuses. All else may have come through: gateways answer 503, 408 and pages of their own after the effect as well as before it.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-421-misdirected-request
 * @see https://www.rfc-editor.org/rfc/rfc8470#section-5.2
 */
export function mayHaveHadEffect({ kind, operation, facts, cause }: AcronisError): boolean {
  if (gettingTokens.includes(operation)) return false;
  switch (kind) {
    case 'unavailable':
      if (facts.status !== undefined) return !notProcessed.includes(facts.status);
      return !neverSent.includes((cause as { code?: string } | undefined)?.code ?? '');
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
