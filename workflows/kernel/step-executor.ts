import { ActivityFailure, isCancellation } from '@temporalio/workflow';
import { isSettled } from '../../contract/failures.js';
import { HEEDS_TRIES } from '../../contract/revision.js';
import type { StepResult } from '../../contract/steps.js';
import type { DecisionDesk, Problem } from '../decisions/decision-desk.js';
import { describeFailure, mayHaveTakenEffect, type FailureDescription } from './describe-failure.js';
import type { StatusBoard } from './status-board.js';
import type { Undos } from './undos.js';

/** What a run knows of a step from its earlier attempts. */
export type Knowledge = 'none' | 'failed' | 'maybeDone';

/** One attempt at a step, which knows what came of those before it. */
export type Attempt<R> = (before: Knowledge) => Promise<StepResult<R>>;

/** A look-up has no effect, whatever happens to it; a skippable change is one that no later step needs. */
export type Kind = 'lookUp' | 'change' | 'skippable';

export interface ExecutorParts {
  board: StatusBoard;
  desk: DecisionDesk;
  undos: Undos;
  /** Waits, while there is a promise, until this run may change things. */
  turns: { readonly guarded: Promise<void> | undefined };
}

/** Executes one step after the other: tries, records what came of it, and asks a person where one can help. */
export class StepExecutor {
  private readonly knowledge = new Map<string, Knowledge>();
  /** API calls of all attempts that have ended. */
  apiCalls = 0;
  /** How many steps are being tried just now. */
  underWay = 0;

  constructor(
    private readonly parts: ExecutorParts,
    private readonly revision: () => number,
  ) {}

  /** Tries a step until it is done, or a person has decided otherwise. */
  async execute<R>(name: string, attempt: Attempt<R>, kind: Kind = 'change'): Promise<R> {
    const { board, desk, undos, turns } = this.parts;
    for (;;) {
      try {
        if (kind !== 'lookUp') await turns.guarded;
        return await this.record(name, async () => await attempt(this.knowledge.get(name) ?? 'none'));
      } catch (error) {
        const problem = this.learn(name, error, kind);
        if (!desk.canBeHelped(problem, undos.hasUndos)) throw error;
        undos.ownEffects.blocked();
        if ((await desk.waitForDecision(problem)) === 'retry') continue;
        board.stepSkipped(name);
        return null as R;
      }
    }
  }

  private async record<R>(name: string, act: () => Promise<StepResult<R>>): Promise<R> {
    const { board, undos } = this.parts;
    board.stepStarted(name);
    this.underWay += 1;
    try {
      const done = await act();
      this.apiCalls += done.apiCalls;
      this.knowledge.delete(name);
      undos.stepDone(name, done);
      board.stepEnded(name, done);
      return done.result;
    } catch (error) {
      const { message, facts } = describeFailure(error);
      this.apiCalls += facts?.apiCalls ?? 0;
      board.stepFailed(name, message, facts?.attempts);
      throw error;
    } finally {
      this.underWay -= 1;
    }
  }

  /** Keeps what a failure tells of the step's effect. Throws again what no person can help with: a cancellation, and a bug of ours. */
  private learn(name: string, error: unknown, kind: Kind): Problem {
    const { undos } = this.parts;
    const failure = describeFailure(error);
    const came = failure.facts?.came;
    const cancelled = isCancellation(error);
    const effect =
      kind !== 'lookUp' && (cancelled ? this.cancelledAfterEffect(error, failure) : mayHaveTakenEffect(failure));
    if (came !== undefined) undos.stepPartlyDone(name, came);
    else if (effect) undos.stepMayBeDone(name, cancelled && !(failure.facts && mayHaveTakenEffect(failure)));
    if (cancelled || failure.bug) throw error;
    const seen = effect || came !== undefined || this.knowledge.get(name) === 'maybeDone';
    const maybeDone = kind !== 'lookUp' && seen;
    this.knowledge.set(name, maybeDone ? 'maybeDone' : 'failed');
    const mayBeDone = maybeDone && !isSettled(failure.type);
    return { ...failure, step: name, skippable: kind === 'skippable', mayBeDone };
  }

  /** A cancelled step has had no effect when it never began, or when that is known of all its tries. */
  private cancelledAfterEffect(error: unknown, failure: FailureDescription): boolean {
    const known = failure.facts !== undefined && this.revision() >= HEEDS_TRIES;
    return error instanceof ActivityFailure && (!known || mayHaveTakenEffect(failure));
  }

  /** A look-up failed and is made again as an ordinary activity. */
  noteRetry(step: string, { message, facts }: FailureDescription): void {
    this.apiCalls += facts?.apiCalls ?? 0;
    this.parts.board.setLastError(step, message);
  }
}
