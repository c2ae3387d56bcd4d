import type { EarlierForUser, EarlierRuns, EarlierSpec, UserRef } from '../../contract/earlier-runs.js';
import type { Leftover } from '../../contract/status.js';
import type { MemberOutcome } from '../../contract/steps.js';
import type { TurnGrant } from '../../contract/turn-queue.js';
import type { KeyTurnRequest, TenantTurnRequest } from '../turns/turns.js';
import type { ActivityInput, ActivityName, ActivityResult, StepName } from './activity-calls.js';
import type { FirstUser } from './first-users.js';
import type { ForEachSpec, ListedTenant } from './for-each.js';
import type { ReportFirst } from './look-ups.js';
import type { RunDetails, StatusBoard } from './status-board.js';
import type { UndoCall, UndoName } from './undos.js';

export interface StepOptions {
  /** A short text for people, shown in Temporal. */
  summary: string;
  /** The name of the step, where one activity does several steps. */
  as?: StepName;
}

export interface ChangeOptions<U extends UndoName> extends StepOptions {
  undo?: UndoCall<U>;
  /** The undo of an earlier step removes the user that this step creates. */
  firstUser?: FirstUser;
}

export interface DoneOptions<U extends UndoName> {
  /** Why it could not be checked, or how it differs; otherwise a look-up has shown that it is done as ordered. */
  unseen?: string | undefined;
  /** After a reset to the start, the run may have done the step before; this is the undo for that case. */
  undo?: UndoCall<U>;
}

export type ForEachOptions = Omit<ForEachSpec, 'members'> & Required<StepOptions>;

export interface WaitOptions extends Pick<StepOptions, 'summary'> {
  /** Resolves when the wait is over; with a reason if the run must be undone. */
  until(board: StatusBoard): Promise<string | undefined>;
}

/** A step, or a query to Temporal, that can be repeated. */
export type RepeatedStep = StepName | 'earlierRuns' | 'earlierForUser';

/** What an operation can do. A run does it; a plan previews it without changing anything. */
export interface Steps {
  /** Waits until all have ended, even if one fails, then reports all failures. */
  allSettled<T extends readonly unknown[]>(...branches: { [K in keyof T]: Promise<T[K]> | T[K] }): Promise<T>;
  /**
   * Looks something up. Changes nothing, so it needs no undo. If the cloud is slow, it becomes an ordinary activity.
   */
  lookUp<N extends ActivityName>(
    name: N,
    input: ActivityInput<N>,
    options: StepOptions & ReportFirst,
  ): Promise<ActivityResult<N>>;
  /**
   * Repeats a look-up, with growing pauses, until there is a result; undefined after `within`. An outage restarts the
   * time.
   */
  poll<N extends ActivityName>(
    name: N,
    input: ActivityInput<N>,
    options: StepOptions & { within: string },
  ): Promise<NonNullable<ActivityResult<N>> | undefined>;
  /**
   * Changes something. The undo is registered before the call, because a call without answer may have taken effect. The
   * undo finds what to remove by its mark, and does nothing when there is nothing.
   */
  run<N extends ActivityName, U extends UndoName = never>(
    name: N,
    input: ActivityInput<N>,
    options: ChangeOptions<U>,
  ): Promise<ActivityResult<N>>;
  /** Changes something that no later step needs, so a person may skip it; then the result is null. */
  runSkippable<N extends ActivityName, U extends UndoName = never>(
    name: N,
    input: ActivityInput<N>,
    options: ChangeOptions<U>,
  ): Promise<ActivityResult<N> | null>;
  /** Runs a step for each tenant, in a child workflow with its own turn. A failure of one does not stop the others. */
  forEach<N extends ActivityName>(
    name: N,
    members: readonly (ActivityInput<N> & ListedTenant)[],
    options: ForEachOptions,
  ): Promise<MemberOutcome[]>;
  /** Waits, as a step. A wait can take months, so the known facts become searchable first. */
  wait(step: StepName, options: WaitOptions): Promise<void>;
  /**
   * Looks until there is news, as a step; the looks between add nothing to the history. `meanwhile` runs beside it. Once
   * it has returned, the look ends too, without news.
   */
  watch<N extends ActivityName>(
    name: N,
    input: ActivityInput<N>,
    options: StepOptions,
    meanwhile: (hasEnded: () => boolean) => Promise<void>,
  ): Promise<ActivityResult<N> | undefined>;
  /** Blocks because a result is not as expected, although no call failed. Asks once per `about`; `retry` continues. */
  askPerson(step: StepName, about: string, message: string): Promise<void>;
  /**
   * Waits until no other run changes this tenant, and keeps others out until this run has closed. True when it had to
   * wait: then earlier look-ups may be outdated.
   */
  takeTurn(place: TenantTurnRequest): Promise<boolean>;
  /** Lets others change the tenants of this run until it takes its turn there again. Give back a turn before a long wait. */
  giveBackTurn(): Promise<void>;
  /** The same for a business key, before its tenant exists. `known`: a tenant may exist, from an earlier run. */
  takeTurnOfKey(place: KeyTurnRequest): Promise<TurnGrant>;
  /**
   * Asks Temporal for earlier runs of a key, once until invalidated: an amendment does not change the compared order.
   */
  earlierRuns(spec: EarlierSpec): Promise<EarlierRuns>;
  /** Asks Temporal what earlier runs have done for a user. */
  earlierRunsOfUser(user: UserRef): Promise<EarlierForUser>;
  /** Marks a step as already done. */
  alreadyDone<U extends UndoName = never>(step: StepName, options?: DoneOptions<U>): void;
  /** Takes a planned step off the list, because this run does not need it. */
  leaveOut(step: StepName): void;
  /**
   * From now on an undo takes back only what these steps have done. The rest stays, and the leftover names it if the run has
   * made anything of it.
   */
  handOver(stillUndone: readonly StepName[], leftover: Leftover): void;
  /** Says that somebody has deleted what was handed over, so that it is no leftover. */
  isDeleted(id: string): void;
  /** True when the run was blocked, with a known tenant, since the last call of this; `ever`: at any time. */
  wasBlocked(when?: { ever: true }): boolean;
  /**
   * True when a step needed more than one attempt, with a known tenant, since the last call of this, or when the run has
   * stood still since its last step.
   */
  wasRetried(): boolean;
  /**
   * Says which tenant the run means. It is compared before the next change once a block has ended, and before a change
   * is tried again.
   */
  rememberTenant(tenant: ActivityInput<'checkStillMeant'>): void;
  /** The tenant that the run means, and when it has read last whose it is; empty before `rememberTenant`. */
  meantTenant(): { meant?: ActivityInput<'checkStillMeant'> };
  /** Lets a finished step run again at its next call. */
  invalidate(step: RepeatedStep): void;
  /** Records facts about the customer; the status shows them. */
  setFacts(facts: RunDetails): void;
}
