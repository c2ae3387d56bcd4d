import { ActivityFailure, ApplicationFailure, CancellationScope, isCancellation } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import { activities, localActivities } from './activity-options.js';
import { describeFailure } from './describe-failure.js';
import { outcomeUnknown } from './failures.js';
import type { StatusBoard } from './status-board.js';
import type { Leftover } from './status.js';

/** What every activity answers: its result, and what it took to get there. */
export interface Done<Result> {
  result: Result;
  /** True when the thing was there already and has been taken over. */
  adopted: boolean;
  /** True when this run made the difference, also when only a look showed that a lost call had worked. */
  changed: boolean;
  attempts: number;
  apiCalls: number;
  lastError?: string;
}

/** What an undo answers: whether it removed anything, and what it had to leave. */
export interface UndoOutcome {
  removed: boolean;
  leftovers: Leftover[];
}

/** The activities that are steps: all but the reading of the input. */
type Name = {
  [N in keyof Activities]: Awaited<ReturnType<Activities[N]>> extends Done<unknown> ? N : never;
}[keyof Activities];
type Spec<N extends Name> = Parameters<Activities[N]>[0];
type Result<N extends Name> = Awaited<ReturnType<Activities[N]>> extends Done<infer R> ? R : never;
type UndoName = { [N in Name]: Result<N> extends UndoOutcome ? N : never }[Name];

interface Undo {
  step: string;
  name: UndoName;
  spec: Spec<UndoName>;
  /** The step ended without telling whether it took effect: what it made may be listed late. */
  unsure: boolean;
}

/** One run of an operation: does the steps, keeps their status, and remembers how to undo them. */
export class Run {
  private readonly undos: Undo[] = [];
  apiCalls = 0;
  /** True once a step of this run made a difference. */
  changed = false;

  constructor(readonly board: StatusBoard) {}

  /** Looks something up. Changes nothing, so there is nothing to undo; visible as an ordinary activity once the cloud does not answer. */
  async look<N extends Name>(name: N, spec: Spec<N>, summary: string): Promise<Result<N>> {
    return await this.record(name, async () => {
      const options = { summary: short(summary) };
      try {
        return await call(localActivities, name, spec, options);
      } catch (error) {
        const { again, message, facts } = describeFailure(error);
        if (isCancellation(error) || !again) throw error;
        this.apiCalls += facts?.apiCalls ?? 0;
        this.board.note(name, message);
        const done = await call(activities, name, spec, { ...options, activityId: name });
        return { ...done, attempts: done.attempts + 1, lastError: done.lastError ?? message };
      }
    });
  }

  /**
   * Makes something so. `undo` is registered before the act, because an act whose answer is lost may have taken effect; it therefore
   * finds what to remove by its mark and must be harmless when there is nothing.
   */
  async step<N extends Name, U extends UndoName = never>(
    name: N,
    spec: Spec<N>,
    { summary, undo }: { summary: string; undo?: readonly [U, Omit<Spec<U>, 'unsure'>] },
  ): Promise<Result<N>> {
    const registered = undo && { step: name, name: undo[0], spec: undo[1] as Spec<UndoName>, unsure: true };
    if (registered) this.undos.push(registered);
    try {
      const result = await this.record(name, async () => {
        const done = await call(activities, name, spec, { summary: short(summary), activityId: name });
        this.changed ||= done.changed;
        return done;
      });
      if (registered) registered.unsure = false;
      return result;
    } catch (error) {
      if (registered) registered.unsure = isCancellation(error) || outcomeUnknown(describeFailure(error).type);
      throw error;
    }
  }

  /** True when something with an undo was begun, whether or not it took effect. */
  get mayHaveMade(): boolean {
    return this.undos.length > 0;
  }

  /** Waits until all have ended, whatever happens to one of them, then reports every failure at once: an undo never overtakes an act. */
  async together<T extends readonly unknown[]>(...branches: { [K in keyof T]: Promise<T[K]> | T[K] }): Promise<T> {
    const ended = await Promise.allSettled(branches);
    const errors = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    if (errors.length === 0) return ended.map((one) => (one as PromiseFulfilledResult<unknown>).value) as unknown as T;
    const bug = errors.find((error) => !isCancellation(error) && describeFailure(error).bug);
    throw bug ?? errors.find(isCancellation) ?? (errors.length === 1 ? errors[0] : inOne(errors));
  }

  /** Removes what this run made, newest first. Not cancellable; tries every undo even when one of them fails. */
  async undo(): Promise<UndoOutcome> {
    const outcome: UndoOutcome = { removed: false, leftovers: [] };
    await CancellationScope.nonCancellable(async () => {
      for (const undo of this.undos.splice(0).toReversed()) {
        const { removed, leftovers } = await this.undoOne(undo);
        outcome.removed ||= removed;
        outcome.leftovers.push(...leftovers);
      }
    });
    return outcome;
  }

  private async undoOne({ step, name, spec, unsure }: Undo): Promise<UndoOutcome> {
    try {
      const done = await call(activities, name, { ...spec, unsure }, { summary: `Undo ${step}`, activityId: name });
      this.apiCalls += done.apiCalls;
      if (done.result.removed) this.board.undone(step);
      return done.result;
    } catch (error) {
      const { message, bug } = describeFailure(error);
      if (bug) throw error;
      const kind = name === 'removeUser' ? ('user' as const) : ('tenant' as const);
      const known = kind === 'user' ? this.board.facts.userId : this.board.facts.tenantId;
      return {
        removed: false,
        leftovers: [{ kind, id: known ?? `unknown, marked for ${this.board.id}`, reason: message }],
      };
    }
  }

  private async record<R>(name: string, act: () => Promise<Done<R>>): Promise<R> {
    this.board.began(name);
    try {
      const done = await act();
      this.apiCalls += done.apiCalls;
      this.board.ended(name, done);
      return done.result;
    } catch (error) {
      const { message, facts } = describeFailure(error);
      this.apiCalls += facts?.apiCalls ?? 0;
      this.board.failed(name, message, facts?.attempts);
      throw error;
    }
  }
}

type Proxy = Record<string, { executeWithOptions(options: object, args: unknown[]): Promise<unknown> }>;

function call<N extends Name>(proxy: object, name: N, spec: Spec<N>, options: object): Promise<Done<Result<N>>> {
  return (proxy as Proxy)[name]!.executeWithOptions(options, [spec]) as Promise<Done<Result<N>>>;
}

function inOne(errors: unknown[]): ApplicationFailure {
  const all = errors.map(describeFailure);
  return ApplicationFailure.create({
    type: all[0]!.type,
    nonRetryable: true,
    message: all.map(({ message }) => message).join('; '),
    details: [{ attempts: 1, apiCalls: 0, step: all[0]!.step }],
    ...(errors[0] instanceof ActivityFailure ? { cause: errors[0] } : {}),
  });
}

/** Temporal keeps at most 400 bytes of a summary; names of customers may be longer. */
function short(summary: string): string {
  return summary.length <= 100 ? summary : `${summary.slice(0, 99)}…`;
}
