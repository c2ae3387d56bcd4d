import { ApplicationFailure, CancellationScope, workflowInfo } from '@temporalio/workflow';
import type { EarlierTries } from '../../activities/attempt.js';
import type { ClaimedAhead } from '../../activities/claim-ahead.js';
import type { EarlierForUser, EarlierRuns, EarlierSpec, UserRef } from '../../contract/earlier-runs.js';
import { FailureType } from '../../contract/failures.js';
import { FIRST_REVISION, KNOWN_EFFECTS, NOTICES_LOST_CLAIMS, TURNS_IN_ORDER } from '../../contract/revision.js';
import { NO_CALLS_MADE, type StepResult } from '../../contract/steps.js';
import { placeOfKey, type TurnGrant } from '../../contract/turn-queue.js';
import { queryEarlierRuns, queryEarlierRunsOfUser } from '../parts/earlier-runs.js';
import { takeUnorderedTurn } from '../tenant-turn/take-turn.js';
import type { KeyTurnRequest, TenantTurnRequest, Turns } from '../turns/turns.js';
import { call, hasOwnership } from './activity-calls.js';
import type { ActivityInput, ActivityName, ActivityResult, StepName } from './activity-calls.js';
import { activities } from './activity-options.js';
import { allSettled } from './all-settled.js';
import { callKnowingTries } from './cancellable-call.js';
import { forEach, type ListedTenant } from './for-each.js';
import { lookUp, lookUpUntil, watch, type ReportFirst } from './look-ups.js';
import { StepExecutor, type StepAttempt, type ExecutorParts, type StepKind } from './step-executor.js';
import { StepResults } from './step-results.js';
import type { ChangeOptions, DoneOptions, ForEachOptions, StepOptions, Steps, WaitOptions } from './steps.js';
import type { UndoCall, UndoName } from './undos.js';
import { toSummary } from '../../contract/markdown.js';

/** Does the steps of a run and records their undos. After an amendment, finished steps are not repeated. */
export class StepRunner implements Steps {
  readonly allSettled = allSettled;
  readonly rememberTenant: Steps['rememberTenant'] = (tenant) => this.executor.expectedTenant.set(tenant);
  readonly meantTenant: Steps['meantTenant'] = () => this.executor.expectedTenant.meant;
  readonly leaveOut: Steps['leaveOut'] = (step) => this.parts.board.dropStep(step);
  readonly wasBlocked: Steps['wasBlocked'] = (when) => this.parts.desk.wasBlocked(when);
  readonly invalidate: Steps['invalidate'] = (step) => this.results.forget(step);
  readonly setFacts: Steps['setFacts'] = (facts) => this.parts.board.setFacts(facts);
  readonly handOver: Steps['handOver'] = (steps, leftover) => this.parts.undos.handOver(steps, leftover);
  readonly isDeleted: Steps['isDeleted'] = (id) => this.parts.undos.forgetLeftover(id);
  readonly wasRetried: Steps['wasRetried'] = () => this.executor.wasRetried();
  private readonly results = new StepResults();
  private readonly turnsTaken = new Set<string>();
  private readonly askedAbout = new Set<string>();
  /** True once a step of this run changed something. */
  changed = false;
  revision = FIRST_REVISION;
  /** True after a reset to the start: each step may have been done before, by this very run. */
  wasResetToStart = false;
  answersAhead: { [K in keyof ClaimedAhead]?: ClaimedAhead[K] | undefined } = {};
  readonly executor: StepExecutor;

  constructor(private readonly parts: ExecutorParts & { turns: Turns }) {
    this.executor = new StepExecutor(parts, () => this.revision);
  }

  /** API calls so far, including those of undos. */
  get apiCalls(): number {
    return this.executor.apiCalls + this.parts.undos.apiCalls;
  }

  /** True when this run has changed something, or may have. */
  get mayHaveMade(): boolean {
    const { undos } = this.parts;
    return this.revision < KNOWN_EFFECTS ? undos.hasUndos : this.changed || undos.tookEffect;
  }

  async lookUp<N extends ActivityName>(
    name: N,
    input: ActivityInput<N>,
    { as = name, ...options }: StepOptions & ReportFirst,
  ): Promise<ActivityResult<N>> {
    const attempt = async () =>
      await lookUp(name, input, { ...options, as, onRetry: (failure) => this.executor.noteRetry(as, failure) });
    return await this.results.once(as, input, async () => await this.executor.execute(as, attempt, 'lookUp'));
  }

  async poll<N extends ActivityName>(
    name: N,
    input: ActivityInput<N>,
    { as = name, ...options }: StepOptions & { within: string },
  ): Promise<NonNullable<ActivityResult<N>> | undefined> {
    const attempt = async () =>
      await lookUpUntil(name, input, { ...options, as, onRetry: (failure) => this.executor.noteRetry(as, failure) });
    return await this.results.once(as, input, async () => await this.executor.execute(as, attempt, 'lookUp'));
  }

  async run<N extends ActivityName, U extends UndoName = never>(
    name: N,
    input: ActivityInput<N>,
    options: ChangeOptions<U>,
  ): Promise<ActivityResult<N>> {
    return await this.change(name, input, options, 'change');
  }

  async runSkippable<N extends ActivityName, U extends UndoName = never>(
    name: N,
    input: ActivityInput<N>,
    options: ChangeOptions<U>,
  ): Promise<ActivityResult<N> | null> {
    return await this.change<N, U, ActivityResult<N> | null>(name, input, options, 'skippable');
  }

  async forEach<N extends ActivityName>(
    _name: N,
    members: readonly (ActivityInput<N> & ListedTenant)[],
    { as, ...options }: ForEachOptions,
  ) {
    const started = this.revision < TURNS_IN_ORDER ? {} : { startedAt: workflowInfo().startTime.getTime() };
    const turn = { ...started, ...(this.revision >= NOTICES_LOST_CLAIMS && { noticesLostClaims: true }) };
    const all = { ...options, members: members.map((member) => ({ ...member, ...turn })) };
    const attempt = async () => this.counted(await forEach(all, (left) => this.parts.undos.addLeftovers(left)));
    return await this.results.once(as, members, async () => await this.executor.execute(as, attempt));
  }

  async wait(step: string, { until }: WaitOptions): Promise<void> {
    const { board, desk } = this.parts;
    board.setState({ state: 'running' });
    const attempt = async () => {
      const why = await until(board);
      if (why === undefined) return NO_CALLS_MADE;
      throw desk.createRestoredFailure(step, why);
    };
    await this.results.once(step, {}, async () => await this.executor.execute(step, attempt));
  }

  async watch<N extends ActivityName>(
    name: N,
    input: ActivityInput<N>,
    { summary, as = name }: StepOptions,
    meanwhile: (hasEnded: () => boolean) => Promise<void>,
  ): Promise<ActivityResult<N> | undefined> {
    return await this.executor.execute(as, async () => await watch(name, input, { summary, as }, meanwhile), 'lookUp');
  }

  async askPerson(step: string, about: string, message: string): Promise<void> {
    if (this.askedAbout.has(about)) return;
    await this.executor.execute(step, async () => {
      if (this.askedAbout.has(about)) return NO_CALLS_MADE;
      this.askedAbout.add(about);
      const details = [{ attempts: 1, apiCalls: 0, step }];
      throw ApplicationFailure.create({ type: FailureType.NotReady, message, nonRetryable: true, details });
    });
  }

  async takeTurn(request: TenantTurnRequest): Promise<boolean> {
    if (this.turnsTaken.has(request.tenantId)) return false;
    const waited =
      this.revision < TURNS_IN_ORDER ? await this.takeTurnUnordered(request) : await this.takeTurnInOrder(request);
    this.turnsTaken.add(request.tenantId);
    return waited;
  }

  async takeTurnOfKey(request: KeyTurnRequest): Promise<TurnGrant> {
    const key = placeOfKey(request.mark);
    if (this.revision < TURNS_IN_ORDER) return { waited: false, known: false };
    const grant = await this.parts.turns.takeKeyTurn(request, this.answersAhead.turn);
    const waited = grant.waited && !this.turnsTaken.has(key);
    this.turnsTaken.add(key);
    return { ...grant, waited };
  }

  /** Lets the next runs work on the tenants of this run. */
  async releaseTurns(): Promise<void> {
    await this.parts.turns.release();
  }

  async giveBackTurn(): Promise<void> {
    await this.parts.turns.giveBack();
    this.turnsTaken.clear();
  }

  async earlierRuns({ order, ...ofKey }: EarlierSpec): Promise<EarlierRuns> {
    const query = async () => await queryEarlierRuns({ ...ofKey, order }, this.answersAhead);
    return await this.results.once('earlierRuns', ofKey, query);
  }

  async earlierRunsOfUser(user: UserRef): Promise<EarlierForUser> {
    return await this.results.once('earlierForUser', user, async () => await queryEarlierRunsOfUser(user));
  }

  alreadyDone<U extends UndoName = never>(step: StepName, { unseen, undo }: DoneOptions<U> = {}): void {
    const { board } = this.parts;
    if (undo && this.wasResetToStart) this.registerUndo(step, undo);
    const found = { adopted: true, attempts: 0, ...(unseen && { lastError: unseen }) };
    if (board.stepState(step) === 'pending') board.stepEnded(step, found);
  }

  /** Undoes what this run did, newest first. */
  async undo() {
    const { turns, undos } = this.parts;
    await CancellationScope.nonCancellable(async () => await turns.untilFree);
    return await undos.run(this.revision, this.executor.expectedTenant.meant.meant);
  }

  private async takeTurnUnordered(request: TenantTurnRequest): Promise<boolean> {
    const { board } = this.parts;
    return await takeUnorderedTurn(request, (waitsFor) =>
      board.setState({ state: 'running', ...(waitsFor && { waitsFor }) }),
    );
  }

  private async takeTurnInOrder(request: TenantTurnRequest): Promise<boolean> {
    const { board, turns } = this.parts;
    // later runs find this run by its tenant
    board.setFacts({ tenantId: board.facts.tenantId ?? request.tenantId });
    board.setState({ state: 'running' });
    return await turns.takeTenantTurn(request);
  }

  private registerUndo<U extends UndoName>(step: string, undo: UndoCall<U>): void {
    const { undos } = this.parts;
    undos.register(step, ...undo);
    // before the reset, this run or somebody else may have done it
    if (this.wasResetToStart) undos.stepMayBeDone(step, 'reset');
  }

  private async change<N extends ActivityName, U extends UndoName, R = ActivityResult<N>>(
    name: N,
    input: ActivityInput<N>,
    { summary, as = name, undo, firstUser }: ChangeOptions<U>,
    kind: StepKind,
  ): Promise<R> {
    const { undos } = this.parts;
    if (firstUser) undos.firstUsers.expect(as, firstUser);
    if (undo) this.registerUndo(as, undo);
    const attempt = async (before: EarlierTries) => await this.call(name, input, { summary, as, before });
    const act = async () => await this.executor.execute(as, attempt as unknown as StepAttempt<R>, kind);
    return await this.results.once(as, input, act);
  }

  private async call<N extends ActivityName>(
    name: N,
    input: ActivityInput<N>,
    { summary, as, before }: Required<StepOptions> & { before: EarlierTries },
  ): Promise<StepResult<ActivityResult<N>>> {
    const maybeDone = before === 'maybeDone';
    const careful = this.executor.withKnowledge(input, as, before);
    const act = async () => await call(activities, name, careful, { summary: toSummary(summary), activityId: as });
    const done = await callKnowingTries(as, act, this.revision);
    // a mark, or the result, says who created it; otherwise it was the earlier attempt without answer
    const ours = maybeDone && done.adopted && !('mark' in input) && !hasOwnership(done.result);
    return this.counted(ours ? { ...done, changed: true } : done);
  }

  private counted<R>(done: StepResult<R>): StepResult<R> {
    this.changed ||= done.changed;
    return done;
  }
}
