import { bearerToken } from './credentials.js';
import { isAcronisError } from './errors.js';
import { createTokenSource, readIssuedToken, type IssuedToken, type IssuerOptions, type TokenSource } from './token.js';

/** Tokens of at most as many tenants are kept; the oldest entry is dropped first. */
const MAX_TENANTS = 1000;

/**
 * Tokens of our API client in the scope of one tenant below it, cached per tenant. Issued in exchange for our own
 * token, so they do not outlive it. Fails with `forbidden` for a tenant that is not below us, otherwise as any call.
 * @see https://developer.acronis.com/doc/account-management/v2/guide/ (authentication)
 */
export function createScopedTokens(ownTokens: TokenSource, options: IssuerOptions): (tenantId: string) => TokenSource {
  const sources = new Map<string, TokenSource>();
  return (tenantId) => {
    const known = sources.get(tenantId);
    if (known !== undefined) return known;
    const [oldest] = sources.keys();
    if (oldest !== undefined && sources.size >= MAX_TENANTS) sources.delete(oldest);
    const source = createTokenSource(scopedIssuer(ownTokens, tenantId, options), options.monotonic);
    sources.set(tenantId, source);
    return source;
  };
}

function scopedIssuer(
  ownTokens: TokenSource,
  tenantId: string,
  { transport, redaction, now }: IssuerOptions,
): () => Promise<IssuedToken> {
  const call = { operation: 'idp.scopedToken', route: 'POST /idp/token' };
  const scope = `urn:acronis.com:tenant-id:${tenantId}`;
  async function exchange(assertion: string): Promise<IssuedToken> {
    const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
    const form = new URLSearchParams({ grant_type, assertion, scope });
    const { headers, secrets } = bearerToken(assertion);
    return readIssuedToken({ ...call, secrets }, await transport({ ...call, headers, form }), redaction, now());
  }
  return async () => {
    const token = await ownTokens.get();
    try {
      return await exchange(token);
    } catch (error) {
      if (!isAcronisError(error) || error.kind !== 'credentials') throw error;
      // as with any call, one 401 only says that our token is no longer valid
      ownTokens.invalidate(token);
      return exchange(await ownTokens.get());
    }
  };
}
