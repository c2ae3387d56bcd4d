import type { MakerUnknown, UndoOutcome } from '../../contract/steps.js';
import { CancellationScope } from '@temporalio/workflow';
import { activities } from './activity-options.js';
import { call, type ActivityName, type ActivityResult, type ActivityInput } from './activity-calls.js';
import type { Doubtful } from '../../activities/lost-answers.js';
import type { StepResult } from '../../contract/steps.js';
import { describeFailure } from './describe-failure.js';
import { FirstUsers } from './first-users.js';
import { isMany, mergeResults } from './merge-results.js';
import { OwnEffects } from './own-effects.js';
import { KNOWN_EFFECTS } from '../../contract/revision.js';
import type { StatusBoard } from './status-board.js';
import { traitsOf } from './step-table.js';
import type { Leftover } from '../../contract/status.js';
import { toSummary } from '../../contract/markdown.js';

export type UndoName = { [N in ActivityName]: ActivityResult<N> extends UndoOutcome ? N : never }[ActivityName];

/** An undo and its input, except for the fields that come from the result of its step. */
export type UndoCall<U extends UndoName> = readonly [
  U,
  Omit<ActivityInput<U>, 'unsure' | 'doubted' | 'doubtful' | 'alike'>,
];

interface Undo {
  step: string;
  name: UndoName;
  spec: ActivityInput<UndoName>;
  /**
   * Whether the step took effect. New objects can be listed late, so unless it is `none` the undo looks more than once.
   * After `made`, the step counts as undone once nothing is left, no matter who removed it.
   */
  effect: 'none' | 'maybe' | 'made';
  /** A call of the step got no answer: it may have created more than its result says. */
  doubted: boolean;
  /** A look has shown that the step's calls had no effect, and no call since can have had one: see `StepToUndo`. */
  doubtful: boolean;
  /** Why it is not known that the step has done anything, if so: what exists may belong to somebody else. */
  makerUnknown: MakerUnknown | undefined;
  /** The result of the step; null until it is known. */
  came: unknown;
}

type MadeTenant = ActivityResult<'ensureCustomerTenant'>;

/** Undoes what a run has created, or may have. */
export class Undos {
  private all: Undo[] = [];
  private permanentLeftovers: Leftover[] = [];
  readonly firstUsers = new FirstUsers();
  readonly ownEffects = new OwnEffects();
  apiCalls = 0;

  constructor(private readonly board: StatusBoard) {}

  /** True when a step with an undo was started, whether or not it took effect. */
  get hasUndos(): boolean {
    return this.all.length > 0;
  }

  /** True when a step with an undo took effect, or may have. */
  get tookEffect(): boolean {
    return this.all.some(({ effect }) => effect !== 'none');
  }

  /**
   * Registers the undo of a step, before the first attempt. Registering again replaces the input and keeps the rest.
   */
  register<U extends UndoName>(step: string, ...[name, spec]: UndoCall<U>): void {
    const registered = { step, name, spec: spec as ActivityInput<UndoName> };
    const known = this.find(step);
    if (known === undefined)
      this.all.push({
        ...registered,
        effect: 'none',
        doubted: false,
        doubtful: false,
        makerUnknown: undefined,
        came: null,
      });
    else Object.assign(known, registered);
  }

  /** Adds leftovers that stay even when the run is undone; they are reported then. */
  addLeftovers(stays: readonly Leftover[]): void {
    this.permanentLeftovers.push(...stays);
  }

  /** Forgets every undo except those of these steps. What stays because of that is reported when the run is undone. */
  handOver(stillUndone: readonly string[], leftover: Leftover): void {
    const isUndone = ({ step }: Undo) => stillUndone.includes(step);
    if (this.all.some((undo) => !isUndone(undo) && undo.effect !== 'none')) this.permanentLeftovers.push(leftover);
    this.all = this.all.filter(isUndone);
  }

  /** Forgets what stays of this: it is not there any more. */
  forgetLeftover(id: string): void {
    this.permanentLeftovers = this.permanentLeftovers.filter((leftover) => leftover.id !== id);
  }

  /**
   * The step is done. An undo whose input has `came` gets the result. An object that was found after a call without
   * answer is probably the step's own, but that is not certain.
   */
  stepDone(step: string, done: StepResult<unknown>): void {
    const { changed, adopted, unsure, result } = done;
    this.firstUsers.done(step, done);
    this.ownEffects.done(step, done);
    const undo = this.find(step);
    if (undo === undefined) return;
    undo.came = mergeResults(undo.came, result);
    // what the step has found done may be what somebody else has done
    undo.doubtful = isDoubtful(result) || (adopted && undo.doubtful);
    undo.doubted ||= !isMany(result) && (unsure === true || (adopted && changed));
    if (changed) Object.assign(undo, { effect: 'made', makerUnknown: undefined });
    else if (unsure === true && undo.effect === 'none') undo.effect = 'maybe';
  }

  /** An attempt failed halfway; `came` is its partial result. */
  stepPartlyDone(step: string, came: unknown): void {
    if (isDoubtful(came)) this.firstUsers.mayBeOthers(step);
    const undo = this.find(step);
    if (undo === undefined) return;
    undo.came = mergeResults(undo.came, came);
    undo.doubtful = isDoubtful(came);
    undo.doubted ||= !isMany(came);
    if (undo.effect === 'none') undo.effect = 'maybe';
  }

  /**
   * An attempt may have taken effect, so the known result may be incomplete. `makerUnknown`: it may also have had no
   * effect. The server does not report the attempts of a step that is cancelled between two of them, and the history of
   * a run that was reset to its start does not show what it did before.
   */
  stepMayBeDone(step: string, makerUnknown?: MakerUnknown): void {
    this.firstUsers.mayBeDone(step);
    this.ownEffects.mayBeDone(step);
    const undo = this.find(step);
    if (undo === undefined) return;
    undo.doubted = true;
    undo.doubtful = false;
    undo.makerUnknown = undo.effect === 'none' || isMany(undo.came) ? makerUnknown : undefined;
    if (undo.effect === 'none') undo.effect = 'maybe';
  }

  /** The tenant of this run if calls without answer may have made a second one; undefined if not. */
  doubtedTenant(wasResetToStart: boolean): ActivityInput<'removeDoubles'> | undefined {
    for (const { name, spec, came, doubted } of this.all) {
      const kind = traitsOf(name).ofTenant;
      const made = came as MadeTenant | null;
      if (kind === undefined || !(doubted || made?.doubted === true)) continue;
      const { logins: _logins, came: _came, ...search } = spec as ActivityInput<'removeCustomerTenant'>;
      const another = wasResetToStart || made?.another !== false;
      return { ...search, kind, another, ...(made && { tenantId: made.tenantId }) };
    }
    return undefined;
  }

  /**
   * Removes what the run created, newest first. It ignores steps without effect: what exists there belongs to somebody
   * else, and changes nothing in a tenant that is no longer the one the run means (`meant`). Not cancellable; it tries
   * every undo even if one fails.
   */
  async run(revision: number, meant?: ActivityInput<'checkStillMeant'>): Promise<UndoOutcome> {
    const outcome: UndoOutcome = { undone: false, leftovers: [] };
    const effective = ({ effect, name }: Undo) =>
      revision < KNOWN_EFFECTS || effect !== 'none' || traitsOf(name).ofOtherStep === true;
    await CancellationScope.nonCancellable(async () => {
      for (const undo of this.all.splice(0).toReversed().filter(effective)) {
        const { undone, leftovers, mayAppear } = await this.runOne(undo, meant);
        outcome.undone ||= undone;
        if (mayAppear !== undefined) outcome.mayAppear = mayAppear;
        outcome.leftovers.push(...leftovers);
      }
    });
    const leftovers = [...outcome.leftovers, ...this.permanentLeftovers].map((leftover) => this.withLink(leftover));
    return { ...outcome, leftovers };
  }

  private find(step: string): Undo | undefined {
    return this.all.find((one) => one.step === step);
  }

  /** Its id, or a description by which a person finds it. */
  private nameOf(kind: Leftover['kind'], spec: object): string {
    const { userId, tenantId } = this.board.facts;
    const { person } = spec as { person?: { login: string } };
    if (kind !== 'user') return tenantId ?? `unknown, marked for ${this.board.id}`;
    return userId ?? (person === undefined ? 'unknown' : `unknown, with the login ${person.login}`);
  }

  private effectsOfThisRun(): { passwordSet: boolean; production: boolean } {
    return { passwordSet: this.ownEffects.has('setPassword'), production: this.ownEffects.has('switchToProduction') };
  }

  /** Adds the link to the console. */
  private withLink(leftover: Leftover): Leftover {
    const { consoleUrl } = this.board.facts;
    return consoleUrl === undefined ? leftover : { ...leftover, link: consoleUrl };
  }

  private async runOne(undo: Undo, meant: ActivityInput<'checkStillMeant'> | undefined): Promise<UndoOutcome> {
    const { step, name, spec, effect, doubted, doubtful, makerUnknown, came } = undo;
    const isThere = meant !== undefined && 'tenantId' in spec && spec.tenantId === meant.tenantId;
    const users = 'logins' in spec ? this.firstUsers.usersRemovedWith(step) : {};
    const held = makerUnknown !== undefined && traitsOf(name).findsOnlyOwn !== true;
    const known = {
      unsure: effect !== 'none',
      doubted,
      ...(doubtful && { doubtful }),
      ...users,
      ...('logins' in spec || name === 'removeUser' ? this.effectsOfThisRun() : {}),
      ...(held ? { makerUnknown: step, unknownBecause: makerUnknown } : {}),
      ...('came' in spec ? { came } : {}),
      ...(isThere ? { meant: { ...meant, undoOf: step } } : {}),
    };
    const args = { ...spec, ...known } as ActivityInput<UndoName>;
    try {
      const done = await call(activities, name, args, { summary: toSummary(`Undo ${step}`), activityId: name });
      this.apiCalls += done.apiCalls;
      const { leftovers, mayAppear } = done.result;
      // an undo whose worker died may have removed it without reporting that
      const gone = effect === 'made' || done.unsure === true;
      const undone = done.result.undone || (gone && leftovers.length === 0);
      if (undone) this.board.stepUndone(step, done);
      return { undone, leftovers, ...(mayAppear === undefined ? {} : { mayAppear }) };
    } catch (error) {
      const { message, bug } = describeFailure(error);
      if (bug) throw error;
      const kind = traitsOf(name).leaves ?? 'setting';
      return { undone: false, leftovers: [{ kind, id: this.nameOf(kind, spec), reason: message }] };
    }
  }
}

function isDoubtful(came: unknown): boolean {
  return (came as Partial<Doubtful> | null)?.doubtful === true;
}
