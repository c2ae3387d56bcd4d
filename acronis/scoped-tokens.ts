import { isAcronisError } from './errors.js';
import { byToken } from './pass.js';
import { createTokens, issuedToken, type IssuedToken, type IssuerOptions, type Tokens } from './token.js';

/** How many tenants' tokens are kept; the ones used first go first. */
const MOST_KEPT = 1000;

/**
 * Tokens of our API client in the scope of one tenant below it, kept per tenant. Issued by exchanging our own token, so they live no
 * longer than it. Fails with `forbidden` for a tenant that is not below us, otherwise as any call.
 * @see https://developer.acronis.com/doc/account-management/v2/guide/ (authentication)
 */
export function createScopedTokens(base: Tokens, options: IssuerOptions): (tenantId: string) => Tokens {
  const kept = new Map<string, Tokens>();
  return (tenantId) => {
    const known = kept.get(tenantId);
    if (known !== undefined) return known;
    const [first] = kept.keys();
    if (first !== undefined && kept.size >= MOST_KEPT) kept.delete(first);
    const tokens = createTokens(exchange(base, tenantId, options), options.monotonic);
    kept.set(tenantId, tokens);
    return tokens;
  };
}

function exchange(base: Tokens, tenantId: string, { wire, redaction, now }: IssuerOptions): () => Promise<IssuedToken> {
  const call = { operation: 'idp.scopedToken', route: 'POST /idp/token' };
  const scope = `urn:acronis.com:tenant-id:${tenantId}`;
  async function exchanged(assertion: string): Promise<IssuedToken> {
    const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
    const form = new URLSearchParams({ grant_type, assertion, scope });
    const { headers, secrets } = byToken(assertion);
    return issuedToken({ ...call, secrets }, await wire({ ...call, headers, form }), redaction, now());
  }
  return async () => {
    const token = await base.current();
    try {
      return await exchanged(token);
    } catch (error) {
      if (!isAcronisError(error) || error.kind !== 'credentials') throw error;
      // As with any call, one 401 only says that our token is no good any more.
      base.drop(token);
      return exchanged(await base.current());
    }
  };
}
