import type { BlockedAhead, WaitingFor } from '../../contract/status.js';
import type { RunRef, TurnPlace } from '../../contract/turn-queue.js';
import { runWatches } from '../kernel/activity-options.js';

/**
 * Operations that can fix what blocks another run at the same tenant. Such a run may pass the blocked one when it is
 * next.
 */
export const unblockingOperations: readonly string[] = ['allowAdministratorAccess', 'enableTenant', 'unlockTenant'];

/** A run that passes, and where. */
export interface PassingRun {
  run: RunRef;
  place: TurnPlace;
}

/** Resolves when the run has closed. Calls back with the blocked run for which it waits, or without one. */
type UntilClosed = (passing: PassingRun, onBlocked: (blocked?: BlockedAhead) => void) => Promise<unknown>;

/** The runs that a blocked run lets pass. Until they have closed, the blocked run changes nothing. */
export class PassingRuns {
  private readonly all: PassingRun[] = [];

  constructor(
    private readonly untilClosed: UntilClosed,
    private readonly onWaiting: (waiting?: WaitingFor) => void,
  ) {}

  add(passing: PassingRun): void {
    this.all.push(passing);
  }

  /** Resolves when all have closed, including those added meanwhile; undefined when there are none. */
  get allClosed(): Promise<void> | undefined {
    return this.all.length === 0 ? undefined : this.waitUntilAllClosed();
  }

  private async waitUntilAllClosed(): Promise<void> {
    for (let [passing] = this.all; passing !== undefined; [passing] = this.all) {
      const { workflowId: waitsFor } = passing.run;
      this.onWaiting({ waitsFor });
      await this.untilClosed(passing, (blocked) =>
        this.onWaiting({ waitsFor, ...(blocked && { waitsForBlocked: blocked }) }),
      );
      // a parallel branch of the workflow may have waited for the same one
      const at = this.all.indexOf(passing);
      if (at >= 0) this.all.splice(at, 1);
      if (this.all.length === 0) this.onWaiting();
    }
  }
}

/** Resolves when the run has closed. Calls back with the blocked run that it is, or waits for. */
export async function watchUntilClosed(
  { run, place }: PassingRun,
  onBlocked: (blocked?: BlockedAhead) => void,
): Promise<void> {
  let seen = 'open';
  for (;;) {
    const now = await runWatches.watchRun({ run, place, as: 'at work', seen });
    if (now.state === 'gone') return;
    const blocked = now.state === 'blocked' ? now.blocked : undefined;
    seen = blocked === undefined ? 'open' : JSON.stringify(blocked);
    onBlocked(blocked);
  }
}
