import type { Mutant } from './mutant.js';

/** Mistakes in what deletes or disables. */
export const deletionMutants: readonly Mutant[] = [
  {
    mistake: 'a deletion goes on although something below was not named',
    file: 'activities/deletion.ts',
    find: '...(unnamed.length > 0 ? [',
    replace: '...(unnamed.length < 0 ? [',
    caughtIn: 'workflows/offboard-customer',
    title: 'another user: a person is asked',
  },
  {
    mistake: 'a customer that somebody may have restored is deleted again',
    file: 'activities/seen-deletions.ts',
    find: 'sent.updatedAt !== null && sent.updatedAt === now ? undefined : PERHAPS_RESTORED',
    replace: 'sent.updatedAt === now ? PERHAPS_RESTORED : undefined',
    caughtIn: 'activities/deleted-again',
    title: 'is not repeated when somebody has restored the customer',
  },
  {
    mistake: 'a deletion is believed without a look',
    file: 'activities/seen-deletions.ts',
    find: '(await isGoneSoon(attempt, isThere)) ? undefined : NOT_DELETED',
    replace: '(await isGoneSoon(attempt, isThere)) ? undefined : undefined',
    caughtIn: 'activities/deleted-again',
    title: 'whose deletion was answered, but had no effect',
  },
  {
    mistake: 'a customer that a person keeps is disabled again after a lost answer',
    file: 'activities/tenant-changes.ts',
    find: 'version > since + 1 && earlierTries',
    replace: 'version < since && earlierTries',
    caughtIn: 'activities/deleted-again',
    title: 'whom somebody has enabled is not disabled again',
  },
];
