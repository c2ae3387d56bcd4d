import type { EarlierForUser, EarlierRuns, EarlierSpec, UserRef } from '../../contract/earlier-runs.js';
import type { MemberOutcome } from '../../contract/steps.js';
import type { Grant } from '../../contract/turn-queue.js';
import type { KeyPlace, Place } from '../turns/turns.js';
import type { ActivityInput, ActivityName, ActivityResult, StepName } from './activity-calls.js';
import type { FirstUser } from './first-users.js';
import type { Many, Member } from './for-each.js';
import type { Unless } from './look-ups.js';
import type { Facts, StatusBoard } from './status-board.js';
import type { UndoCall, UndoName } from './undos.js';

export interface StepOptions {
  /** What a person reads of the step. */
  summary: string;
  /** What the step is called in this run, where one activity does several steps. */
  as?: StepName;
}

export interface ChangeOptions<U extends UndoName> extends StepOptions {
  undo?: UndoCall<U>;
  /** The user that the step creates is removed together with what an earlier step has created. */
  firstUser?: FirstUser;
}

export interface DoneOptions<U extends UndoName> {
  /** Why nobody could look; else a look-up has shown that it is done. */
  unseen?: string | undefined;
  /** After a reset to the start: the run may have done it itself before. It names then what it would take back. */
  undo?: UndoCall<U>;
}

export type ForEachOptions = Omit<Many, 'members'> & Required<StepOptions>;

export interface WaitOptions extends Pick<StepOptions, 'summary'> {
  /** Ends when the wait is over; answers why the run must be given up, if it must. */
  until(board: StatusBoard): Promise<string | undefined>;
}

/** A step, or a question to Temporal, that can be repeated. */
export type RepeatedStep = StepName | 'earlierRuns' | 'earlierForUser';

/** What an operation can do. A run does it; a plan does the same without changing anything. */
export interface Steps {
  /** Waits until all have ended, whatever happens to one of them, then reports every failure at once. */
  allSettled<T extends readonly unknown[]>(...branches: { [K in keyof T]: Promise<T[K]> | T[K] }): Promise<T>;
  /** Looks something up. Changes nothing, so it needs no undo; shows up as an ordinary activity once the cloud is slow. */
  lookUp<N extends ActivityName>(
    name: N,
    input: ActivityInput<N>,
    options: StepOptions & Unless,
  ): Promise<ActivityResult<N>>;
  /** Looks up again and again, at growing pauses, until there is a result; undefined after `within`. After an outage the time starts again. */
  poll<N extends ActivityName>(
    name: N,
    input: ActivityInput<N>,
    options: StepOptions & { within: string },
  ): Promise<NonNullable<ActivityResult<N>> | undefined>;
  /**
   * Changes something. The undo is registered before the call, because a call whose answer is lost may have taken effect. The undo finds what
   * to remove by its mark, and does nothing when there is nothing.
   */
  run<N extends ActivityName, U extends UndoName = never>(
    name: N,
    input: ActivityInput<N>,
    options: ChangeOptions<U>,
  ): Promise<ActivityResult<N>>;
  /** Changes something that no later step needs, so a person may skip it; null then. */
  runSkippable<N extends ActivityName, U extends UndoName = never>(
    name: N,
    input: ActivityInput<N>,
    options: ChangeOptions<U>,
  ): Promise<ActivityResult<N> | null>;
  /** Runs a step for each of many tenants, each in a run of its own and in its own turn. A failure of one is its outcome, and stops no other. */
  forEach<N extends ActivityName>(
    name: N,
    members: readonly (ActivityInput<N> & Member)[],
    options: ForEachOptions,
  ): Promise<MemberOutcome[]>;
  /** Waits, as a step of its own. A wait can take months, so what is known so far becomes searchable. */
  wait(step: StepName, options: WaitOptions): Promise<void>;
  /** Blocks although every call was answered, because the result is not what it should be. Asks once about each thing, and ends at `retry`. */
  askPerson(step: StepName, about: string, message: string): Promise<void>;
  /**
   * Waits until no other run changes this tenant, and keeps others out until this run has closed. True when it had to wait: then what was
   * looked up before may have changed.
   */
  takeTurn(place: Place): Promise<boolean>;
  /** The same for a business key, before there is a tenant. `known`: an earlier run had this turn, or nobody can say, so a tenant may exist. */
  takeTurnOfKey(place: KeyPlace): Promise<Grant>;
  /** Asks Temporal for earlier runs of a key, once until it is invalidated: a later amendment is compared with the order as it was first. */
  earlierRuns(spec: EarlierSpec): Promise<EarlierRuns>;
  /** Asks Temporal what earlier runs have done for a user. */
  earlierRunsOfUser(user: UserRef): Promise<EarlierForUser>;
  /** Nothing is left to do for this step. */
  alreadyDone<U extends UndoName = never>(step: StepName, options?: DoneOptions<U>): void;
  /** True when the run was blocked, with a tenant at hand, since the last time this was asked; `ever`: at any time. */
  wasBlocked(when?: { ever: true }): boolean;
  /** A step that is done runs again the next time it is called. */
  invalidate(step: RepeatedStep): void;
  /** Keeps what the run knows of its customer; it shows in the status. */
  setFacts(facts: Facts): void;
}
