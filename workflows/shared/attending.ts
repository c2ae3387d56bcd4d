import { isCancellation } from '@temporalio/workflow';
import type { Done } from './calling.js';
import { describeFailure } from './describe-failure.js';
import type { Desk } from './desk.js';
import { outcomeUnknown } from './failures.js';
import type { StatusBoard } from './status-board.js';
import type { Undos } from './undos.js';

/** One try of a step; `again` when an earlier one of this run has failed. */
export type Attempt<R> = (again: boolean) => Promise<Done<R>>;

/** Sees steps through, and keeps their status. */
export class Attendant {
  private readonly failed = new Set<string>();
  /** API calls of all attempts that have ended. */
  calls = 0;

  constructor(
    private readonly board: StatusBoard,
    private readonly desk: Desk,
    private readonly undos: Undos,
  ) {}

  /** Tries until it is done, or a person has decided otherwise. */
  async attend<R>(name: string, act: Attempt<R>, skippable = false): Promise<R> {
    for (;;) {
      try {
        return await this.record(name, () => act(this.failed.has(name)));
      } catch (error) {
        this.undos.failed(name, error);
        const failure = describeFailure(error);
        if (isCancellation(error) || failure.bug) throw error;
        this.failed.add(name);
        const problem = { ...failure, step: name, skippable, unsure: outcomeUnknown(failure.type) };
        if (!this.desk.helps(problem, this.undos.any)) throw error;
        const decision = await this.desk.ask(problem);
        if (decision === 'skip') {
          this.board.skipped(name);
          return null as R;
        }
      }
    }
  }

  private async record<R>(name: string, act: () => Promise<Done<R>>): Promise<R> {
    this.board.began(name);
    try {
      const done = await act();
      this.calls += done.apiCalls;
      this.undos.done(name, done);
      this.board.ended(name, done);
      return done.result;
    } catch (error) {
      const { message, facts } = describeFailure(error);
      this.calls += facts?.apiCalls ?? 0;
      this.board.failed(name, message, facts?.attempts);
      throw error;
    }
  }
}
