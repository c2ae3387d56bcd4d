import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../../../activities/index.js';
import type { DryRun } from '../../../activities/outside.js';
import type { Name, Result, Spec } from '../../../workflows/shared/calling.js';
import { NONE } from '../../../workflows/shared/earlier.js';
import type { Teller } from '../../../workflows/shared/run.js';
import { takesBack, type UndoName } from '../../../workflows/shared/undos.js';
import { FailureType } from '../../../workflows/shared/failures.js';
import { Placeholders } from './placeholders.js';
import { stepPlans } from './step-plans.js';

/** One step of a run that would begin now. */
export interface PlannedStep {
  step: string;
  state: 'would do' | 'would check' | 'would wait' | 'already done' | 'refused';
  summary: string;
  /** Verb and path of each call, in order; none when it is already done. */
  calls: readonly string[];
  /** What would take it back, when this run must be undone. */
  undo: string | null;
  /** Why it cannot be taken back. */
  irreversible?: string;
}

/** What the two sides of an activity can do without Temporal. */
interface Outside<N extends Name> {
  look?: (spec: Spec<N>) => Promise<Result<N>>;
  dry?: (spec: Spec<N>) => Promise<DryRun<Result<N>>>;
}

type Telling = Pick<PlannedStep, 'summary'> & { as?: string; undo?: readonly [UndoName, object] };

/**
 * Goes through an operation without changing anything. It decides as a run does, because it does what a run does: it looks for real, and has
 * each step done by its own activity up to the first change. Only of what follows from a change that is not made yet, the step plans speak.
 */
export class Planner {
  readonly steps: PlannedStep[] = [];
  readonly warnings: string[] = [];
  readonly refused: string[] = [];
  /** What has been seen of the world. */
  readonly seen: unknown[] = [];
  private readonly unknown = new Placeholders();
  private readonly toBeDone = new Set<Name>();

  constructor(private readonly activities: Activities) {}

  /** The side of it that an operation sees. */
  readonly teller: Teller = {
    together: async (...branches) => {
      const ended = await Promise.allSettled(branches);
      const failed = ended.find((one) => one.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
      return ended.map((one) => (one as PromiseFulfilledResult<unknown>).value) as never;
    },
    look: async (name, spec, telling) => await this.look(name, spec, this.plan(name, spec, telling, 'would check')),
    poll: async (name, spec, telling) => {
      const { step } = this.plan(name, spec, telling, 'would check');
      return this.unknown.of(step, planOf(name).yields) as never;
    },
    wait: async (step, { summary }) => {
      this.steps.push({ step, state: 'would wait', summary, calls: [], undo: null });
    },
    halt: async () => undefined,
    step: async (name, spec, telling) => await this.change(name, spec, this.plan(name, spec, telling, 'would do')),
    skippable: async (name, spec, telling) => {
      await this.change(name, spec, this.plan(name, spec, telling, 'would do'));
    },
    each: async (name, members, telling) => {
      const planned = this.plan(name, {} as Spec<typeof name>, telling, 'would do');
      return await this.each(name, members, { planned, atOnce: telling.atOnce });
    },
    found: (step) => {
      this.steps.push({ step, state: 'already done', summary: 'already done', calls: [], undo: null });
    },
    turn: async () => false,
    earlier: async () => NONE,
    forget: () => undefined,
    know: () => undefined,
  };

  private plan<N extends Name>(
    name: N,
    spec: Spec<N>,
    { summary, as = name, undo }: Telling,
    state: PlannedStep['state'],
  ): PlannedStep {
    const { calls, irreversible } = planOf(name);
    const why = irreversible?.(spec);
    const back = undo !== undefined && takesBack(undo[0]) ? undo[0] : null;
    const planned = {
      step: as,
      state,
      summary,
      calls,
      undo: back,
      ...(why === undefined ? {} : { irreversible: why }),
    };
    this.steps.push(planned);
    return planned;
  }

  private async look<N extends Name>(name: N, spec: Spec<N>, planned: PlannedStep): Promise<Result<N>> {
    const { look } = this.activities[name] as unknown as Outside<N>;
    if (look === undefined) throw new Error(`${name} is used as a look, but changes something`);
    if (this.cannotBeTried(name, spec)) return this.unknown.of(planned.step, planOf(name).yields) as Result<N>;
    const result = await this.unlessRefused(planned, async () => await look(spec));
    this.seen.push(result);
    this.warnings.push(...(planOf(name).warn?.(result) ?? []));
    return result;
  }

  private async change<N extends Name>(name: N, spec: Spec<N>, planned: PlannedStep): Promise<Result<N>> {
    if (!this.cannotBeTried(name, spec)) {
      const tried = await this.unlessRefused(planned, async () => await this.dry(name, spec));
      if (tried.done) {
        alreadyDone(planned);
        this.seen.push(tried.result);
        return tried.result;
      }
      planned.calls = callsOf(name, tried, tried.reads);
    }
    this.toBeDone.add(name);
    return this.unknown.of(planned.step, planOf(name).yields) as Result<N>;
  }

  /** What becomes of one of many stops no other: who would be refused is only named. */
  private async each<N extends Name>(
    name: N,
    members: readonly (Spec<N> & { name: string })[],
    { planned, atOnce }: { planned: PlannedStep; atOnce: number },
  ) {
    const outcomes: ('updated' | 'unchanged' | 'refused')[] = [];
    const routes: string[][] = [];
    for (let from = 0; from < members.length; from += atOnce)
      await Promise.all(
        members.slice(from, from + atOnce).map(async (member, nth) => {
          const tried = await this.oneOfMany(name, member);
          outcomes[from + nth] = typeof tried === 'string' ? 'refused' : tried.done ? 'unchanged' : 'updated';
          if (typeof tried === 'string') this.warnings.push(tried);
          else if (!tried.done) routes[from + nth] = callsOf(name, tried, tried.reads);
        }),
      );
    this.seen.push(outcomes);
    const changing = routes.find((calls) => calls !== undefined);
    if (changing === undefined) alreadyDone(planned);
    else planned.calls = changing;
    const toChange = outcomes.filter((one) => one === 'updated').length;
    planned.summary = `${planned.summary}; ${toChange} would change`;
    return outcomes.map((outcome) => ({ outcome, apiCalls: 0 }));
  }

  private async oneOfMany<N extends Name>(name: N, member: Spec<N> & { name: string }) {
    try {
      return await this.dry(name, member);
    } catch (error) {
      if (!refuses(error)) throw error;
      return `${JSON.stringify(member.name)} would be refused: ${error.message}`;
    }
  }

  private async dry<N extends Name>(name: N, spec: Spec<N>): Promise<DryRun<Result<N>>> {
    const { dry } = this.activities[name] as unknown as Outside<N>;
    if (dry === undefined) throw new Error(`${name} is used as a step, but only looks`);
    if (!('mark' in spec && 'look' in spec) || spec.look === true) return await dry(spec);
    // an earlier run may have made it, and a run of now would find that by the mark; where it does not, it has not looked
    const tried = await dry({ ...spec, look: true });
    return tried.done ? tried : { ...tried, reads: [] };
  }

  private cannotBeTried<N extends Name>(name: N, spec: Spec<N>): boolean {
    const { after = [], asksTemporal = false } = planOf(name);
    return asksTemporal || after.some((earlier) => this.toBeDone.has(earlier)) || this.unknown.isIn(spec);
  }

  private async unlessRefused<T>(planned: PlannedStep, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (refuses(error)) {
        this.refused.push(error.message);
        planned.state = 'refused';
      }
      throw error;
    }
  }
}

function alreadyDone(planned: PlannedStep): void {
  Object.assign(planned, { state: 'already done', calls: [], undo: null });
  delete planned.irreversible;
}

/** What it has read, the first change, and what comes after that when all goes well. */
function callsOf(name: Name, { change }: { change?: string }, reads: readonly string[]): string[] {
  const { calls } = planOf(name);
  if (change === undefined) return [...calls];
  const rest = calls.includes(change) ? calls.slice(calls.indexOf(change) + 1) : [];
  return [...reads, change, ...rest];
}

/** Says nothing of the order: whoever asks must come again. */
const ofTheCloud: readonly string[] = [
  FailureType.Unavailable,
  FailureType.Throttled,
  FailureType.Credentials,
  FailureType.Unreadable,
  FailureType.Internal,
];

function refuses(error: unknown): error is ApplicationFailure {
  return error instanceof ApplicationFailure && !ofTheCloud.includes(error.type ?? '');
}

/** A step plan whose step is known at run time only. */
interface AnyStepPlan {
  calls: readonly string[];
  yields?: object;
  after?: readonly Name[];
  asksTemporal?: true;
  irreversible?(spec: object): string | undefined;
  warn?(result: unknown): string[];
}

function planOf(name: Name): AnyStepPlan {
  return (stepPlans as unknown as Record<Name, AnyStepPlan>)[name];
}
