import {
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import {
  LEND_TURN,
  RELEASE_TURN,
  placeOfKey,
  placeOfTenant,
  TURN_LENT,
  TURN_NEWS,
  type TurnGrant,
  type LendRequest,
  type LentTurn,
  type Release,
  type RunRef,
  type TurnNews,
  type TurnPlace,
} from '../../contract/turn-queue.js';
import { claimWatches, quickTemporalCalls, temporalReads, runWatches } from '../kernel/activity-options.js';
import { durationMs } from '../../contract/durations.js';
import { retryOnEviction } from '../kernel/activity-calls.js';
import { PassingRuns, watchUntilClosed } from './passing-runs.js';
import type { Mark } from '../../contract/mark.js';
import { isMetBefore, waitAtMost } from '../decisions/reminders.js';
import { NO_TURN_MEMO, type WaitingFor } from '../../contract/status.js';
import { onSignal } from '../kernel/signals.js';

/** A longer wait begins to watch for the loss of its claim. */
const SHORT_WAIT = '20 seconds';
/** Intervals after which a waiting run of an older revision claims its turn again; after these, every day. */
const CLAIM_INTERVALS = ['10 minutes', '1 hour', '6 hours'] as const;
const LONGEST_INTERVAL = '1 day';

/** Requests the turn at a tenant. */
export interface TenantTurnRequest {
  cloud: string;
  tenantId: string;
  /** Other names of the tenant in orders, if known. */
  name?: string | undefined;
  customerId?: string | undefined;
  /** The run id in the mark of a tenant that a run of this product created. */
  madeBy?: string | undefined;
}

/** Requests the turn for a business key, to create its tenant. */
export interface KeyTurnRequest {
  cloud: string;
  mark: Pick<Mark, 'environment' | 'key'>;
}

interface ClaimedPlace {
  place: TurnPlace;
  cloud: string;
}

/** Where a turn is claimed. */
interface ClaimedAt {
  cloud: string;
  key?: string;
  /** The run has given back its turns before. */
  gaveBack?: boolean;
}

/** How the turns of a run behave. */
interface TurnsOptions {
  /** Called with the run that this run waits for, or without one when it no longer waits. */
  onWaiting(waiting?: WaitingFor): void;
  /** Called with the name of a signal that was dropped, because its content is damaged. */
  onDropped?: (signal: string) => void;
  /** True for a remedy: it may pass a blocked run. */
  passes?: boolean;
  /** When its operation was started, in milliseconds since 1970; by default the start of this run. */
  startedAt?: number | undefined;
  /** True when it also hears whether a run that passes is blocked itself. */
  watchesPassingRuns?(): boolean;
  /** True when it claims again as soon as it notices that the queue has lost its claim. */
  noticesLostClaims?(): boolean;
  /** True when it gives back its turns by signals. */
  releasesBySignal?(): boolean;
  /** True while the run is blocked and does nothing: then it may let a remedy pass. */
  isIdle?(): boolean;
}

/**
 * The turns of one run. Runs that write to the same tenant do so one after the other, in the order in which they were
 * started. A run keeps its turns until it releases them, or until it closes for any reason.
 */
export class Turns {
  private readonly self: RunRef = { workflowId: workflowInfo().workflowId, runId: workflowInfo().firstExecutionRunId };
  private readonly grants = new Map<TurnPlace, TurnGrant>();
  private readonly claimed = new Map<TurnPlace, string>();
  /** Places whose turn the run has given back: a grant that comes late does not count. */
  private readonly givenBack = new Set<TurnPlace>();
  /** The memo says that the run wants no turn. */
  private wantsNone = false;
  /** The workflow ids of the queues that have sent news. */
  private readonly queues = new Map<TurnPlace, string>();
  private readonly passingRuns: PassingRuns;
  private waitingAt: TurnPlace | undefined;

  constructor(private readonly options: TurnsOptions) {
    this.passingRuns = new PassingRuns(
      async (passing, onBlocked) =>
        options.watchesPassingRuns?.()
          ? await watchUntilClosed(passing, onBlocked)
          : await runWatches.runCloses(passing.run),
      (waiting) => options.onWaiting(waiting),
    );
    const { onDropped } = options;
    onSignal(TURN_NEWS, (news: TurnNews) => this.onNews(news), { onDropped });
    // if the run closes first, no answer is needed
    onSignal(LEND_TURN, (request: LendRequest) => void this.lend(request).catch(() => undefined), { onDropped });
  }

  /**
   * Waits for the turn at a tenant. True when others may have worked there since the run was started: then earlier
   * look-ups may be outdated. The run that created the tenant needs no turn: the mark of the tenant shows others that
   * it works there.
   */
  async takeTenantTurn({ cloud, tenantId, ...known }: TenantTurnRequest): Promise<boolean> {
    const gaveBack = this.wantsNone;
    if (gaveBack) upsertMemo({ [NO_TURN_MEMO]: false });
    this.wantsNone = false;
    return (await this.take(placeOfTenant(tenantId), { cloud, gaveBack, tenantId, ...known })).waited;
  }

  /**
   * The same for a business key whose tenant may not exist yet. `ahead`: the grant that came while the input was read;
   * null if the turn was claimed then, but is not granted yet.
   */
  async takeKeyTurn({ cloud, mark }: KeyTurnRequest, ahead?: TurnGrant | null): Promise<TurnGrant> {
    const had = this.grants.get(placeOfKey(mark)) ?? ahead;
    if (had) return had;
    if (ahead === null) this.claimed.set(placeOfKey(mark), cloud);
    return await this.take(placeOfKey(mark), { cloud, key: mark.key });
  }

  /** Resolves when the runs that may pass have closed; undefined when there are none. */
  get untilFree(): Promise<void> | undefined {
    return this.passingRuns.allClosed;
  }

  /**
   * Releases the turns at tenants, and withdraws open claims. Never fails. Turns of keys are kept: others rarely wait
   * there. A queue that is not informed notices the end of the run by itself.
   *
   * A signal, and no local activity: that would be sent while the workflow task may still be lost. Then the run would
   * look again at what the next one is already changing, and act on it without a turn.
   */
  async release(): Promise<void> {
    const tenants = [...this.claimed].filter(([place]) => place.startsWith('tenant:'));
    const bySignal = this.options.releasesBySignal?.() === true;
    await CancellationScope.nonCancellable(async () => {
      for (const [place, cloud] of tenants)
        if (bySignal) await this.signalRelease(place);
        else await quickTemporalCalls.releaseTurn({ ...this.self, cloud, place }).catch(() => undefined);
    });
  }

  /** The same in the middle of a run, which claims its turn again before its next change. */
  async giveBack(): Promise<void> {
    await this.release();
    upsertMemo({ [NO_TURN_MEMO]: true });
    this.wantsNone = true;
    for (const place of [...this.claimed.keys()].filter((one) => one.startsWith('tenant:'))) {
      this.claimed.delete(place);
      this.grants.delete(place);
      this.givenBack.add(place);
    }
  }

  private async signalRelease(place: TurnPlace): Promise<void> {
    const queue = this.queues.get(place);
    if (queue === undefined) return;
    await getExternalWorkflowHandle(queue)
      .signal<[Release]>(RELEASE_TURN, { ...this.self, place })
      .catch(() => undefined);
  }

  private async take(
    place: TurnPlace,
    { cloud, gaveBack = false, ...about }: ClaimedAt & Partial<Omit<TenantTurnRequest, 'cloud'>>,
  ): Promise<TurnGrant> {
    const { startedAt = workflowInfo().startTime.getTime(), passes = false } = this.options;
    const isClaimed = this.claimed.has(place);
    this.claimed.set(place, cloud);
    const claim = { cloud, place, runId: this.self.runId, startedAt, passes, about, ...(gaveBack && { gaveBack }) };
    const ask = async (again: boolean) => {
      const granted = await retryOnEviction(() =>
        temporalReads.claimTurn({ ...claim, askedAt: Date.now(), ...(again && { again }) }),
      );
      if (granted !== null) this.grants.set(place, granted);
    };
    if (!isClaimed) await ask(false);
    if (!this.grants.has(place)) await this.waitForGrant({ place, cloud }, async () => await ask(true));
    return this.grants.get(place)!;
  }

  private async waitForGrant(claimed: ClaimedPlace, claimAgain: () => Promise<void>): Promise<void> {
    const { place } = claimed;
    this.waitingAt = place;
    try {
      for (let nth = 0; !this.grants.has(place); nth += 1)
        if (!(await this.isGrantedBeforeLoss(claimed, nth))) await claimAgain();
    } finally {
      this.waitingAt = undefined;
      this.options.onWaiting();
    }
  }

  /** If somebody terminated the queue, it has lost the claim of this run: then false. */
  private async isGrantedBeforeLoss({ place, cloud }: ClaimedPlace, nth: number): Promise<boolean> {
    const granted = () => this.grants.has(place);
    if (this.options.noticesLostClaims?.() !== true) {
      const pause = durationMs(CLAIM_INTERVALS[nth] ?? LONGEST_INTERVAL);
      return await waitAtMost(granted, pause, 'Until the turn is claimed again');
    }
    if (await waitAtMost(granted, durationMs(SHORT_WAIT), 'Until the claim is watched')) return true;
    const claim = { ...this.self, cloud, place };
    return await isMetBefore(granted, async () => await claimWatches.claimIsLost(claim));
  }

  /** Ignores messages for another run of the same workflow id. */
  private onNews(news: TurnNews): void {
    if (news.runId !== this.self.runId) return;
    if (news.queue !== undefined) this.queues.set(news.place, news.queue);
    if (this.givenBack.has(news.place) && !this.claimed.has(news.place)) return;
    if ('granted' in news) this.grants.set(news.place, news.granted);
    else if (news.place === this.waitingAt && !this.grants.has(news.place)) {
      const { waitsFor, blocked } = news;
      this.options.onWaiting({ waitsFor, ...(blocked && { waitsForBlocked: blocked }) });
    }
  }

  private async lend({ place, runId, to, queue }: LendRequest): Promise<void> {
    const { isIdle } = this.options;
    if (isIdle === undefined || runId !== this.self.runId) return;
    do await condition(isIdle);
    while (!isIdle());
    this.passingRuns.add({ run: to, place });
    const lent: LentTurn = { ...this.self, place, to };
    await getExternalWorkflowHandle(queue)
      .signal(TURN_LENT, lent)
      .catch(() => undefined);
  }
}
