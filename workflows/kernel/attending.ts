import { ActivityFailure, isCancellation } from '@temporalio/workflow';
import type { Done } from '../../contract/steps.js';
import { describeFailure, mayHaveTakenEffect, type FailureDescription } from './describe-failure.js';
import type { Desk } from '../decisions/desk.js';
import { isSettled } from '../../contract/failures.js';
import { FIRST_REVISION, HEEDS_TRIES } from '../../contract/revision.js';
import type { StatusBoard } from './status-board.js';
import type { Undos } from './undos.js';

/** What became of the step before in this run: `again` when it has failed, `unsure` when one of its tries may have taken effect all the same. */
export interface Before {
  again: boolean;
  unsure: boolean;
}

/** One try of a step. */
export type Attempt<R> = (before: Before) => Promise<Done<R>>;

/** One that only looks takes no effect, whatever befalls it; without one that can be skipped the run can do. */
type Kind = 'look' | 'change' | 'skippable';

/** Sees steps through, and keeps their status. */
export class Attendant {
  private readonly before = new Map<string, Before>();
  /** API calls of all attempts that have ended. */
  calls = 0;
  /** How many steps are being tried just now. */
  underWay = 0;

  constructor(
    private readonly board: StatusBoard,
    private readonly desk: Desk,
    private readonly undos: Undos,
    /** Waits, while there is a promise, until this run may change things. */
    private readonly turns: { guarded: Promise<void> | undefined } = { guarded: undefined },
    private readonly revision: () => number = () => FIRST_REVISION,
  ) {}

  /** Tries until it is done, or a person has decided otherwise. */
  async attend<R>(name: string, act: Attempt<R>, kind: Kind = 'change'): Promise<R> {
    const skippable = kind === 'skippable';
    for (;;) {
      try {
        if (kind !== 'look') await this.turns.guarded;
        return await this.record(name, () => act(this.before.get(name) ?? { again: false, unsure: false }));
      } catch (error) {
        const failure = describeFailure(error);
        const may = isCancellation(error) ? this.mayBeDone(error, failure) : mayHaveTakenEffect(failure);
        const came = failure.facts?.came;
        const unsure = kind !== 'look' && (may || came !== undefined || this.before.get(name)?.unsure === true);
        if (came !== undefined) this.undos.partly(name, came);
        if (kind !== 'look' && may && came === undefined)
          this.undos.suspect(name, isCancellation(error) && !isKnown(failure));
        if (isCancellation(error) || failure.bug) throw error;
        this.before.set(name, { again: true, unsure });
        const problem = { ...failure, step: name, skippable, unsure: unsure && !isSettled(failure.type) };
        if (!this.desk.helps(problem, this.undos.any)) throw error;
        this.undos.doings.blocked();
        const decision = await this.desk.ask(problem);
        if (decision === 'skip') {
          this.board.skipped(name);
          return null as R;
        }
      }
    }
  }

  /** A cancelled step: it has had no effect when it never began, or when that is known of all its tries. */
  private mayBeDone(error: unknown, failure: FailureDescription): boolean {
    const known = failure.facts !== undefined && this.revision() >= HEEDS_TRIES;
    return error instanceof ActivityFailure && (!known || mayHaveTakenEffect(failure));
  }

  private async record<R>(name: string, act: () => Promise<Done<R>>): Promise<R> {
    this.board.began(name);
    this.underWay += 1;
    try {
      const done = await act();
      this.calls += done.apiCalls;
      this.before.delete(name);
      this.undos.done(name, done);
      this.board.ended(name, done);
      return done.result;
    } catch (error) {
      const { message, facts } = describeFailure(error);
      this.calls += facts?.apiCalls ?? 0;
      this.board.failed(name, message, facts?.attempts);
      throw error;
    } finally {
      this.underWay -= 1;
    }
  }
}

/** False when nobody has said that a cancelled step may have taken effect. */
function isKnown(failure: FailureDescription): boolean {
  return failure.facts !== undefined && mayHaveTakenEffect(failure);
}
