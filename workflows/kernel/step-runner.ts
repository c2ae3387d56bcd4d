import { ApplicationFailure, CancellationScope, workflowInfo } from '@temporalio/workflow';
import type { ClaimedAhead } from '../../activities/claim-ahead.js';
import { placeOfKey, type Grant } from '../../contract/turn-queue.js';
import { activities } from './activity-options.js';
import { Attendant, type Before } from './attending.js';
import { call, tellsWhose, type Name, type Result, type Spec } from './calling.js';
import { NOTHING_CALLED, type Done } from '../../contract/steps.js';
import type { Desk } from '../decisions/desk.js';
import { askTemporal, askTemporalAbout } from '../parts/earlier-runs.js';
import type { EarlierForUser, EarlierRuns, EarlierSpec, UserRef } from '../../contract/earlier-runs.js';
import { each, type Member } from './each.js';
import { FailureType } from '../../contract/failures.js';
import { Looks, short, type Naming, type Unless } from './looks.js';
import { heeding } from './heeding.js';
import { remedies } from '../turns/remedies.js';
import { FIRST_REVISION, KNOWN_EFFECTS, TURNS_IN_ORDER } from '../../contract/revision.js';
import type { Facts, StatusBoard } from './status-board.js';
import type { EachTelling, StepTelling, Telling, Wait } from './telling.js';
import { together } from './together.js';
import { takeTurn } from '../tenant-turn/take-turn.js';
import { Turns, type KeyPlace, type Place } from '../turns/turns.js';
import { Undos, type UndoName } from './undos.js';

/** What a story may do; the planner does the same without changing anything. */
export type Teller = Omit<
  Run,
  'board' | 'changed' | 'revision' | 'apiCalls' | 'mayHaveMade' | 'undo' | 'leave' | 'ahead'
>;

/**
 * One run of an operation: does the steps, keeps their status, and remembers how to undo them. What is done is not done again with an amended input, unless it says otherwise.
 */
export class Run {
  readonly together = together;
  private readonly undos: Undos;
  private readonly attendant: Attendant;
  private readonly looks: Looks;
  private readonly done = new Map<string, unknown>();
  private readonly taken = new Set<string>();
  private readonly turns: Turns;
  private readonly asked = new Set<string>();
  /** True once a step of this run made a difference. */
  changed = false;
  revision = FIRST_REVISION;
  ahead: { [K in keyof ClaimedAhead]?: ClaimedAhead[K] | undefined } = {};

  constructor(
    readonly board: StatusBoard,
    private readonly desk: Desk,
  ) {
    this.undos = new Undos(board);
    this.turns = new Turns({
      tell: (waiting) => board.waits(waiting),
      passes: remedies.includes(board.operation),
      idle: () => desk.waits && this.attendant.underWay === 0,
    });
    this.attendant = new Attendant(board, desk, this.undos, this.turns, () => this.revision);
    this.looks = new Looks(board, this.attendant);
  }

  get apiCalls(): number {
    return this.attendant.calls + this.undos.apiCalls;
  }

  /** True when this run has changed something, or may have. */
  get mayHaveMade(): boolean {
    const made = this.changed || this.undos.tookEffect;
    return this.revision < KNOWN_EFFECTS ? this.undos.any : made;
  }

  /** Looks something up. Changes nothing, so there is nothing to undo; visible as an ordinary activity once the cloud does not answer. */
  async look<N extends Name>(name: N, spec: Spec<N>, { as = name, ...how }: Telling & Unless): Promise<Result<N>> {
    const act = async () => await this.looks.once(name, spec, { ...how, as });
    return await this.once(as, spec, () => this.attendant.attend(as, act, 'look'));
  }

  /** Looks again and again, at growing pauses, for something else than null; undefined when it has not come within this time. An outage begins it anew. */
  async poll<N extends Name>(
    name: N,
    spec: Spec<N>,
    { summary, as = name, within }: Telling & { within: string },
  ): Promise<NonNullable<Result<N>> | undefined> {
    return await this.once(as, spec, () =>
      this.attendant.attend(as, () => this.looks.until(name, spec, { summary, as }, within), 'look'),
    );
  }

  /**
   * Makes something so. `undo` is registered before the act, because an act whose answer is lost may have taken effect; it therefore
   * finds what to remove by its mark and must be harmless when there is nothing.
   */
  async step<N extends Name, U extends UndoName = never>(name: N, spec: Spec<N>, how: StepTelling<U>) {
    const { summary, as = name } = how;
    this.expect(as, how);
    return await this.once(as, spec, () =>
      this.attendant.attend<Result<N>>(as, (before) => this.change(name, spec, { summary, as }, before)),
    );
  }

  /** Makes something so that a person may decide to do without: nothing later needs it; null then. */
  async skippable<N extends Name, U extends UndoName = never>(name: N, spec: Spec<N>, how: StepTelling<U>) {
    const { summary, as = name } = how;
    this.expect(as, how);
    const act = (before: Before) => this.change(name, spec, { summary, as }, before);
    return await this.once(as, spec, () => this.attendant.attend<Result<N> | null>(as, act, 'skippable'));
  }

  /** Has a step made for each of many tenants by a run of its own, in the turn of each. What becomes of one is its answer, and no failure. */
  async each<N extends Name>(_name: N, members: readonly (Spec<N> & Member)[], { as, ...how }: EachTelling) {
    const started = this.revision < TURNS_IN_ORDER ? {} : { startedAt: workflowInfo().startTime.getTime() };
    const told = members.map((member) => ({ ...member, ...started }));
    const act = () => each({ ...how, members: told }, (leftovers) => this.undos.leave(leftovers));
    return await this.once(as, members, () => this.attendant.attend(as, async () => this.counted(await act())));
  }

  /** Waits, as a step of its own. It may take months, so what is known by then becomes searchable. */
  async wait(step: string, { until }: Wait): Promise<void> {
    this.board.turn({ state: 'running' });
    await this.once(step, {}, () =>
      this.attendant.attend(step, async () => {
        const why = await until(this.board);
        if (why !== undefined) throw this.desk.giveUp(step, why);
        return NOTHING_CALLED;
      }),
    );
  }

  /**
   * Every call was answered, but what should have come of them did not: asks a person, once about each thing. Ends when told to try again; told
   * anew with an amended input, it has been asked already.
   */
  async halt(step: string, about: string, message: string): Promise<void> {
    if (this.asked.has(about)) return;
    await this.attendant.attend(step, async () => {
      if (this.asked.has(about)) return NOTHING_CALLED;
      this.asked.add(about);
      const details = [{ attempts: 1, apiCalls: 0, step }];
      throw ApplicationFailure.create({ type: FailureType.NotReady, message, nonRetryable: true, details });
    });
  }

  /**
   * Waits until no other run writes to this tenant, and keeps others away until this run has closed. True when there was somebody to wait
   * for: what was seen before may have changed since.
   */
  async turn(place: Place): Promise<boolean> {
    if (this.taken.has(place.tenantId)) return false;
    const waited = this.revision < TURNS_IN_ORDER ? await this.firstCome(place) : await this.inOrder(place);
    this.taken.add(place.tenantId);
    return waited;
  }

  /**
   * The same for a business key, before there is a tenant. `known` is true when a run for this key has had its turn before, or when nobody
   * can know: then there may be a tenant for it.
   */
  async turnOfKey(place: KeyPlace): Promise<Grant> {
    const key = placeOfKey(place.mark);
    if (this.revision < TURNS_IN_ORDER) return { waited: false, known: false };
    const grant = await this.turns.ofKey(place, this.ahead.turn);
    const waited = grant.waited && !this.taken.has(key);
    this.taken.add(key);
    return { ...grant, waited };
  }

  /** Asks Temporal for earlier runs of a key, once until it is forgotten: an order that is amended later is compared as it was first. */
  async earlier({ order, ...ofKey }: EarlierSpec): Promise<EarlierRuns> {
    return await this.once('earlierRuns', ofKey, async () => await askTemporal({ ...ofKey, order }, this.ahead));
  }

  /** Asks Temporal what earlier runs have done for a user. */
  async earlierFor(user: UserRef): Promise<EarlierForUser> {
    return await this.once('earlierForUser', user, async () => await askTemporalAbout(user));
  }

  /** Lets the next one work where this run has worked. */
  async leave(): Promise<void> {
    await this.turns.leave();
  }

  /** Nothing is left to be done for this step: a look has shown that, or `unseen` says why nobody could look. */
  found(step: string, unseen?: string): void {
    const found = { adopted: true, attempts: 0, ...(unseen && { lastError: unseen }) };
    if (this.board.stepState(step) === 'pending') this.board.ended(step, found);
  }

  /** True when it was blocked, with a tenant at hand, since this was asked last. */
  readonly wasBlocked = () => this.desk.wasBlocked();

  /** A step that was done is done anew when it is told again. */
  forget(step: string): void {
    for (const key of this.done.keys()) if (key.startsWith(`${step} `)) this.done.delete(key);
  }

  /** Keeps what the story has learnt of its customer. */
  know(facts: Facts): void {
    this.board.know(facts);
  }

  /** Takes back what this run did, newest first. */
  async undo() {
    await CancellationScope.nonCancellable(async () => await this.turns.guarded);
    return await this.undos.run(this.revision);
  }

  private async firstCome(place: Place): Promise<boolean> {
    return await takeTurn(place, (waitsFor) => this.board.turn({ state: 'running', ...(waitsFor && { waitsFor }) }));
  }

  private async inOrder(place: Place): Promise<boolean> {
    // whoever comes later finds by its tenant that this run has come to its turn
    this.board.know({ tenantId: this.board.facts.tenantId ?? place.tenantId });
    this.board.turn({ state: 'running' });
    return await this.turns.at(place);
  }

  private expect<U extends UndoName>(as: string, { undo, firstUser }: StepTelling<U>): void {
    if (firstUser) this.undos.first.expect(as, firstUser);
    if (undo) this.undos.register(as, ...undo);
  }

  private async once<R>(name: string, spec: object, act: () => Promise<R>): Promise<R> {
    const { look: _look, ...identity } = spec as { look?: boolean };
    const key = `${name} ${JSON.stringify(identity)}`;
    if (this.done.has(key)) return this.done.get(key) as R;
    const result = await act();
    this.done.set(key, result);
    return result;
  }

  private async change<N extends Name>(name: N, spec: Spec<N>, { summary, as }: Naming, { again, unsure }: Before) {
    const careful = again && 'look' in spec ? { ...spec, look: true, unsure } : spec;
    const act = () => call(activities, name, careful, { summary: short(summary), activityId: as });
    const done = await heeding(as, act, this.revision);
    // what bears a mark tells by itself whose it is, and so does a user; of all else a lost call of this run was the maker
    const ours = unsure && done.adopted && !('mark' in spec) && !tellsWhose(done.result);
    return this.counted(ours ? { ...done, changed: true } : done);
  }

  private counted<R>(done: Done<R>): Done<R> {
    this.changed ||= done.changed;
    return done;
  }
}
