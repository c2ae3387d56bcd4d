import type { Mutant } from './mutant.js';

export const turnMutants: readonly Mutant[] = [
  {
    mistake: 'an earlier run is passed although it gets on',
    file: 'activities/turn-watch.ts',
    find: 'const seen = before.events === events ? before : { events, since: attempt };',
    replace: 'const seen = before;',
    caughtIn: 'activities/turn-watch',
    title: 'may be passed five minutes after the last event in its history',
  },
  {
    mistake: 'a look that has shown a change missing is forgotten',
    file: 'activities/lost-answers.ts',
    find: 'memory.missing = true;',
    replace: 'delete memory.missing;',
    caughtIn: 'simulation/found',
    title: 'what a person set after a look had shown it missing is not taken back for a lost call',
  },
  {
    mistake: 'a run gives its turn back before its history has what it saw',
    file: 'workflows/turns/turns.ts',
    find: 'if (bySignal) await this.signalRelease(place);\n        else await quick',
    replace: 'await quick',
    caughtIn: 'simulation/released-turns',
    title: 'gives its turn back once the history has what it saw',
  },
  {
    mistake: 'news that came with a query are passed to the run',
    file: 'workflows/kernel/query-guard.ts',
    find: 'isReplaying !== true && areNewsOf(before, task)',
    replace: 'isReplaying !== true && before.events > task.events',
    caughtIn: 'workflows/query-guard',
    title: 'news that come with a query, before their own workflow task, are refused',
  },
  {
    mistake: 'a query may bring the task of another worker',
    file: 'workflows/kernel/query-guard.ts',
    find: 'return before.isReplayed || wasQuiet ?',
    replace: 'return before.isReplayed && wasQuiet ?',
    caughtIn: 'workflows/query-guard',
    title: 'at once after the first task of a run that was just loaded',
  },
];
