import { ActivityFailure, isCancellation } from '@temporalio/workflow';
import type { EarlierTries } from '../../activities/attempt.js';
import { impliesNoEffect, type FailureFacts } from '../../contract/failures.js';
import { READS_TRIES_ON_CANCEL, RECHECKS_AFTER_GAP, RECHECKS_AFTER_LAST_STEP } from '../../contract/revision.js';
import type { StepResult } from '../../contract/steps.js';
import type { Problem } from '../decisions/blocked-step.js';
import type { DecisionDesk } from '../decisions/decision-desk.js';
import { describeFailure, mayHaveTakenEffect, type FailureDescription } from './describe-failure.js';
import { ExpectedTenant } from './expected-tenant.js';
import type { StatusBoard } from './status-board.js';
import type { Undos } from './undos.js';

/** One attempt at a step; it gets what is known from earlier ones. */
export type StepAttempt<R> = (before: EarlierTries) => Promise<StepResult<R>>;

/** A look-up has no effect, whatever happens to it; a skippable change is one that no later step needs. */
export type StepKind = 'lookUp' | 'change' | 'skippable';

export interface ExecutorParts {
  board: StatusBoard;
  desk: DecisionDesk;
  undos: Undos;
  /** Resolves when this run may change things; undefined when it may now. */
  turns: { readonly untilFree: Promise<void> | undefined };
}

interface PassedOn {
  /** The version of the tenant that a person was asked about: who retries or amends has seen it. */
  shown?: number;
  /** How many activation mails the tries may have sent. */
  mailsTried?: number;
  /** When the last try ended, in ISO 8601. */
  triedUntil?: string;
}

/** True when the attempts themselves have reported that the step may have taken effect. */
const isSure = (failure: FailureDescription) => failure.facts !== undefined && mayHaveTakenEffect(failure);

/** Executes steps: tries, records the result, and asks a person who can help. */
export class StepExecutor {
  private readonly knowledge = new Map<string, EarlierTries>();
  private readonly passedOn = new Map<string, PassedOn>();
  readonly expectedTenant: ExpectedTenant;
  private retried = false;
  /** API calls of all attempts that have ended. */
  apiCalls = 0;
  /** How many steps are running now. */
  inProgress = 0;

  constructor(
    private readonly parts: ExecutorParts,
    private readonly revision: () => number,
  ) {
    this.expectedTenant = new ExpectedTenant(this, parts.desk, revision);
  }

  /** Tries a step until it is done, or a person decides otherwise. */
  async execute<R>(name: string, attempt: StepAttempt<R>, kind: StepKind = 'change'): Promise<R> {
    const { board, desk, undos, turns } = this.parts;
    for (;;) {
      const check = kind === 'lookUp' ? undefined : this.expectedTenant.check();
      // without a check no other tick: the order of commands in recorded histories depends on it
      if (check !== undefined) await check;
      try {
        if (kind !== 'lookUp') await turns.untilFree;
        return await this.record(name, async () => await attempt(this.knowledge.get(name) ?? 'none'));
      } catch (error) {
        const problem = this.recordFailure(name, error, kind);
        if (!desk.canBeHelped(problem, undos.hasUndos)) throw error;
        undos.ownEffects.forgetUnconfirmed();
        if ((await desk.waitForDecision(problem)) === 'retry') continue;
        board.stepSkipped(name);
        return null as R;
      }
    }
  }

  /** See `Steps`. */
  wasRetried(): boolean {
    const isLate = this.expectedTenant.isLate && this.revision() >= RECHECKS_AFTER_LAST_STEP;
    const { retried } = this;
    this.retried = false;
    return retried || isLate;
  }

  /**
   * The input of a change with what is known: earlier tries of its step, what a person was last asked about and has seen,
   * and the tenant that the run means.
   */
  withKnowledge<Input extends object>(input: Input, step: string, before: EarlierTries): Input {
    const known = { look: true, unsure: before === 'maybeDone', ...this.passedOn.get(step) };
    return { ...input, ...(before !== 'none' && 'look' in input && known), ...this.expectedTenant.meant };
  }

  private passOn(
    name: string,
    { shown, mails, endedAt = this.passedOn.get(name)?.triedUntil }: Partial<FailureFacts>,
    effect: boolean,
  ): void {
    const before = this.passedOn.get(name) ?? {};
    // what the step has perhaps done since, nobody has looked at
    const seen = shown ?? (effect ? undefined : before.shown);
    const mailsTried = mails === undefined ? before.mailsTried : (before.mailsTried ?? 0) + mails;
    this.passedOn.set(name, {
      ...(seen !== undefined && { shown: seen }),
      ...(mailsTried !== undefined && { mailsTried }),
      ...(endedAt !== undefined && { triedUntil: endedAt }),
    });
  }

  private async record<R>(name: string, act: () => Promise<StepResult<R>>): Promise<R> {
    const { board, undos } = this.parts;
    board.stepStarted(name);
    this.inProgress += 1;
    const begunAt = Date.now();
    const isLate = this.expectedTenant.isLate && this.revision() >= RECHECKS_AFTER_GAP;
    try {
      const done = await act();
      this.apiCalls += done.apiCalls;
      this.retried ||= isLate || (done.attempts > 1 && this.expectedTenant.meant.meant !== undefined);
      this.expectedTenant.stepDone(begunAt, done.seen);
      this.knowledge.delete(name);
      undos.stepDone(name, done);
      board.stepEnded(name, done);
      return done.result;
    } catch (error) {
      const { message, facts } = describeFailure(error);
      this.apiCalls += facts?.apiCalls ?? 0;
      if (isCancellation(error)) board.stepCancelled(name, facts);
      else board.stepFailed(name, message, facts);
      throw error;
    } finally {
      this.inProgress -= 1;
    }
  }

  /** Records what a failure says about the step's effect. Rethrows a cancellation, and a bug in Tenantry. */
  private recordFailure(name: string, error: unknown, kind: StepKind): Problem {
    const { undos } = this.parts;
    const failure = describeFailure(error);
    const { came } = failure.facts ?? {};
    const cancelled = isCancellation(error);
    const effect =
      kind !== 'lookUp' && (cancelled ? this.cancelledAfterEffect(error, failure) : mayHaveTakenEffect(failure));
    this.passOn(name, failure.facts ?? {}, effect);
    if (came !== undefined) undos.stepPartlyDone(name, came);
    else if (effect) undos.stepMayBeDone(name, cancelled && !isSure(failure) ? 'cancelled' : undefined);
    if (cancelled || failure.bug) throw error;
    const seen = effect || came !== undefined || this.knowledge.get(name) === 'maybeDone';
    const maybeDone = kind !== 'lookUp' && seen;
    this.knowledge.set(name, maybeDone ? 'maybeDone' : 'failed');
    const mayBeDone = maybeDone && !impliesNoEffect(failure.type);
    return { ...failure, step: name, skippable: kind === 'skippable', mayBeDone };
  }

  /** A cancelled step had no effect if it never started, or if all its attempts are known to have had none. */
  private cancelledAfterEffect(error: unknown, failure: FailureDescription): boolean {
    const known = failure.facts !== undefined && this.revision() >= READS_TRIES_ON_CANCEL;
    return error instanceof ActivityFailure && (!known || mayHaveTakenEffect(failure));
  }

  /** Records that a look-up failed and is repeated as an ordinary activity. */
  noteRetry(step: string, { message, facts }: FailureDescription): void {
    this.apiCalls += facts?.apiCalls ?? 0;
    this.parts.board.setLastError(step, message);
  }
}
