import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../../../activities/index.js';
import type { Name, Result, Spec } from '../../../workflows/shared/calling.js';
import type { Teller } from '../../../workflows/shared/run.js';
import { takesBack } from '../../../workflows/shared/undos.js';
import { FailureType } from '../../../workflows/shared/failures.js';
import { stepPlans } from './step-plans.js';

/** One step that would be made, or of which a look shows that it need not be. */
export interface PlannedStep {
  step: string;
  summary: string;
  /** Verb and path of each call, in order; none when all is so already. */
  calls: readonly string[];
  /** What would take it back, when this run must be undone. */
  undo: string | null;
  /** Why it cannot be taken back. */
  irreversible?: string;
}

/** Tells a story without changing anything: looks for real, and writes down the steps. */
export class Planner {
  readonly steps: PlannedStep[] = [];
  readonly warnings: string[] = [];
  readonly refused: string[] = [];
  /** What the looks have shown. */
  readonly seen: unknown[] = [];

  constructor(private readonly activities: Activities) {}

  /** The side of it that a story sees. */
  readonly teller: Teller = {
    together: async (...branches) => {
      const ended = await Promise.allSettled(branches);
      const failed = ended.find((one) => one.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
      return ended.map((one) => (one as PromiseFulfilledResult<unknown>).value) as never;
    },
    look: async (name, spec, { summary, as = name }) => {
      this.plan(as, name, spec, { summary, undo: null });
      return await this.look(name, spec);
    },
    poll: async (name, spec, { summary, as = name }) => {
      this.plan(as, name, spec, { summary, undo: null });
      return placeholder(as, planOf(name).yields) as never;
    },
    wait: async (step, { summary }) => {
      this.steps.push({ step, summary, calls: [], undo: null });
    },
    halt: async () => undefined,
    step: async (name, spec, { summary, as = name, undo }) => {
      this.plan(as, name, spec, { summary, undo: undo !== undefined && takesBack(undo[0]) ? undo[0] : null });
      return placeholder(as, planOf(name).yields) as never;
    },
    skippable: async (name, spec, { summary, as = name }) => {
      this.plan(as, name, spec, { summary, undo: null });
    },
    each: async (name, members, { as, summary }) => {
      const { calls } = planOf(name);
      this.steps.push({ step: as, summary, calls: members.length === 0 ? [] : calls, undo: null });
      return members.map(() => ({ outcome: 'unchanged', apiCalls: 0 }));
    },
    found: (step) => {
      this.steps.push({ step, summary: 'is so already', calls: [], undo: null });
    },
    turn: async () => false,
    turnOfKey: async () => ({ waited: false, known: false }),
    forget: () => undefined,
    know: () => undefined,
  };

  private plan(step: string, name: Name, spec: object, rest: Pick<PlannedStep, 'summary' | 'undo'>): void {
    const { calls, irreversible } = planOf(name);
    const why = irreversible?.(spec);
    this.steps.push({ step, calls, ...rest, ...(why === undefined ? {} : { irreversible: why }) });
  }

  private async look<N extends Name>(name: N, spec: Spec<N>): Promise<Result<N>> {
    const { look } = this.activities[name] as unknown as { look?: (spec: Spec<N>) => Promise<Result<N>> };
    if (look === undefined) throw new Error(`${name} is used as a look, but changes something`);
    try {
      const result = await look(spec);
      this.seen.push(result);
      this.warnings.push(...(planOf(name).warn?.(result) ?? []));
      return result;
    } catch (error) {
      if (error instanceof ApplicationFailure && !ofTheCloud.includes(error.type ?? ''))
        this.refused.push(error.message);
      throw error;
    }
  }
}

/** Says nothing of the order: whoever asks must come again. */
const ofTheCloud: readonly string[] = [
  FailureType.Unavailable,
  FailureType.Throttled,
  FailureType.Credentials,
  FailureType.Unreadable,
  FailureType.Internal,
];

/** A step plan whose step is known at run time only. */
interface AnyStepPlan {
  calls: readonly string[];
  yields?: object;
  irreversible?(spec: object): string | undefined;
  warn?(result: unknown): string[];
}

function planOf(name: Name): AnyStepPlan {
  return (stepPlans as unknown as Record<Name, AnyStepPlan>)[name];
}

/** Stands for what a step would bring: every field says of which step it is. */
function placeholder(step: string, yields: object = {}): unknown {
  return new Proxy(yields, {
    get: (known, field) =>
      field === 'then' ? undefined : (Reflect.get(known, field) ?? `(${String(field)} of ${step})`),
  });
}
