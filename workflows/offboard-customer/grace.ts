import { condition } from '@temporalio/workflow';
import { checkWhoAndWhy, refuseDecision as refuse } from '../decisions/refusals.js';
import type { Decision, DecisionRequest, ExtendRequest, GraceChoice } from '../../contract/decisions.js';
import { DURATION_FORM, durationMs, isDuration } from '../../contract/durations.js';
import { waitWithin } from '../decisions/reminders.js';
import type { StatusBoard } from '../kernel/status-board.js';
import { RESTORING } from './contract.js';

/** The step at which the grace passes. */
export const GRACE = 'grace' as const;

/** The time between disabling and deleting a tenant, in which people may hold the deletion, put it off, or take it back. */
export class Grace {
  private board: StatusBoard | undefined;
  private disabledAt = 0;
  private endsAt = 0;
  private held: { since: number; by: string } | undefined;
  private restored: string | undefined;
  private over = false;
  private decisions = 0;

  /** True once the tenant is disabled. */
  get begun(): boolean {
    return this.board !== undefined;
  }

  /** Lets the grace pass. Ends when it is over; answers why the tenant is to be given back, if somebody has decided so. */
  async pass(board: StatusBoard, length: string): Promise<string | undefined> {
    this.board = board;
    this.disabledAt = Date.now();
    this.endsAt = this.disabledAt + durationMs(length);
    this.show();
    while (this.restored === undefined && (this.held !== undefined || Date.now() < this.endsAt)) await this.rest();
    this.over = true;
    this.show();
    return this.restored;
  }

  /** Keeps when the tenant was deleted. */
  deleted(): string {
    const deletedAt = time(Date.now());
    this.board?.setFacts({ grace: { disabledAt: time(this.disabledAt), deletedAt, restoring: RESTORING } });
    return deletedAt;
  }

  /** Refuses, with a sentence that says why, what makes no sense now. */
  validate(choice: GraceChoice, request: DecisionRequest & { by?: unknown }): void {
    checkWhoAndWhy(request);
    if (!this.begun) refuse('the grace has not context: the tenant is not disabled yet');
    if (this.restored !== undefined) refuse(`the tenant is given back already: ${this.restored}`);
    if (this.over) refuse('the grace is over; until the tenant is deleted, "cancel" or "abort" still give it back');
    if (choice === 'extendGrace' && !isDuration(request.by)) refuse(`by: ${DURATION_FORM}`);
    if (choice === 'hold' && this.held !== undefined) refuse(`held already: ${this.held.by}`);
    if (choice === 'release' && this.held === undefined) refuse('nobody holds it');
  }

  /** Takes a decision that has been validated. */
  decide(choice: GraceChoice, request: DecisionRequest | ExtendRequest): Decision {
    const { actor, reason } = request;
    const now = Date.now();
    if (choice === 'extendGrace') this.endsAt += durationMs((request as ExtendRequest).by);
    else if (choice === 'hold') this.held = { since: now, by: `${actor}: ${reason}` };
    else if (choice === 'restore') this.restored = `${actor} took it back: ${reason}`;
    else {
      // what was left of the grace is left still
      this.endsAt += now - this.held!.since;
      this.held = undefined;
    }
    this.decisions += 1;
    this.show();
    return this.board!.addDecision({ choice, step: GRACE, actor, verified: false, reason, at: time(now) });
  }

  /** Until the time is up or somebody decides. */
  private async rest(): Promise<void> {
    const seen = this.decisions;
    const decided = () => this.decisions !== seen;
    if (this.held !== undefined) await condition(decided);
    else await waitWithin(decided, this.endsAt - Date.now(), `Until ${time(this.endsAt)}`);
  }

  private show(): void {
    const { held } = this;
    const until = time(this.endsAt);
    this.board!.setFacts({
      grace: {
        disabledAt: time(this.disabledAt),
        ...(held === undefined ? { until } : { heldSince: time(held.since) }),
        next: this.next(until),
        restoring: RESTORING,
      },
    });
  }

  private next(until: string): string {
    if (this.restored !== undefined) return 'it is enabled again';
    if (this.over) return 'it is deleted with everything in it, after the last report where one is kept';
    if (this.held !== undefined) return `nothing until "release" (${this.held.by})`;
    return `it is deleted at ${until}, unless somebody decides otherwise`;
  }
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}
