import { CancellationScope } from '@temporalio/workflow';
import { activities } from './activity-options.js';
import { call, type Done, type Name, type Result, type Spec } from './calling.js';
import { describeFailure } from './describe-failure.js';
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
  /**
   * What is known of the step. What it made, or may have made, can be listed late: the undo must look more than once. What it did make was
   * taken back once nothing of it is left, whoever did it.
   */
  effect: 'none' | 'maybe' | 'made';
  /** What the step has brought; null until it is done. */
  came: unknown;
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
    const told = { step, name, spec: spec as Spec<UndoName> };
    const known = this.of(step);
    if (known === undefined) this.all.push({ ...told, effect: 'none', came: null });
    else Object.assign(known, told);
  }

  /** Remembers what is meant to stay even when the run does not complete; it is named then. */
  leave(stays: readonly Leftover[]): void {
    this.stays.push(...stays);
  }

  /** The step is done. What it has just made may be listed late all the same; an undo that asks for `came` is told what that is. */
  done(step: string, { changed, result }: Pick<Done<unknown>, 'changed' | 'result'>): void {
    const undo = this.of(step);
    if (undo === undefined) return;
    undo.came = result;
    undo.effect = changed || undo.effect === 'made' ? 'made' : 'none';
  }

  /** A try of the step may have taken effect, until it is known; what an earlier one brought need not be all then. */
  suspect(step: string): void {
    const undo = this.of(step);
    if (undo === undefined) return;
    undo.came = null;
    if (undo.effect === 'none') undo.effect = 'maybe';
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

  /** Says where a person finds it. */
  private located(leftover: Leftover): Leftover {
    const { consoleUrl } = this.board.facts;
    return consoleUrl === undefined ? leftover : { ...leftover, link: consoleUrl };
  }

  private async one({ step, name, spec, effect, came }: Undo): Promise<UndoOutcome> {
    const told = { ...spec, ...('came' in spec ? { came } : {}), unsure: effect !== 'none' } as Spec<UndoName>;
    try {
      const done = await call(activities, name, told, { summary: `Undo ${step}`, activityId: name });
      this.apiCalls += done.apiCalls;
      const { leftovers } = done.result;
      const undone = done.result.undone || (effect === 'made' && leftovers.length === 0);
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
