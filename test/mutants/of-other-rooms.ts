import type { Mutant } from './mutant.js';

export const otherMutants: readonly Mutant[] = [
  {
    mistake: 'the look is at the wrong parent',
    file: 'acronis/tenants.ts',
    find: 'list({ parent_id: parentId }',
    replace: "list({ parent_id: '00000000-0000-0000-0000-000000000000' }",
    caughtIn: 'activities/each-fault',
    title: 'commit-then-drop.*ensureCustomerTenant',
  },
  {
    mistake: 'an answer about another object is believed',
    file: 'acronis/confirmation.ts',
    find: 'if (different.length === 0) return answer;',
    replace: 'if (different.length < 9) return answer;',
    caughtIn: 'activities/reads-of-others',
    title: 'is not disabled, nor is the other',
  },
  {
    mistake: 'a tenant whose parent is unknown counts as part of a subtree',
    file: 'acronis/tenants.ts',
    find: 'parent_id: waiting.size === 0',
    replace: 'parent_id: waiting.size >= 0',
    caughtIn: 'acronis/answers-of-others',
    title: 'tenants.list refuses an answer of another',
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
