import type { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../activities/index.js';
import type { ActivityName, ActivityResult, ActivityInput } from '../workflows/kernel/activity-calls.js';
import { choicesFor, type Choice } from '../contract/decisions.js';
import type { EarlierForUser, EarlierRuns, EarlierSpec, UserRef } from '../contract/earlier-runs.js';
import { waitsForHelp } from '../contract/failures.js';
import type { Unless } from '../workflows/kernel/look-ups.js';
import type { EveryOrder, Person } from '../contract/orders.js';
import type { Steps } from '../workflows/kernel/steps.js';
import type { UndoName } from '../workflows/kernel/undos.js';
import { Placeholders } from './placeholders.js';
import { factsOf } from '../workflows/kernel/step-table.js';
import { refuses, tryEach, tryLook, tryStep } from './trying.js';

/** One step of a run that would begin now. */
export interface PlannedStep {
  step: string;
  state: 'would do' | 'would check' | 'would wait' | 'already done' | 'refused' | 'blocked';
  summary: string;
  /** Verb and path of each call, in order; none when it is already done. */
  calls: readonly string[];
  /** What would take it back, when this run must be undone. */
  undo: string | null;
  /** Why it cannot be taken back. */
  irreversible?: string;
}

/** Why a run would wait for a person, where, and how that person could decide. */
export interface Waits {
  step: string;
  type: string;
  message: string;
  choices: Choice[];
}

type Options = Pick<PlannedStep, 'summary'> & { as?: string; undo?: readonly [UndoName, object] };

/**
 * Goes through an operation without changing anything. It decides as a run does, because it does what a run does: it looks for real, and has
 * each step done by its own activity up to the first change. Only of what follows from a change that is not made yet, the step plans speak.
 */
export class Planner {
  readonly steps: PlannedStep[] = [];
  readonly warnings: string[] = [];
  readonly refused: string[] = [];
  readonly waits: Waits[] = [];
  /** What has been seen of the world. */
  readonly seen: unknown[] = [];
  private readonly unknown = new Placeholders();
  private readonly toBeDone = new Set<ActivityName>();
  private mayHaveMade = false;
  /** Whom the operation gives a user. */
  private login: string | undefined;

  constructor(
    private readonly activities: Activities,
    private readonly onFailure: EveryOrder['onFailure'],
    /** What is known of earlier runs of a key. */
    private readonly earlier: (spec: EarlierSpec) => Promise<EarlierRuns>,
    /** What earlier runs have done for a user. */
    private readonly earlierFor: (user: UserRef) => Promise<EarlierForUser>,
  ) {}

  /** The side of it that an operation sees. */
  readonly planned: Steps = {
    allSettled: async (...branches) => {
      const ended = await Promise.allSettled(branches);
      const failed = ended.find((one) => one.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
      return ended.map((one) => (one as PromiseFulfilledResult<unknown>).value) as never;
    },
    lookUp: async (name, spec, telling) => {
      const planned = this.plan(name, spec, telling, 'would check');
      return await this.look(name, spec, { planned, unless: telling.unless });
    },
    poll: async (name, spec, telling) => {
      const { step } = this.plan(name, spec, telling, 'would check');
      return this.unknown.of(step, factsOf(name).yields) as never;
    },
    wait: async (step, { summary }) => {
      this.steps.push({ step, state: 'would wait', summary, calls: [], undo: null });
    },
    askPerson: async () => undefined,
    run: async (name, spec, telling) => {
      this.mayHaveMade ||= telling.undo !== undefined;
      return await this.change(name, spec, { planned: this.plan(name, spec, telling, 'would do') });
    },
    runSkippable: async (name, spec, telling) => {
      this.mayHaveMade ||= telling.undo !== undefined;
      const planned = this.plan(name, spec, telling, 'would do');
      return await this.change(name, spec, { planned, skippable: true });
    },
    forEach: async (name, members, telling) => {
      const planned = this.plan(name, {} as ActivityInput<typeof name>, telling, 'would do');
      const { outcomes, fingerprints, calls, warnings } = await tryEach(this.activities, name, {
        members,
        atOnce: telling.atOnce,
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
      const summary = unseen ?? this.aboutFound(step);
      this.steps.push({ step, state: 'already done', summary, calls: [], undo: null });
    },
    takeTurn: async () => false,
    takeTurnOfKey: async () => ({ waited: false, known: false }),
    earlierRuns: async (spec) => await this.earlier(spec),
    earlierRunsOfUser: async (user) => await this.earlierFor(user),
    wasBlocked: () => false,
    invalidate: () => undefined,
    setFacts: () => undefined,
  };

  private plan<N extends ActivityName>(
    name: N,
    spec: ActivityInput<N>,
    { summary, as = name, undo }: Options,
    state: PlannedStep['state'],
  ): PlannedStep {
    const { calls = [], irreversible } = factsOf(name);
    this.login = (spec as { person?: Person }).person?.login ?? this.login;
    const why = irreversible?.(spec);
    const back = undo !== undefined && factsOf(undo[0]).namesOnly !== true ? undo[0] : null;
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

  private aboutFound(step: string): string {
    const what = ofUsers[step];
    return what === undefined || this.login === undefined ? 'nothing is left to be done' : `${what} ${this.login}`;
  }

  private async look<N extends ActivityName>(
    name: N,
    spec: ActivityInput<N>,
    { planned, unless }: { planned: PlannedStep } & Unless,
  ): Promise<ActivityResult<N>> {
    if (this.cannotBeTried(name, spec)) return this.unknown.of(planned.step, factsOf(name).yields) as ActivityResult<N>;
    const { result, reads } = await this.unlessRefused(
      { planned, unless },
      async () => await tryLook(this.activities, name, spec),
    );
    planned.calls = reads;
    this.seen.push([planned.step, result]);
    this.warnings.push(...(factsOf(name).warn?.(result) ?? []));
    return result;
  }

  private async change<N extends ActivityName>(
    name: N,
    spec: ActivityInput<N>,
    asked: Asked,
  ): Promise<ActivityResult<N>> {
    const { planned } = asked;
    if (!this.cannotBeTried(name, spec)) {
      const tried = await this.unlessRefused(asked, async () => await tryStep(this.activities, name, spec));
      if (tried.done) {
        alreadyDone(planned);
        this.seen.push([planned.step, tried.result]);
        return tried.result;
      }
      planned.calls = tried.calls;
      this.seen.push([planned.step, tried.fingerprint]);
    }
    this.toBeDone.add(name);
    return this.unknown.of(planned.step, factsOf(name).yields) as ActivityResult<N>;
  }

  private cannotBeTried<N extends ActivityName>(name: N, spec: ActivityInput<N>): boolean {
    const { after = [], asksTemporal = false } = factsOf(name);
    return asksTemporal || after.some((earlier) => this.toBeDone.has(earlier)) || this.unknown.isIn(spec);
  }

  private async unlessRefused<T>({ planned, skippable, unless }: Asked, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      await unless;
      if (refuses(error)) this.fails(error, planned, skippable === true);
      throw error;
    }
  }

  private fails({ type, message }: ApplicationFailure, planned: PlannedStep, skippable: boolean): void {
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

/** A step that is tried. */
interface Asked extends Unless {
  planned: PlannedStep;
  skippable?: boolean;
}

/** What the steps of a user do, when a look has shown that it is done. */
const ofUsers: Readonly<Record<string, string>> = {
  ensureUser: 'User',
  assignRole: 'Role of',
  sendActivationEmail: 'Activation mail for',
  setPassword: 'Password for',
};

function alreadyDone(planned: PlannedStep): void {
  Object.assign(planned, { state: 'already done', calls: [], undo: null });
  delete planned.irreversible;
}
