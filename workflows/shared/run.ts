import { isCancellation } from '@temporalio/workflow';
import { activities, localActivities } from './activity-options.js';
import { call, type Done, type Name, type Result, type Spec } from './calling.js';
import { describeFailure } from './describe-failure.js';
import type { Desk } from './desk.js';
import { outcomeUnknown } from './failures.js';
import type { StatusBoard } from './status-board.js';
import { together } from './together.js';
import { Undos, type UndoName } from './undos.js';

interface Telling {
  summary: string;
}

type Attempt<R> = (again: boolean) => Promise<Done<R>>;

/**
 * One run of an operation: does the steps, keeps their status, and remembers how to undo them. A step that is done is not repeated
 * when the story is told again with an amended input, unless what it was to do has changed.
 */
export class Run {
  readonly together = together;
  private readonly undos: Undos;
  private readonly done = new Map<string, unknown>();
  private readonly failed = new Set<string>();
  private calls = 0;
  /** True once a step of this run made a difference. */
  changed = false;

  constructor(
    readonly board: StatusBoard,
    private readonly desk: Desk,
  ) {
    this.undos = new Undos(board);
  }

  get apiCalls(): number {
    return this.calls + this.undos.apiCalls;
  }

  /** True when something with an undo was begun, whether or not it took effect. */
  get mayHaveMade(): boolean {
    return this.undos.any;
  }

  /** Looks something up. Changes nothing, so there is nothing to undo; visible as an ordinary activity once the cloud does not answer. */
  async look<N extends Name>(name: N, spec: Spec<N>, { summary }: Telling): Promise<Result<N>> {
    return await this.once(name, spec, () => this.attend(name, () => this.lookUp(name, spec, summary)));
  }

  /**
   * Makes something so. `undo` is registered before the act, because an act whose answer is lost may have taken effect; it therefore
   * finds what to remove by its mark and must be harmless when there is nothing.
   */
  async step<N extends Name, U extends UndoName = never>(
    name: N,
    spec: Spec<N>,
    { summary, undo }: Telling & { undo?: readonly [U, Omit<Spec<U>, 'unsure'>] },
  ): Promise<Result<N>> {
    if (undo) this.undos.register(name, ...undo);
    return await this.once(name, spec, () => this.attend(name, (again) => this.change(name, spec, summary, again)));
  }

  /** Makes something so that a person may decide to do without: nothing later needs it. */
  async skippable<N extends Name>(name: N, spec: Spec<N>, { summary }: Telling): Promise<void> {
    await this.once(name, spec, () =>
      this.attend<unknown>(name, (again) => this.change(name, spec, summary, again), true),
    );
  }

  /** Removes what this run made, newest first. */
  async undo() {
    return await this.undos.run();
  }

  private async once<R>(name: string, spec: object, act: () => Promise<R>): Promise<R> {
    const { look: _look, ...identity } = spec as { look?: boolean };
    const key = `${name} ${JSON.stringify(identity)}`;
    if (this.done.has(key)) return this.done.get(key) as R;
    const result = await act();
    this.done.set(key, result);
    return result;
  }

  private async lookUp<N extends Name>(name: N, spec: Spec<N>, summary: string): Promise<Done<Result<N>>> {
    const options = { summary: short(summary) };
    try {
      return await call(localActivities, name, spec, options);
    } catch (error) {
      const { again, message, facts } = describeFailure(error);
      if (isCancellation(error) || !again) throw error;
      this.calls += facts?.apiCalls ?? 0;
      this.board.note(name, message);
      const done = await call(activities, name, spec, { ...options, activityId: name });
      return { ...done, attempts: done.attempts + 1, lastError: done.lastError ?? message };
    }
  }

  private async change<N extends Name>(name: N, spec: Spec<N>, summary: string, again: boolean) {
    const careful = again && 'look' in spec ? { ...spec, look: true } : spec;
    const done = await call(activities, name, careful, { summary: short(summary), activityId: name });
    this.changed ||= done.changed;
    return done;
  }

  /** Tries until it is done, or a person has decided otherwise. */
  private async attend<R>(name: string, act: Attempt<R>, skippable = false): Promise<R> {
    for (;;) {
      try {
        return await this.record(name, () => act(this.failed.has(name)));
      } catch (error) {
        this.undos.ended(name, error);
        const failure = describeFailure(error);
        if (isCancellation(error) || failure.bug) throw error;
        this.failed.add(name);
        const problem = { ...failure, step: name, skippable, unsure: outcomeUnknown(failure.type) };
        if (!this.desk.helps(problem, this.mayHaveMade)) throw error;
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
      this.undos.ended(name);
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

/** Temporal keeps at most 400 bytes of a summary; names of customers may be longer. */
function short(summary: string): string {
  return summary.length <= 100 ? summary : `${summary.slice(0, 99)}…`;
}
