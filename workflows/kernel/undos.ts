import type { UndoOutcome, DoneToMany } from '../../contract/steps.js';
import { CancellationScope } from '@temporalio/workflow';
import { activities } from './activity-options.js';
import { call, type Name, type Result, type Spec } from './calling.js';
import type { Done } from '../../contract/steps.js';
import { describeFailure } from './describe-failure.js';
import { FirstUsers } from './first-users.js';
import { OwnDoings } from './own-doings.js';
import { KNOWN_EFFECTS } from '../../contract/revision.js';
import type { StatusBoard } from './status-board.js';
import type { Leftover } from '../../contract/status.js';

export type UndoName = { [N in Name]: Result<N> extends UndoOutcome ? N : never }[Name];

const accounts: readonly UndoName[] = [
  'accountForApplication',
  'accountForOffboarding',
  'accountForPlanRun',
  'accountForProduction',
  'accountForRestored',
];

/** False for an undo that can only name what stays. */
export function takesBack(name: UndoName): boolean {
  return !accounts.includes(name);
}

/** These take back what a later step has done. */
const forOthers: readonly UndoName[] = ['bringSecretBack'];

/** These take back only what bears the mark of the run, or an id that was answered to it. */
const recognised: readonly UndoName[] = [
  'removeApiClients',
  'removeCustomerTenant',
  'removePartnerTenant',
  'removePlan',
  'removeReport',
  'revokeAgentToken',
];

/** How an undo is told of: its name, and what it needs to know besides what became of its step. */
export type UndoTelling<U extends UndoName> = readonly [U, Omit<Spec<U>, 'unsure' | 'doubted' | 'alike'>];

interface Undo {
  step: string;
  name: UndoName;
  spec: Spec<UndoName>;
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
  readonly first = new FirstUsers();
  readonly doings = new OwnDoings();
  apiCalls = 0;

  constructor(private readonly board: StatusBoard) {}

  /** True when something with an undo was begun, whether or not it took effect. */
  get any(): boolean {
    return this.all.length > 0;
  }

  /** True when a step with an undo has taken effect, or may have. */
  get tookEffect(): boolean {
    return this.all.some(({ effect }) => effect !== 'none');
  }

  /** Remembers the undo of a step before the step is tried; of a step told again the newest wins, in its old place, and knows what came. */
  register<U extends UndoName>(step: string, ...[name, spec]: UndoTelling<U>): void {
    const told = { step, name, spec: spec as Spec<UndoName> };
    const known = this.of(step);
    if (known === undefined)
      this.all.push({ ...told, effect: 'none', doubted: false, makerUnknown: false, came: null });
    else Object.assign(known, told);
  }

  /** Remembers what is meant to stay even when the run does not complete; it is named then. */
  leave(stays: readonly Leftover[]): void {
    this.stays.push(...stays);
  }

  /**
   * The step is done. What it has just made may be listed late all the same; an undo that asks for `came` is told what that is. What was found
   * after a lost answer is most likely the step's own, but nobody has said so.
   */
  done(step: string, done: Done<unknown>): void {
    const { changed, adopted, unsure, result } = done;
    this.first.done(step, done);
    this.doings.done(step, done);
    const undo = this.of(step);
    if (undo === undefined) return;
    undo.came = merged(undo.came, result);
    undo.doubted ||= !isMany(result) && (unsure === true || (adopted && changed));
    if (changed) Object.assign(undo, { effect: 'made', makerUnknown: false });
    else if (unsure === true && undo.effect === 'none') undo.effect = 'maybe';
  }

  /** A try of the step has failed in the middle: so much has come of it, and no more. */
  partly(step: string, came: unknown): void {
    const undo = this.of(step);
    if (undo === undefined) return;
    undo.came = merged(undo.came, came);
    if (undo.effect === 'none') undo.effect = 'maybe';
  }

  /**
   * A try of the step may have taken effect, until it is known; what an earlier one brought need not be all then. `makerUnknown` when it may as
   * well not have: the server does not tell what became of the tries of a step that is cancelled while it waits for the next one.
   */
  suspect(step: string, makerUnknown: boolean): void {
    this.first.suspect(step);
    this.doings.suspect(step);
    const undo = this.of(step);
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
      revision < KNOWN_EFFECTS || effect !== 'none' || forOthers.includes(name);
    await CancellationScope.nonCancellable(async () => {
      for (const undo of this.all.splice(0).toReversed().filter(effective)) {
        const { undone, leftovers, mayAppear } = await this.one(undo);
        outcome.undone ||= undone;
        if (mayAppear !== undefined) outcome.mayAppear = mayAppear;
        outcome.leftovers.push(...leftovers);
      }
    });
    const leftovers = [...outcome.leftovers, ...this.stays].map((leftover) => this.located(leftover));
    return { ...outcome, leftovers };
  }

  private of(step: string): Undo | undefined {
    return this.all.find((one) => one.step === step);
  }

  /** Its id, else the words by which a person finds it. */
  private nameOf(kind: Leftover['kind'], spec: object): string {
    const { userId, tenantId } = this.board.facts;
    const { person } = spec as { person?: { login: string } };
    if (kind !== 'user') return tenantId ?? `unknown, marked for ${this.board.id}`;
    return userId ?? (person === undefined ? 'unknown' : `unknown, with the login ${person.login}`);
  }

  private ownDoings(): { passwordSet: boolean; production: boolean } {
    return { passwordSet: this.doings.has('setPassword'), production: this.doings.has('switchToProduction') };
  }

  /** Says where a person finds it. */
  private located(leftover: Leftover): Leftover {
    const { consoleUrl } = this.board.facts;
    return consoleUrl === undefined ? leftover : { ...leftover, link: consoleUrl };
  }

  private async one({ step, name, spec, effect, doubted, makerUnknown, came }: Undo): Promise<UndoOutcome> {
    const users = 'logins' in spec ? this.first.goingWith(step) : {};
    const held = makerUnknown && !recognised.includes(name);
    const known = {
      unsure: effect !== 'none',
      doubted,
      ...users,
      ...('logins' in spec || name === 'removeUser' ? this.ownDoings() : {}),
      ...(held ? { makerUnknown: step } : {}),
      ...('came' in spec ? { came } : {}),
    };
    const told = { ...spec, ...known } as Spec<UndoName>;
    try {
      const done = await call(activities, name, told, { summary: `Undo ${step}`, activityId: name });
      this.apiCalls += done.apiCalls;
      const { leftovers, mayAppear } = done.result;
      // an undo whose worker has died may have done it without a word
      const gone = effect === 'made' || done.unsure === true;
      const undone = done.result.undone || (gone && leftovers.length === 0);
      if (undone) this.board.undone(step);
      return { undone, leftovers, ...(mayAppear === undefined ? {} : { mayAppear }) };
    } catch (error) {
      const { message, bug } = describeFailure(error);
      if (bug) throw error;
      const kind = kinds[name] ?? 'setting';
      return { undone: false, leftovers: [{ kind, id: this.nameOf(kind, spec), reason: message }] };
    }
  }
}

function isMany(came: unknown): came is DoneToMany {
  return Array.isArray((came as Partial<DoneToMany> | null)?.ids);
}

/** Of what is done to many one after another, all that came counts; of all else the newest. */
function merged(earlier: unknown, came: unknown): unknown {
  if (!isMany(earlier) || !isMany(came)) return came;
  const incomplete = earlier.incomplete === true || came.incomplete === true;
  return { ...came, ids: [...new Set([...earlier.ids, ...came.ids])], ...(incomplete ? { incomplete } : {}) };
}

/** What an undo leaves when it cannot be done, where that is a thing of its own. */
const kinds: Partial<Record<UndoName, Leftover['kind']>> = {
  accountForRestored: 'tenant',
  removeApiClients: 'api-client',
  removeCustomerTenant: 'tenant',
  removePartnerTenant: 'tenant',
  removeReport: 'report',
  removeRole: 'user',
  removeUser: 'user',
};
