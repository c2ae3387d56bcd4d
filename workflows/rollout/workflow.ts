import {
  ApplicationFailure,
  condition,
  continueAsNew,
  defineQuery,
  defineUpdate,
  proxyActivities,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { autoUpgrade } from '../kernel/new-versions.js';
import type { Activities } from '../../activities/index.js';
import type { DecisionRequest } from '../../contract/decisions.js';
import { FailureType } from '../../contract/failures.js';
import { toSummary } from '../../contract/markdown.js';
import {
  ROLLOUT_QUERY,
  rolloutChoices,
  rolloutProblem,
  type RolloutChoice,
  type RolloutDecision,
  type RolloutStart,
  type RolloutState,
  type RolloutStatus,
} from '../../contract/rollout.js';
import { tenantryState } from '../../contract/search-attributes.js';
import type { Proven } from '../../contract/actors.js';
import { ActorCheck, withoutForgedMarks } from '../decisions/actor-check.js';
import { isMetBefore } from '../decisions/reminders.js';
import { notices } from '../kernel/activity-options.js';
import { decide, validate } from './decide.js';
import { memoryFrom, type Ended, type RolloutMemory } from './memory.js';
import { begin, isOver, judge, nextCustomers, settle } from './progress.js';
import { stateOf, statusOf } from './status.js';

/** A longer history makes the rollout continue as new, so that any worker can replay it quickly. */
const MAX_EVENTS = 2000;

/** A dead worker is noticed when its heartbeats stop: until then nobody else begins. */
const heartbeatTimeout = '10 seconds';

const { rollOut } = proxyActivities<Activities>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

/** Its attempts add nothing to the history, and no slot is used between them. */
const { lookAtCustomers } = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  heartbeatTimeout,
  cancellationType: 'TRY_CANCEL',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 1.5, maximumInterval: '10 seconds' },
});

/** The rows of an import are personal data: they go with it. */
const { forgetRows } = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', maximumAttempts: 5 },
});

/**
 * Does one thing for many customers: first for a few, the canary, and once these are as wanted, for the others, a few at
 * a time. When too many fail, nobody else begins until a person decides. Customers that have begun go on by themselves.
 * It ends with the outcome of every customer. Cancelled or terminated, it begins nobody else.
 */
export async function rollout(start: RolloutStart, memory?: RolloutMemory | null): Promise<RolloutStatus> {
  const problem = rolloutProblem(start);
  if (problem !== undefined) throw ApplicationFailure.nonRetryable(problem, FailureType.InvalidInput);
  return await new Rollout(start, memoryFrom(withoutForgedMarks(memory), Date.now())).run();
}

autoUpgrade(rollout);

const descriptions: Readonly<Record<RolloutChoice, string>> = {
  resume: 'Go on: the failures so far count no more',
  retry: 'Begin once more with those that have failed, and go on',
  stop: 'Begin nobody else, and end',
};

class Rollout {
  private readonly actors = new ActorCheck();
  private decisions = 0;
  private shownState: RolloutState | undefined;
  /** Since when the rollout is blocked whose notice is under way. */
  private announcing: string | undefined;

  constructor(
    private readonly start: RolloutStart,
    private memory: RolloutMemory,
  ) {
    this.takeDecisions();
    setHandler(defineQuery<RolloutStatus>(ROLLOUT_QUERY), () => this.status, {
      description: 'How far it is, what became of each customer, and what it waits for',
    });
  }

  async run(): Promise<RolloutStatus> {
    for (;;) {
      // what is being decided now may begin something
      if (isOver(this.start, this.memory)) await condition(() => !this.actors.isBusy);
      if (isOver(this.start, this.memory)) break;
      const { decisions } = this;
      this.memory = judge(this.start, this.memory, Date.now());
      this.announce();
      this.showInLists();
      if (this.mustContinueAsNew) return await continueAsNew<typeof rollout>(this.start, this.memory);
      await this.beginNext();
      await this.untilSomethingHappens(() => this.decisions !== decisions);
    }
    this.showInLists();
    await this.forgetRows();
    return this.status;
  }

  private async forgetRows(): Promise<void> {
    const { rows } = this.start;
    // the rollout has done what it was for, whatever becomes of them
    if (rows !== undefined) await forgetRows(rows).catch(() => undefined);
  }

  private get status(): RolloutStatus {
    return statusOf(workflowInfo().workflowId, this.start, this.memory);
  }

  private get mustContinueAsNew(): boolean {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    if (this.actors.isBusy) return false;
    return continueAsNewSuggested || (historyLength > MAX_EVENTS && this.announcing === undefined);
  }

  private takeDecisions(): void {
    for (const choice of rolloutChoices)
      setHandler(
        defineUpdate<RolloutDecision, [Proven<DecisionRequest>]>(choice),
        (request) => {
          const taking = { choice, request, validate: () => validate(this.memory, choice, request) };
          return this.actors.take(taking, (known) => {
            const { memory, decision } = decide(this.memory, choice, known, Date.now());
            this.memory = memory;
            this.decisions += 1;
            return decision;
          });
        },
        { validator: (request) => validate(this.memory, choice, request), description: descriptions[choice] },
      );
  }

  private async beginNext(): Promise<void> {
    const { action, plans, rows, cloud, actor, reason, refs } = this.start;
    const next = nextCustomers(this.start, this.memory);
    if (next.length === 0) return;
    const repeated = new Set(this.memory.again);
    this.memory = begin(this.memory, next);
    const customers = next.map((at) => ({ ref: refs[at]!, ...(repeated.has(at) && { again: true as const }) }));
    const of = {
      action,
      ...(plans && { plans }),
      ...(rows && { rows }),
      rollout: workflowInfo().workflowId,
      ...(cloud !== undefined && { cloud }),
      actor,
      reason,
    };
    const summary = toSummary(`${action}: ${next.length} customers`);
    this.settle(await rollOut.executeWithOptions({ summary }, [{ ...of, customers }]));
  }

  /** Until a customer under way has come out, or a person decides. */
  private async untilSomethingHappens(isDecided: () => boolean): Promise<void> {
    const { underWay, blocked } = this.memory;
    if (isDecided()) return;
    if (underWay.length > 0) await isMetBefore(isDecided, async () => await this.look(underWay));
    else if (blocked !== undefined) await condition(isDecided);
  }

  private async look(places: readonly number[]): Promise<void> {
    const { cloud, refs } = this.start;
    const spec = { refs: places.map((at) => refs[at]!), ...(cloud !== undefined && { cloud }) };
    const summary = toSummary(`Until one of ${places.length} customers has come out`);
    this.settle(await lookAtCustomers.executeWithOptions({ summary }, [spec]));
  }

  private settle(outcomes: Awaited<ReturnType<Activities['rollOut']>>): void {
    const { refs } = this.start;
    const ended = outcomes.map(({ ref, ...outcome }): Ended => ({ ...outcome, at: refs.indexOf(ref) }));
    this.memory = settle(this.memory, ended);
  }

  /** Sends one notice each time that the rollout is blocked. */
  private announce(): void {
    const { blocked } = this.memory;
    if (!blocked?.isNews || this.announcing === blocked.since) return;
    const { since, why: message } = blocked;
    this.announcing = since;
    const rollout = workflowInfo().workflowId;
    void notices.notify
      .executeWithOptions({ summary: toSummary(`Notify: ${rollout} waits for a decision`) }, [
        { about: 'rollout', rollout, message, since },
      ])
      .catch(() => undefined)
      .then(() => this.markAnnounced(since));
  }

  private markAnnounced(since: string): void {
    const { blocked } = this.memory;
    if (this.announcing === since) this.announcing = undefined;
    if (blocked?.since === since) this.memory = { ...this.memory, blocked: { why: blocked.why, since } };
  }

  private showInLists(): void {
    const state = stateOf(this.start, this.memory);
    if (state === this.shownState) return;
    this.shownState = state;
    upsertSearchAttributes([{ key: tenantryState, value: state }]);
  }
}
