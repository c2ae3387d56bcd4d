import type { UndoOutcome, ManyEffects } from '../../contract/steps.js';
import { CancellationScope } from '@temporalio/workflow';
import { activities } from './activity-options.js';
import { call, type ActivityName, type ActivityResult, type ActivityInput } from './activity-calls.js';
import type { StepResult } from '../../contract/steps.js';
import { describeFailure } from './describe-failure.js';
import { FirstUsers } from './first-users.js';
import { OwnEffects } from './own-effects.js';
import { KNOWN_EFFECTS } from '../../contract/revision.js';
import type { StatusBoard } from './status-board.js';
import { factsOf } from './step-table.js';
import type { Leftover } from '../../contract/status.js';

export type UndoName = { [N in ActivityName]: ActivityResult<N> extends UndoOutcome ? N : never }[ActivityName];

/** How an undo is called: its name, and what it needs to know besides what came of its step. */
export type UndoCall<U extends UndoName> = readonly [U, Omit<ActivityInput<U>, 'unsure' | 'doubted' | 'alike'>];

interface Undo {
  step: string;
  name: UndoName;
  spec: ActivityInput<UndoName>;
  /**
   * What is known of the step. What it made, or may have made, can be listed late: the undo must look more than once. What it did make was
   * taken back once nothing of it is left, whoever did it.
   */
  effect: 'none' | 'maybe' | 'made';
  /** An answer of the step was lost: it may have made more than what came. */
  doubted: boolean;
  /** The step was cancelled, and what is known of it does not say that it has done anything: what is there may be somebody else's. */
  makerUnknown: boolean;
  /** What the step has brought; null until that is known. */
  came: unknown;
}

/** How to take back what a run may have made. */
export class Undos {
  private all: Undo[] = [];
  private readonly stays: Leftover[] = [];
  readonly firstUsers = new FirstUsers();
  readonly ownEffects = new OwnEffects();
  apiCalls = 0;

  constructor(private readonly board: StatusBoard) {}

  /** True when something with an undo was begun, whether or not it took effect. */
  get hasUndos(): boolean {
    return this.all.length > 0;
  }

  /** True when a step with an undo has taken effect, or may have. */
  get tookEffect(): boolean {
    return this.all.some(({ effect }) => effect !== 'none');
  }

  /** Remembers the undo of a step before the step is tried; of a step told again the newest wins, in its old place, and knows what came. */
  register<U extends UndoName>(step: string, ...[name, spec]: UndoCall<U>): void {
    const told = { step, name, spec: spec as ActivityInput<UndoName> };
    const known = this.find(step);
    if (known === undefined)
      this.all.push({ ...told, effect: 'none', doubted: false, makerUnknown: false, came: null });
    else Object.assign(known, told);
  }

  /** Remembers what is meant to stay even when the run does not complete; it is named then. */
  addLeftovers(stays: readonly Leftover[]): void {
    this.stays.push(...stays);
  }

  /**
   * The step is done. What it has just made may be listed late all the same; an undo that asks for `came` is told what that is. What was found
   * after a lost answer is most likely the step's own, but nobody has said so.
   */
  stepDone(step: string, done: StepResult<unknown>): void {
    const { changed, adopted, unsure, result } = done;
    this.firstUsers.done(step, done);
    this.ownEffects.done(step, done);
    const undo = this.find(step);
    if (undo === undefined) return;
    undo.came = merged(undo.came, result);
    undo.doubted ||= !isMany(result) && (unsure === true || (adopted && changed));
    if (changed) Object.assign(undo, { effect: 'made', makerUnknown: false });
    else if (unsure === true && undo.effect === 'none') undo.effect = 'maybe';
  }

  /** A try of the step has failed in the middle: so much has come of it, and no more. */
  stepPartlyDone(step: string, came: unknown): void {
    const undo = this.find(step);
    if (undo === undefined) return;
    undo.came = merged(undo.came, came);
    if (undo.effect === 'none') undo.effect = 'maybe';
  }

  /**
   * A try of the step may have taken effect, until it is known; what an earlier one brought need not be all then. `makerUnknown` when it may as
   * well not have: the server does not tell what became of the tries of a step that is cancelled while it waits for the next one.
   */
  stepMayBeDone(step: string, makerUnknown: boolean): void {
    this.firstUsers.suspect(step);
    this.ownEffects.suspect(step);
    const undo = this.find(step);
    if (undo === undefined) return;
    undo.doubted = true;
    undo.makerUnknown = makerUnknown && (undo.effect === 'none' || isMany(undo.came));
    if (undo.effect === 'none') undo.effect = 'maybe';
  }

  /**
   * Removes what the run made, newest first; a step that is known to have had no effect is left alone, since what is there is somebody else's.
   * Not cancellable; tries every undo even when one of them fails.
   */
  async run(revision: number): Promise<UndoOutcome> {
    const outcome: UndoOutcome = { undone: false, leftovers: [] };
    const effective = ({ effect, name }: Undo) =>
      revision < KNOWN_EFFECTS || effect !== 'none' || factsOf(name).ofOtherStep === true;
    await CancellationScope.nonCancellable(async () => {
      for (const undo of this.all.splice(0).toReversed().filter(effective)) {
        const { undone, leftovers, mayAppear } = await this.runOne(undo);
        outcome.undone ||= undone;
        if (mayAppear !== undefined) outcome.mayAppear = mayAppear;
        outcome.leftovers.push(...leftovers);
      }
    });
    const leftovers = [...outcome.leftovers, ...this.stays].map((leftover) => this.withLink(leftover));
    return { ...outcome, leftovers };
  }

  private find(step: string): Undo | undefined {
    return this.all.find((one) => one.step === step);
  }

  /** Its id, else the words by which a person finds it. */
  private nameOf(kind: Leftover['kind'], spec: object): string {
    const { userId, tenantId } = this.board.facts;
    const { person } = spec as { person?: { login: string } };
    if (kind !== 'user') return tenantId ?? `unknown, marked for ${this.board.id}`;
    return userId ?? (person === undefined ? 'unknown' : `unknown, with the login ${person.login}`);
  }

  private effectsOfThisRun(): { passwordSet: boolean; production: boolean } {
    return { passwordSet: this.ownEffects.has('setPassword'), production: this.ownEffects.has('switchToProduction') };
  }

  /** Says where a person finds it. */
  private withLink(leftover: Leftover): Leftover {
    const { consoleUrl } = this.board.facts;
    return consoleUrl === undefined ? leftover : { ...leftover, link: consoleUrl };
  }

  private async runOne({ step, name, spec, effect, doubted, makerUnknown, came }: Undo): Promise<UndoOutcome> {
    const users = 'logins' in spec ? this.firstUsers.goingWith(step) : {};
    const held = makerUnknown && factsOf(name).findsOnlyOwn !== true;
    const known = {
      unsure: effect !== 'none',
      doubted,
      ...users,
      ...('logins' in spec || name === 'removeUser' ? this.effectsOfThisRun() : {}),
      ...(held ? { makerUnknown: step } : {}),
      ...('came' in spec ? { came } : {}),
    };
    const told = { ...spec, ...known } as ActivityInput<UndoName>;
    try {
      const done = await call(activities, name, told, { summary: `Undo ${step}`, activityId: name });
      this.apiCalls += done.apiCalls;
      const { leftovers, mayAppear } = done.result;
      // an undo whose worker has died may have done it without a word
      const gone = effect === 'made' || done.unsure === true;
      const undone = done.result.undone || (gone && leftovers.length === 0);
      if (undone) this.board.stepUndone(step);
      return { undone, leftovers, ...(mayAppear === undefined ? {} : { mayAppear }) };
    } catch (error) {
      const { message, bug } = describeFailure(error);
      if (bug) throw error;
      const kind = factsOf(name).leaves ?? 'setting';
      return { undone: false, leftovers: [{ kind, id: this.nameOf(kind, spec), reason: message }] };
    }
  }
}

function isMany(came: unknown): came is ManyEffects {
  return Array.isArray((came as Partial<ManyEffects> | null)?.ids);
}

/** Of what is done to many one after another, all that came counts; of all else the newest. */
function merged(earlier: unknown, came: unknown): unknown {
  if (!isMany(earlier) || !isMany(came)) return came;
  const incomplete = earlier.incomplete === true || came.incomplete === true;
  return { ...came, ids: [...new Set([...earlier.ids, ...came.ids])], ...(incomplete ? { incomplete } : {}) };
}
