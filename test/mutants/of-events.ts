import type { Mutant } from './mutant.js';

export const eventMutants: readonly Mutant[] = [
  {
    mistake: 'an event counts whenever it was signed',
    file: 'sources/signatures.ts',
    find: 'if (Math.abs(age) <= TOLERANCE_S) return undefined;',
    replace: 'if (Math.abs(age) >= 0) return undefined;',
    caughtIn: 'gateway/vectors',
    title: 'too (old|new)',
  },
  {
    mistake: 'an event is answered 202 before Temporal has it',
    file: 'gateway/event-door.ts',
    find: 'this.parts.deliver(one, deadline)',
    replace: 'void this.parts.deliver(one, deadline).catch(() => undefined)',
    caughtIn: 'gateway/answers',
    title: 'while Temporal is away',
  },
  {
    mistake: 'an event chooses from which host its key comes',
    file: 'sources/connectwise.ts',
    find: '!hosts.includes(url.hostname)',
    replace: 'hosts.length === 0',
    caughtIn: 'gateway/vectors',
    title: '401 and never asked',
  },
  {
    mistake: 'an event of the other mode counts',
    file: 'gateway/read-events.ts',
    find: "reading.live === (mode === 'live')",
    replace: "reading.live || mode === 'live'",
    caughtIn: 'gateway/answers',
    title: 'a source of the other mode ignores it',
  },
  {
    mistake: 'an event is verified by a key from wherever a redirect leads',
    file: 'gateway/signing-keys.ts',
    find: "redirect: 'error'",
    replace: "redirect: 'follow'",
    caughtIn: 'gateway/signing-keys',
    title: 'a redirect is not followed',
  },
];
