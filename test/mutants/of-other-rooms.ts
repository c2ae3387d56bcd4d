import type { Mutant } from './mutant.js';

export const otherMutants: readonly Mutant[] = [
  {
    mistake: 'the look is at the wrong parent',
    file: 'acronis/tenants.ts',
    find: "'parentId' in by ? { parent_id: by.parentId }",
    replace: "'parentId' in by ? { parent_id: '00000000-0000-0000-0000-000000000000' }",
    caughtIn: 'activities/each-fault',
    title: 'commit-then-drop.*ensureCustomerTenant',
  },
  {
    mistake: 'the HTTP client repeats calls by itself',
    file: 'acronis/transport.ts',
    find: 'retry: 0,',
    replace: "retry: { limit: 2, methods: ['get', 'put', 'post', 'delete'], statusCodes: [503] },",
    caughtIn: 'acronis/',
  },
  {
    mistake: 'a token in an error',
    file: 'acronis/transport.ts',
    find: "  return new AcronisError('unavailable', operation, { route, reason }, { cause });",
    replace:
      "  return new AcronisError('unavailable', operation, { route, reason: String((error as { request?: { headers: Headers } }).request?.headers.get('authorization') ?? reason) }, { cause: error });",
    caughtIn: 'acronis/secrecy|acronis/http',
  },
  {
    mistake: 'Retry-After ignored',
    file: 'acronis/rate-limiter.ts',
    find: 'now() + (retryAfterMs ?? gapMs)',
    replace: 'now() + Math.min(retryAfterMs ?? gapMs, 1)',
    caughtIn: 'acronis/pace',
  },
  {
    mistake: 'histories are kept in the open although there are keys',
    file: 'vault/codec.ts',
    find: 'keys && !isEncrypted(payload) ? encode(payload, keys) : payload',
    replace: 'keys?.current.id === "" ? encode(payload, keys) : payload',
    caughtIn: 'vault/',
  },
];
