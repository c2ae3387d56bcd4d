import type { Mutant } from './mutant.js';

export const vendorsWordMutants: readonly Mutant[] = [
  {
    mistake: "a proxy's page taken for the last word of the vendor",
    file: 'acronis/refusal.ts',
    find: 'if (isFromVendor) return kindOfVendorError(',
    replace: 'if (isFromVendor || status > 0) return kindOfVendorError(',
    caughtIn: 'acronis/proxies',
  },
  {
    mistake: 'a 503 taken for a call that was not made',
    file: 'acronis/effect.ts',
    find: 'facts.status !== undefined ||',
    replace: 'facts.status !== 503 &&',
    caughtIn: 'activities/each-fault',
    title: 'two mails at most',
  },
  {
    mistake: 'a refusal without its optional parts is not understood',
    file: 'acronis/vendor-error.ts',
    find: 'const anything = z.unknown().optional();',
    replace: 'const anything = z.unknown();',
    caughtIn: 'acronis/errors',
    title: 'without context',
  },
  {
    mistake: 'one value of a new kind makes an answer unreadable',
    file: 'acronis/shapes.ts',
    find: 'shape.nullable().default(null).catch(null)',
    replace: 'shape.nullable().default(null)',
    caughtIn: 'acronis/any-reply',
  },
  {
    mistake: 'a deletion that is reported in a new way is not noticed',
    file: 'acronis/shapes.ts',
    find: 'deletedAt = decisive(',
    replace: 'deletedAt = optional(',
    caughtIn: 'acronis/any-reply',
  },
  {
    mistake: 'a cloud held up because a clock was set back',
    file: 'acronis/acronis.ts',
    find: 'createRateLimiter(monotonic)',
    replace: 'createRateLimiter(now)',
    caughtIn: 'acronis/pace',
    title: 'a clock that is set',
  },
  {
    mistake: 'a token that lives for a quarter of an hour costs one for each call',
    file: 'acronis/token.ts',
    find: 'Math.min(RENEW_AHEAD_MS,',
    replace: 'Math.max(RENEW_AHEAD_MS,',
    caughtIn: 'acronis/token',
    title: 'lives',
  },
];
