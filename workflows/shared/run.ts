import { isCancellation } from '@temporalio/workflow';
import { activities, localActivities } from './activity-options.js';
import { call, type Done, type Name, type Result, type Spec } from './calling.js';
import { describeFailure } from './describe-failure.js';
import type { Desk } from './desk.js';
import { outcomeUnknown } from './failures.js';
import type { Facts, StatusBoard } from './status-board.js';
import { together } from './together.js';
import { takeTurn, type Place } from './turns.js';
import { Undos, type UndoName } from './undos.js';

interface Telling {
  summary: string;
  /** What the step is called in this run, where one activity does several steps. */
  as?: string;
}

interface StepTelling<U extends UndoName> extends Telling {
  undo?: readonly [U, Omit<Spec<U>, 'unsure'>];
}

/** What a story may do; the planner does the same without changing anything. */
export type Teller = Pick<Run, 'together' | 'look' | 'step' | 'skippable' | 'found' | 'turn' | 'forget' | 'know'>;

type Naming = Required<Telling>;
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
  private readonly turns = new Set<string>();
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
  async look<N extends Name>(name: N, spec: Spec<N>, { summary, as = name }: Telling): Promise<Result<N>> {
    return await this.once(as, spec, () => this.attend(as, () => this.lookUp(name, spec, { summary, as })));
  }

  /**
   * Makes something so. `undo` is registered before the act, because an act whose answer is lost may have taken effect; it therefore
   * finds what to remove by its mark and must be harmless when there is nothing.
   */
  async step<N extends Name, U extends UndoName = never>(
    name: N,
    spec: Spec<N>,
    { summary, as = name, undo }: StepTelling<U>,
  ): Promise<Result<N>> {
    if (undo) this.undos.register(as, ...undo);
    return await this.once(as, spec, () => this.attend(as, (again) => this.change(name, spec, { summary, as }, again)));
  }

  /** Makes something so that a person may decide to do without: nothing later needs it. */
  async skippable<N extends Name>(name: N, spec: Spec<N>, { summary, as = name }: Telling): Promise<void> {
    await this.once(as, spec, () =>
      this.attend<unknown>(as, (again) => this.change(name, spec, { summary, as }, again), true),
    );
  }

  /**
   * Waits until no other run writes to this tenant, and keeps others away until this run has closed. True when there was somebody to wait
   * for: what was seen before may have changed since.
   */
  async turn(place: Place): Promise<boolean> {
    if (this.turns.has(place.tenantId)) return false;
    const waited = await takeTurn(place, (waitsFor) =>
      this.board.turn({ state: 'running', ...(waitsFor === undefined ? {} : { waitsFor }) }),
    );
    this.turns.add(place.tenantId);
    return waited;
  }

  /** A look has shown that nothing is left to be done for this step. */
  found(step: string): void {
    if (this.board.stepState(step) === 'pending') this.board.ended(step, { adopted: true, attempts: 0 });
  }

  /** A step that was done is done anew when it is told again. */
  forget(step: string): void {
    for (const key of this.done.keys()) if (key.startsWith(`${step} `)) this.done.delete(key);
  }

  /** Keeps what the story has learnt of its customer. */
  know(facts: Facts): void {
    this.board.know(facts);
  }

  /** Takes back what this run did, newest first. */
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

  private async lookUp<N extends Name>(name: N, spec: Spec<N>, { summary, as }: Naming): Promise<Done<Result<N>>> {
    const options = { summary: short(summary) };
    try {
      return await call(localActivities, name, spec, options);
    } catch (error) {
      const { again, message, facts } = describeFailure(error);
      if (isCancellation(error) || !again) throw error;
      this.calls += facts?.apiCalls ?? 0;
      this.board.note(as, message);
      const done = await call(activities, name, spec, { ...options, activityId: as });
      return { ...done, attempts: done.attempts + 1, lastError: done.lastError ?? message };
    }
  }

  private async change<N extends Name>(name: N, spec: Spec<N>, { summary, as }: Naming, again: boolean) {
    const careful = again && 'look' in spec ? { ...spec, look: true } : spec;
    const done = await call(activities, name, careful, { summary: short(summary), activityId: as });
    this.changed ||= done.changed;
    return done;
  }

  /** Tries until it is done, or a person has decided otherwise. */
  private async attend<R>(name: string, act: Attempt<R>, skippable = false): Promise<R> {
    for (;;) {
      try {
        return await this.record(name, () => act(this.failed.has(name)));
      } catch (error) {
        this.undos.failed(name, error);
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
      this.undos.done(name, done.changed);
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
