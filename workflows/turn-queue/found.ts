import type { Claim, RunRef } from '../../contract/turn-queue.js';
import { isOtherRun, isSameRun, refOf } from './run-refs.js';
import type { RunsAtPlace } from './state.js';

/** Adds the runs that others have found at work. A run that claims a turn again is not at work, whatever they say. */
export function addFound({ atWork, waiting }: RunsAtPlace, found: readonly RunRef[]): void {
  for (const run of found) {
    const claimsAgain = waiting.some((one) => one.gaveBack === true && isSameRun(run)(one));
    if (!claimsAgain && !atWork.some(isSameRun(run))) atWork.push(refOf(run));
  }
}

/** A run that claims a turn again waits in the line, although others may have found it at work since it gave it back. */
export function forgetFound(line: RunsAtPlace, claim: Claim): void {
  if (claim.gaveBack !== true) return;
  line.atWork = line.atWork.filter((one) => one.grant !== undefined || isOtherRun(claim)(one));
}
