import type { RunRef } from '../../contract/turn-queue.js';
import type { WaitingFor } from '../../contract/status.js';

/** Remedies that a blocked run has let in; until they have closed it changes nothing. */
export class Guests {
  private readonly all: RunRef[] = [];

  constructor(
    private readonly closes: (run: RunRef) => Promise<unknown>,
    private readonly tell: (waiting?: WaitingFor) => void,
  ) {}

  letIn(run: RunRef): void {
    this.all.push(run);
  }

  /** Until all have closed, also who is let in meanwhile; undefined when nobody is in. */
  get gone(): Promise<void> | undefined {
    return this.all.length === 0 ? undefined : this.untilGone();
  }

  private async untilGone(): Promise<void> {
    for (let [guest] = this.all; guest !== undefined; [guest] = this.all) {
      this.tell({ waitsFor: guest.workflowId });
      await this.closes(guest);
      // another branch of the run may have waited for the same one
      const at = this.all.indexOf(guest);
      if (at >= 0) this.all.splice(at, 1);
      if (this.all.length === 0) this.tell();
    }
  }
}
