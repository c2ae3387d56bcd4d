import type { RunRef } from '../../contract/turn-queue.js';
import type { WaitingFor } from '../../contract/status.js';

/** The runs that a blocked run lets pass. Until they have closed, the blocked run changes nothing. */
export class PassingRuns {
  private readonly all: RunRef[] = [];

  constructor(
    private readonly untilClosed: (run: RunRef) => Promise<unknown>,
    private readonly onWaiting: (waiting?: WaitingFor) => void,
  ) {}

  add(run: RunRef): void {
    this.all.push(run);
  }

  /** Resolves when all have closed, including those added meanwhile; undefined when there are none. */
  get allClosed(): Promise<void> | undefined {
    return this.all.length === 0 ? undefined : this.waitUntilAllClosed();
  }

  private async waitUntilAllClosed(): Promise<void> {
    for (let [run] = this.all; run !== undefined; [run] = this.all) {
      this.onWaiting({ waitsFor: run.workflowId });
      await this.untilClosed(run);
      // a parallel branch of the workflow may have waited for the same one
      const at = this.all.indexOf(run);
      if (at >= 0) this.all.splice(at, 1);
      if (this.all.length === 0) this.onWaiting();
    }
  }
}
