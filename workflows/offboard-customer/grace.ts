import { condition, workflowInfo } from '@temporalio/workflow';
import { actorText, type Verified } from '../../contract/actors.js';
import { ActorCheck } from '../decisions/actor-check.js';
import { checkActorAndReason, refuseDecision as refuse } from '../decisions/refusals.js';
import type { Decision, DecisionRequest, ExtendRequest, GraceChoice } from '../../contract/decisions.js';
import { DURATION_MESSAGE, durationMs, isDuration } from '../../contract/durations.js';
import { toSummary } from '../../contract/markdown.js';
import { waitAtMost } from '../decisions/reminders.js';
import { agreements } from '../kernel/activity-options.js';
import type { StatusBoard } from '../kernel/status-board.js';
import { RESTORING } from './contract.js';

/** The step that waits for the grace. */
export const GRACE = 'grace' as const;

/** The time between disabling and deleting a tenant. People can hold, postpone or cancel the deletion. */
export class Grace {
  readonly actors = new ActorCheck();
  private board: StatusBoard | undefined;
  private disabledAt = 0;
  private endsAt = 0;
  private held: { since: number; by: string } | undefined;
  private restored: string | undefined;
  private over = false;
  private asked: string | undefined;
  private decisions = 0;

  /** True once the tenant is disabled. */
  get hasStarted(): boolean {
    return this.board !== undefined;
  }

  /**
   * Waits until the grace is over, and until the customer agrees, if there is one; returns the reason if somebody has
   * cancelled the offboarding.
   */
  async waitOut(board: StatusBoard, length: string, customer?: string): Promise<string | undefined> {
    this.board = board;
    this.disabledAt = Date.now();
    this.endsAt = this.disabledAt + durationMs(length);
    this.updateStatus();
    while (this.restored === undefined && (this.held !== undefined || Date.now() < this.endsAt))
      await this.waitForChange();
    this.over = true;
    if (this.restored === undefined && customer !== undefined) await this.waitForAgreement(customer);
    this.updateStatus();
    return this.restored;
  }

  /** Records when the tenant was deleted. */
  deleted(): string {
    const deletedAt = time(Date.now());
    this.board?.setFacts({ grace: { disabledAt: time(this.disabledAt), deletedAt, restoring: RESTORING } });
    return deletedAt;
  }

  /** Refuses a decision that is not possible now, and says why. */
  validate(choice: GraceChoice, request: DecisionRequest & { by?: unknown }): void {
    checkActorAndReason(request);
    if (!this.hasStarted) refuse('the grace has not started: the tenant is not disabled yet');
    if (this.restored !== undefined) refuse(`the tenant is given back already: ${this.restored}`);
    if (this.over) refuse('the grace is over; until the tenant is deleted, "cancel" or "abort" still give it back');
    if (choice === 'extendGrace' && !isDuration(request.by)) refuse(`by: ${DURATION_MESSAGE}`);
    if (choice === 'hold' && this.held !== undefined) refuse(`held already: ${this.held.by}`);
    if (choice === 'release' && this.held === undefined) refuse('nobody holds it');
  }

  /** Executes a validated decision. */
  decide(choice: GraceChoice, request: Verified<DecisionRequest | ExtendRequest>): Decision {
    const { actor, verified, reason } = request;
    const by = actorText(request);
    const now = Date.now();
    switch (choice) {
      case 'extendGrace':
        this.endsAt += durationMs((request as ExtendRequest).by);
        break;
      case 'hold':
        this.held = { since: now, by: `${by}: ${reason}` };
        break;
      case 'release':
        // the time on hold does not count
        this.endsAt += now - this.held!.since;
        this.held = undefined;
        break;
      case 'restore':
        this.restored = `${by} took it back: ${reason}`;
        break;
      default:
        choice satisfies never;
    }
    this.decisions += 1;
    this.updateStatus();
    return this.board!.addDecision({ choice, step: GRACE, actor, verified, reason, at: time(now) });
  }

  private async waitForAgreement(customer: string): Promise<void> {
    this.asked = customer;
    this.updateStatus();
    const summary = toSummary(`Until ${customer} agrees to the deletion`);
    await agreements.agreeToEnd.executeWithOptions({ summary }, [{ customer, run: workflowInfo().workflowId }]);
    this.asked = undefined;
  }

  /** Waits until the time is up or somebody decides. */
  private async waitForChange(): Promise<void> {
    const seen = this.decisions;
    const decided = () => this.decisions !== seen;
    if (this.held !== undefined) await condition(decided);
    else await waitAtMost(decided, this.endsAt - Date.now(), `Until ${time(this.endsAt)}`);
  }

  private updateStatus(): void {
    const { held } = this;
    const until = time(this.endsAt);
    this.board!.setFacts({
      grace: {
        disabledAt: time(this.disabledAt),
        ...(held === undefined ? { until } : { heldSince: time(held.since) }),
        next: this.describeNext(until),
        restoring: RESTORING,
      },
    });
  }

  private describeNext(until: string): string {
    if (this.restored !== undefined) return 'it is enabled again';
    if (this.asked !== undefined) return `it is deleted once ${this.asked} agrees, which asks its sources first`;
    if (this.over) return 'it is deleted with everything in it, after the final report if one is ordered';
    if (this.held !== undefined) return `nothing until "release" (${this.held.by})`;
    return `it is deleted at ${until}, unless somebody decides otherwise`;
  }
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}
