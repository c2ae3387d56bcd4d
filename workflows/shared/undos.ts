import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { activities } from './activity-options.js';
import { call, type Done, type Name, type Result, type Spec } from './calling.js';
import { describeFailure, mayHaveTakenEffect } from './describe-failure.js';
import type { StatusBoard } from './status-board.js';
import type { Leftover } from './status.js';

/** What an undo answers: whether it took anything back, and what it had to leave. */
export interface UndoOutcome {
  undone: boolean;
  leftovers: Leftover[];
}

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

interface Undo {
  step: string;
  name: UndoName;
  spec: Spec<UndoName>;
  /** The step may have made something that is listed late: the undo must look more than once. */
  unsure: boolean;
  /** The step is done and made a difference: once nothing of it is left, it was taken back, whoever did it. */
  made: boolean;
}

/** How to take back what a run may have made. */
export class Undos {
  private all: Undo[] = [];
  private readonly stays: Leftover[] = [];
  apiCalls = 0;

  constructor(private readonly board: StatusBoard) {}

  /** True when something with an undo was begun, whether or not it took effect. */
  get any(): boolean {
    return this.all.length > 0;
  }

  /** Remembers the undo of a step before the step is tried; of a step told again the newest wins, in its old place, and knows what came. */
  register<U extends UndoName>(step: string, name: U, spec: Omit<Spec<U>, 'unsure'>): void {
    const undo: Undo = { step, name, spec: spec as Spec<UndoName>, unsure: true, made: false };
    const known = this.all.findIndex((one) => one.step === step);
    if (known < 0) this.all.push(undo);
    else this.all[known] = { ...this.all[known]!, name, spec: retold(this.all[known]!.spec, undo.spec) };
  }

  /** Remembers what is meant to stay even when the run does not complete; it is named then. */
  leave(stays: readonly Leftover[]): void {
    this.stays.push(...stays);
  }

  /** The step is done. What it has just made may be listed late all the same; an undo that asks for `came` is told what that is. */
  done(step: string, { changed, result }: Pick<Done<unknown>, 'changed' | 'result'>): void {
    this.suspect(step, { unsure: changed, made: changed });
    const undo = this.all.find((one) => one.step === step);
    if (undo !== undefined && 'came' in undo.spec) undo.spec = { ...undo.spec, came: result } as Spec<UndoName>;
  }

  /** The step has failed, or was cancelled. */
  failed(step: string, error: unknown): void {
    const unsure = isCancellation(error) || mayHaveTakenEffect(describeFailure(error));
    this.suspect(step, { unsure, made: false });
  }

  /** Removes what the run made, newest first. Not cancellable; tries every undo even when one of them fails. */
  async run(): Promise<UndoOutcome> {
    const outcome: UndoOutcome = { undone: false, leftovers: [] };
    await CancellationScope.nonCancellable(async () => {
      for (const undo of this.all.splice(0).toReversed()) {
        const { undone, leftovers } = await this.one(undo);
        outcome.undone ||= undone;
        outcome.leftovers.push(...leftovers);
      }
    });
    const leftovers = [...outcome.leftovers, ...this.stays].map((leftover) => this.located(leftover));
    return { ...outcome, leftovers };
  }

  private suspect(step: string, facts: Pick<Undo, 'unsure' | 'made'>): void {
    const undo = this.all.find((one) => one.step === step);
    if (undo !== undefined) Object.assign(undo, facts);
  }

  /** Its id, else the words by which a person finds it. */
  private nameOf(kind: Leftover['kind'], spec: object): string {
    const { userId, tenantId } = this.board.facts;
    const { person } = spec as { person?: { login: string } };
    if (kind !== 'user') return tenantId ?? `unknown, marked for ${this.board.id}`;
    return userId ?? (person === undefined ? 'unknown' : `unknown, with the login ${person.login}`);
  }

  /** Says where a person finds it. */
  private located(leftover: Leftover): Leftover {
    const { consoleUrl } = this.board.facts;
    return consoleUrl === undefined ? leftover : { ...leftover, link: consoleUrl };
  }

  private async one({ step, name, spec, unsure, made }: Undo): Promise<UndoOutcome> {
    try {
      const done = await call(activities, name, { ...spec, unsure }, { summary: `Undo ${step}`, activityId: name });
      this.apiCalls += done.apiCalls;
      const { leftovers } = done.result;
      const undone = done.result.undone || (made && leftovers.length === 0);
      if (undone) this.board.undone(step);
      return { undone, leftovers };
    } catch (error) {
      const { message, bug } = describeFailure(error);
      if (bug) throw error;
      const kind = kinds[name] ?? 'setting';
      return { undone: false, leftovers: [{ kind, id: this.nameOf(kind, spec), reason: message }] };
    }
  }
}

/** A step that is told again with the same words may be done: what came of it then still stands. */
function retold<S extends object>(before: S, now: S): S {
  return JSON.stringify({ ...before, came: null }) === JSON.stringify({ ...now, came: null }) ? before : now;
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
