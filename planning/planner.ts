import type { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../activities/index.js';
import type { ActivityName, ActivityResult, ActivityInput } from '../workflows/kernel/activity-calls.js';
import { choicesFor, type Choice } from '../contract/decisions.js';
import type { EarlierForUser, EarlierRuns, EarlierSpec, UserRef } from '../contract/earlier-runs.js';
import { waitsForHelp } from '../contract/failures.js';
import type { ReportFirst } from '../workflows/kernel/look-ups.js';
import type { EveryOrder, Person } from '../contract/orders.js';
import type { Steps } from '../workflows/kernel/steps.js';
import type { UndoName } from '../workflows/kernel/undos.js';
import { Placeholders } from './placeholders.js';
import { traitsOf } from '../workflows/kernel/step-table.js';
import { userStepSummaries } from './summaries.js';
import { isRefusal, previewEach, previewLookUp, previewStep } from './preview.js';

/** One step of a run that would start now. */
export interface PlannedStep {
  step: string;
  state: 'would do' | 'would check' | 'would wait' | 'already done' | 'refused' | 'blocked';
  summary: string;
  /** Method and path of each call, in order; none when it is already done. */
  calls: readonly string[];
  /** The undo of the step. */
  undo: string | null;
  /** Why it cannot be undone. */
  irreversible?: string;
  /** Why the run may not do this step. */
  uncertain?: string;
}

/** Where and why a run would block, and the possible decisions. */
export interface PlannedWait {
  step: string;
  type: string;
  message: string;
  choices: Choice[];
}

type Options = Pick<PlannedStep, 'summary'> & { as?: string; undo?: readonly [UndoName, object] };

const LOOK_AT_TENANT = 'GET /tenants/{id}';

/**
 * Runs an operation without changing anything. It takes the same branches as a run: it makes the real look-ups, and
 * runs each activity up to its first change. Only what depends on a change that is not made yet comes from the step
 * table.
 */
export class Planner {
  readonly steps: PlannedStep[] = [];
  readonly warnings: string[] = [];
  readonly refused: string[] = [];
  readonly waits: PlannedWait[] = [];
  /** All results that were looked up; they go into the hash of the plan. */
  readonly seen: unknown[] = [];
  private readonly placeholders = new Placeholders();
  private readonly plannedChanges = new Set<ActivityName>();
  private mayHaveMade = false;
  /** The login of the new user. */
  private login: string | undefined;

  constructor(
    private readonly activities: Activities,
    private readonly onFailure: EveryOrder['onFailure'],
    /** Finds earlier runs of a key. */
    private readonly earlier: (spec: EarlierSpec) => Promise<EarlierRuns>,
    /** Finds what earlier runs have done for a user. */
    private readonly earlierFor: (user: UserRef) => Promise<EarlierForUser>,
  ) {}

  /** Whether a long wait precedes the next change, so that this looks first whose the tenant is. */
  private hasWaited = false;

  /** The `Steps` that the operation gets. */
  readonly planned: Steps = {
    allSettled: async (...branches) => {
      const ended = await Promise.allSettled(branches);
      const failed = ended.find((one) => one.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
      return ended.map((one) => (one as PromiseFulfilledResult<unknown>).value) as never;
    },
    lookUp: async (name, spec, options) => {
      const planned = this.plan(name, spec, options, 'would check');
      return await this.planLookUp(name, spec, { planned, reportFirst: options.reportFirst });
    },
    poll: async (name, spec, options) => {
      const { step } = this.plan(name, spec, options, 'would check');
      return this.placeholders.resultOf(step, traitsOf(name).yields) as never;
    },
    wait: async (step, { summary }) => {
      this.steps.push({ step, state: 'would wait', summary, calls: [], undo: null });
      this.hasWaited = true;
    },
    watch: async (name, spec, options) => {
      const { step } = this.plan(name, spec, options, 'would wait');
      this.hasWaited = true;
      return this.placeholders.resultOf(step, traitsOf(name).yields) as never;
    },
    askPerson: async () => undefined,
    run: async (name, spec, options) => {
      this.mayHaveMade ||= options.undo !== undefined;
      return await this.planChange(name, spec, { planned: this.plan(name, spec, options, 'would do') });
    },
    runSkippable: async (name, spec, options) => {
      this.mayHaveMade ||= options.undo !== undefined;
      const planned = this.plan(name, spec, options, 'would do');
      return await this.planChange(name, spec, { planned, skippable: true });
    },
    forEach: async (name, members, options) => {
      const planned = this.plan(name, {} as ActivityInput<typeof name>, options, 'would do');
      const { outcomes, fingerprints, calls, warnings } = await previewEach(this.activities, name, {
        members,
        atOnce: options.atOnce,
      });
      this.seen.push([name, outcomes, fingerprints]);
      this.warnings.push(...warnings);
      if (outcomes.every((one) => one === 'unchanged')) alreadyDone(planned);
      else planned.calls = calls ?? [];
      const count = (wanted: string) => outcomes.filter((one) => one === wanted).length;
      planned.summary += `; ${count('updated')} would change, ${count('refused')} would be refused`;
      return outcomes.map((outcome) => ({ outcome, apiCalls: 0 }));
    },
    alreadyDone: (step, { unseen } = {}) => {
      const summary = unseen ?? this.summaryOfDone(step);
      this.steps.push({ step, state: 'already done', summary, calls: [], undo: null });
    },
    leaveOut: () => undefined,
    handOver: () => undefined,
    isDeleted: () => undefined,
    takeTurn: async () => false,
    giveBackTurn: async () => undefined,
    takeTurnOfKey: async () => ({ waited: false, known: false }),
    earlierRuns: async (spec) => await this.earlier(spec),
    earlierRunsOfUser: async (user) => await this.earlierFor(user),
    wasBlocked: () => false,
    wasRetried: () => false,
    rememberTenant: () => undefined,
    meantTenant: () => ({}),
    invalidate: () => undefined,
    setFacts: () => undefined,
  };

  private plan<N extends ActivityName>(
    name: N,
    spec: ActivityInput<N>,
    { summary, as = name, undo }: Options,
    state: PlannedStep['state'],
  ): PlannedStep {
    const { calls = [], irreversible } = traitsOf(name);
    this.login = (spec as { person?: Person }).person?.login ?? this.login;
    const why = irreversible?.(spec);
    const back = undo !== undefined && traitsOf(undo[0]).namesOnly !== true ? undo[0] : null;
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

  private summaryOfDone(step: string): string {
    const what = userStepSummaries[step];
    return what === undefined || this.login === undefined ? 'nothing to do' : `${what} ${this.login}`;
  }

  private async planLookUp<N extends ActivityName>(
    name: N,
    spec: ActivityInput<N>,
    { planned, reportFirst }: { planned: PlannedStep } & ReportFirst,
  ): Promise<ActivityResult<N>> {
    if (this.cannotBeTried(name, spec))
      return this.placeholders.resultOf(planned.step, traitsOf(name).yields) as ActivityResult<N>;
    const { result, reads } = await this.recordingFailure(
      { planned, reportFirst },
      async () => await previewLookUp(this.activities, name, spec),
    );
    planned.calls = reads;
    this.seen.push([planned.step, result]);
    this.warnings.push(...(traitsOf(name).warn?.(result, spec) ?? []));
    return result;
  }

  private async planChange<N extends ActivityName>(
    name: N,
    spec: ActivityInput<N>,
    asked: PreviewOptions,
  ): Promise<ActivityResult<N>> {
    const { planned } = asked;
    if (!this.cannotBeTried(name, spec)) {
      const tried = await this.recordingFailure(asked, async () => await previewStep(this.activities, name, spec));
      if (tried.done) {
        alreadyDone(planned);
        this.seen.push([planned.step, tried.result]);
        return tried.result;
      }
      planned.calls = tried.calls;
      this.seen.push([planned.step, tried.fingerprint]);
    }
    if (this.hasWaited) planned.calls = [LOOK_AT_TENANT, ...planned.calls];
    this.hasWaited = false;
    this.plannedChanges.add(name);
    return this.placeholders.resultOf(planned.step, traitsOf(name).yields) as ActivityResult<N>;
  }

  private cannotBeTried<N extends ActivityName>(name: N, spec: ActivityInput<N>): boolean {
    const { after = [], asksTemporal = false } = traitsOf(name);
    return asksTemporal || after.some((earlier) => this.plannedChanges.has(earlier)) || this.placeholders.isIn(spec);
  }

  private async recordingFailure<T>(
    { planned, skippable, reportFirst }: PreviewOptions,
    act: () => Promise<T>,
  ): Promise<T> {
    try {
      return await act();
    } catch (error) {
      await reportFirst;
      if (isRefusal(error)) this.recordFailure(error, planned, skippable === true);
      throw error;
    }
  }

  private recordFailure({ type, message }: ApplicationFailure, planned: PlannedStep, skippable: boolean): void {
    const { onFailure, mayHaveMade } = this;
    if (waitsForHelp(type ?? '', { onFailure, mayHaveMade })) {
      const choices = choicesFor({ skippable });
      this.waits.push({ step: planned.step, type: type ?? '', message, choices });
      planned.state = 'blocked';
    } else {
      this.refused.push(message);
      planned.state = 'refused';
    }
  }
}

/** Options of one preview. */
interface PreviewOptions extends ReportFirst {
  planned: PlannedStep;
  skippable?: boolean;
}

function alreadyDone(planned: PlannedStep): void {
  Object.assign(planned, { state: 'already done', calls: [], undo: null });
  delete planned.irreversible;
}
