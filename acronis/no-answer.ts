const untrusted =
  "its certificate is from an authority that this machine does not trust; NODE_EXTRA_CA_CERTS can name a file with that authority's certificate";

/** What Node's codes mean. A code that is not here stays as it is. */
const meanings: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name cannot be looked up now',
  ENETUNREACH: 'the network does not lead there',
  EHOSTUNREACH: 'the network does not lead there',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  EPROTO: 'it does not use TLS as this machine does',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not use TLS',
};

/** Why there was no answer, in plain words and with the code. */
export function noAnswerReason(code: string): string {
  const meaning = meanings[code];
  return meaning === undefined ? code : `${meaning} (${code})`;
}

/**
 * The part of an error that may be kept: only its name and code. Errors of fetch and ky carry the request with address,
 * headers and query.
 */
export function safeCause(error: unknown): { name: string; code?: string } {
  const { name, code, cause } = (error ?? {}) as { name?: unknown; code?: unknown; cause?: { code?: unknown } | null };
  const found = [cause?.code, code].find((each) => typeof each === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(each));
  const safe = { name: typeof name === 'string' && /^\w{1,40}$/.test(name) ? name : 'Error' };
  return typeof found === 'string' ? { ...safe, code: found } : safe;
}
