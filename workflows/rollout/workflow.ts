import {
  ApplicationFailure,
  condition,
  continueAsNew,
  defineQuery,
  defineUpdate,
  patched,
  setHandler,
  sleep,
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
import { Beginnings, portionsOf } from './beginnings.js';
import { decide, validate } from './decide.js';
import { memoryFrom, type Ended, type RolloutMemory } from './memory.js';
import { begin, isOver, judge, nextCustomers, settle } from './progress.js';
import { stateOf, statusOf } from './status.js';
import { forgetRows, lookAtCustomers, rollOut } from './tasks.js';

/** A longer history makes the rollout continue as new, so that any worker can replay it quickly. */
const MAX_EVENTS = 2000;

/** From this patch on, a rollout looks at those that have begun while it begins others. */
const BEGINS_BESIDE = 'rollout-begins-while-it-looks';
/** A customer that does not answer holds up no more than so many others. */
const PORTION = 10;
/** Those that have just begun wait so long for the end of the look at the others. */
const JOINS_LOOK_AFTER = '5 seconds';

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
  private readonly beginnings = new Beginnings();
  private readonly beginsBeside = patched(BEGINS_BESIDE);
  /** Counts what must be looked at without waiting for the end of the present look. */
  private changes = 0;
  /** The customers at which it looks now. */
  private looked: readonly number[] | undefined;
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
      if (isOver(this.start, this.memory)) await condition(() => !this.actors.isBusy && !this.beginnings.isBusy);
      this.beginnings.throwIfFailed();
      if (isOver(this.start, this.memory)) break;
      const { changes } = this;
      this.memory = judge(this.start, this.memory, Date.now());
      this.announce();
      this.showInLists();
      const mustContinue = this.mustContinueAsNew;
      if (mustContinue && !this.beginnings.isBusy) return await continueAsNew<typeof rollout>(this.start, this.memory);
      if (!mustContinue) await this.beginNext();
      await this.untilSomethingHappens(() => this.changes !== changes);
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
            this.changes += 1;
            return decision;
          });
        },
        { validator: (request) => validate(this.memory, choice, request), description: descriptions[choice] },
      );
  }

  private async beginNext(): Promise<void> {
    const next = nextCustomers(this.start, this.memory);
    if (next.length === 0) return;
    const repeated = new Set(this.memory.again);
    this.memory = begin(this.memory, next);
    if (!this.beginsBeside) return await this.rollOut(next, repeated);
    for (const places of portionsOf(next, PORTION))
      this.beginnings.begin(
        places,
        () => this.rollOut(places, repeated),
        () => void this.joinLook(),
      );
  }

  private async rollOut(places: readonly number[], repeated: ReadonlySet<number>): Promise<void> {
    const { action, plans, rows, cloud, actor, reason, refs } = this.start;
    const customers = places.map((at) => ({ ref: refs[at]!, ...(repeated.has(at) && { again: true as const }) }));
    const of = {
      action,
      ...(plans && { plans }),
      ...(rows && { rows }),
      rollout: workflowInfo().workflowId,
      ...(cloud !== undefined && { cloud }),
      actor,
      reason,
    };
    const summary = toSummary(`${action}: ${places.length} customers`);
    this.settle(await rollOut.executeWithOptions({ summary }, [{ ...of, customers }]));
  }

  /** A look usually ends soon by itself. One at customers that take long is begun again with the new ones. */
  private async joinLook(): Promise<void> {
    const { looked } = this;
    if (looked !== undefined) await sleep(JOINS_LOOK_AFTER).catch(() => undefined);
    if (this.looked === looked) this.changes += 1;
  }

  /** Until a customer under way has come out, or a person decides. */
  private async untilSomethingHappens(hasChanged: () => boolean): Promise<void> {
    const { underWay, blocked } = this.memory;
    if (hasChanged()) return;
    const begun = underWay.filter((place) => !this.beginnings.has(place));
    if (begun.length > 0) await this.lookUnless(hasChanged, begun);
    else if (this.beginnings.isBusy || blocked !== undefined) await condition(hasChanged);
  }

  private async lookUnless(hasChanged: () => boolean, begun: readonly number[]): Promise<void> {
    this.looked = begun;
    await isMetBefore(hasChanged, async () => await this.look(begun));
    this.looked = undefined;
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
