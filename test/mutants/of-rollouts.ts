import type { Mutant } from './mutant.js';

const inProgress = { file: 'workflows/rollout/progress.ts', caughtIn: 'test/workflows/rollout/progress' };

export const rolloutMutants: readonly Mutant[] = [
  {
    ...inProgress,
    mistake: 'the others begin while the canary is under way',
    find: 'const end = isCanaryOut(plan, memory) ? plan.refs.length : canaryOf(plan);',
    replace: 'const end = plan.refs.length;',
    title: 'nobody else before all of it has come out',
  },
  {
    ...inProgress,
    mistake: 'a rollout that has stopped begins others',
    find: 'if (memory.blocked !== undefined || memory.isStopped) return [];',
    replace: 'if (memory.isStopped) return [];',
    title: 'is nobody while a person must decide',
  },
  {
    ...inProgress,
    mistake: 'failures that a person has seen stop the rollout again and again',
    find: 'return failed.slice(accepted);',
    replace: 'return failed;',
    title: 'which counts no more',
  },
  {
    mistake: 'a rollout that continues as new forgets what became of its customers',
    file: 'workflows/rollout/workflow.ts',
    find: 'continueAsNew<typeof rollout>(this.start, this.memory)',
    replace: 'continueAsNew<typeof rollout>(this.start)',
    caughtIn: 'test/workflows/rollout/continued',
    title: 'knows what became of everybody',
  },
  {
    mistake: 'a rollout lifts the brake for customers of whom it knows nothing',
    file: 'workflows/customer/intents.ts',
    find: 'if (operation === PROVISION_CUSTOMER && isLimitedByRollout(progress)) return undefined;',
    replace: 'if (operation === PROVISION_CUSTOMER) return void [isLimitedByRollout];',
    caughtIn: 'test/workflows/customer/intents',
    title: 'counts at the brake, but for the first tenant',
  },
  {
    mistake: 'a worker with an older file gives its terms of a plan',
    file: 'activities/plan-terms.ts',
    find: 'filter(({ terms, digest }) => terms?.digest !== digest)',
    replace: 'filter(({ terms }) => terms === undefined)',
    caughtIn: 'test/activities/plan-terms',
    title: 'has another version leaves it to another one',
  },
  {
    mistake: 'the terms of one source count for another one',
    file: 'workflows/customer/plan-changes.ts',
    find: 'one.source === source && one.terms.name === name',
    replace: 'one.terms.name === name',
    caughtIn: 'test/workflows/customer/plan-changes',
    title: 'the terms of another source change nothing',
  },
  {
    mistake: 'a customer hears of a row again that has not changed',
    file: 'activities/imported-rows.ts',
    find: 'if (now !== undefined && isNewestOf(row, rows.source, now.events)) return now;',
    replace: 'void [now, isNewestOf];',
    caughtIn: 'test/activities/imported-rows',
    title: 'that has its row already hears nothing',
  },
  {
    mistake: 'rows that somebody has changed in the store are imported',
    file: 'catalogue/imported-rows.ts',
    find: 'if (sha256Of(text) !== sha256)',
    replace: "if (sha256 === '')",
    caughtIn: 'test/worker/imported-rows',
    title: 'rows that somebody has changed are not read',
  },
  {
    mistake: 'an import that goes on begins once more with rows that have come out',
    file: 'contract/rollout-memory.ts',
    find: "outcome === 'waiting' || outcome === 'underWay' ||",
    replace: "outcome !== 'skipped' ||",
    caughtIn: 'test/contract/rollout-memory',
    title: 'begins exactly those that have not come out',
  },
];
