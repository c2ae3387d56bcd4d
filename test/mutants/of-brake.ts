import type { Mutant } from './mutant.js';

export const brakeMutants: readonly Mutant[] = [
  {
    mistake: 'an engaged brake grants again once an hour is over',
    file: 'workflows/brake/count.ts',
    find: 'if (memory.engaged === undefined && why === undefined) return grant(',
    replace: 'if (tooMany(memory, now) === undefined) return grant(',
    caughtIn: 'test/workflows/brake/count',
    title: 'until a person releases',
  },
  {
    mistake: 'a question that comes again while it waits counts again',
    file: 'workflows/brake/count.ts',
    find: 'if (memory.waiting.some(isAsked)) return memory;',
    replace: '',
    caughtIn: 'test/workflows/brake/count',
    title: 'counts once',
  },
  {
    mistake: 'a clock that was set back makes creations wait for as long as it was set back',
    file: 'workflows/brake/count.ts',
    find: 'return times.map((at) => Math.min(at, now)).filter(',
    replace: 'return times.filter(',
    caughtIn: 'test/workflows/brake/lasting',
    title: 'after the clock was set back',
  },
  {
    mistake: 'each customer that waits costs a notice',
    file: 'workflows/brake/workflow.ts',
    find: 'if (!engaged?.isNews || this.announcing === engaged.since) return;',
    replace: 'if (engaged === undefined) return;',
    caughtIn: 'test/workflows/brake/workflow',
    title: 'with one notice',
  },
  {
    mistake: 'the brake keeps what its customer no longer wants',
    file: 'workflows/brake/gate.ts',
    find: "if (current() === 'forgotten') await this.withdraw(intent);",
    replace: '',
    caughtIn: 'test/workflows/brake/workflow',
    title: 'forgets what its customer no longer wants',
  },
];
