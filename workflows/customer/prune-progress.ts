import { openFalls } from './entitlement.js';
import { noFalls } from './falls.js';
import { intendedOf, type Situation } from './intention.js';
import { nextOperation } from './next-operation.js';
import { isAskedFor } from './administrator.js';
import { withoutBulk, type Progress } from './progress.js';
import { lastingTroubles } from './troubles.js';
import { isPatched } from './patches.js';

/** What lasts of what was done and heard, by what is wanted now. A person is kept only until the creation is done. */
export function pruneProgress({ administrator, falls, ...progress }: Progress, situation: Situation): Progress {
  const isBulkOver = progress.isBulk && progress.current === undefined && !intendedOf(nextOperation(situation));
  const known = falls ?? (progress.tenant !== undefined && isPatched(REMEMBERS_FALLS) ? noFalls() : undefined);
  return {
    ...(isBulkOver ? withoutBulk(progress) : progress),
    troubles: lastingTroubles(progress, situation),
    ...(known && { falls: { ...known, asked: openFalls(situation) } }),
    ...(administrator !== undefined && isAskedFor(situation) && { administrator }),
  };
}

/** Customers of older releases asked about each step of a quota alone, and about no item. */
const REMEMBERS_FALLS = 'customer-remembers-falls';
