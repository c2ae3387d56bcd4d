import {
  CancellationScope,
  condition,
  defineSignal,
  getExternalWorkflowHandle,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import {
  LEND_TURN,
  placeOfKey,
  placeOfTenant,
  TURN_LENT,
  TURN_NEWS,
  type Grant,
  type LendRequest,
  type Lent,
  type RunRef,
  type TurnNews,
  type TurnPlace,
} from '../../contract/turn-queue.js';
import { farewells, patientLooks, waits } from '../kernel/activity-options.js';
import { durationMs } from '../../contract/durations.js';
import { retryOnEviction } from '../kernel/eviction.js';
import { Guests } from './guests.js';
import type { Mark } from '../../contract/mark.js';
import { waitWithin } from '../decisions/reminders.js';
import type { WaitingFor } from '../../contract/status.js';

/** After how long a run that waits claims its turn again; after these, every day. */
const growing = ['10 minutes', '1 hour', '6 hours'] as const;
const LONGEST = '1 day';

/** A tenant to which a run wants to write. */
export interface Place {
  cloud: string;
  tenantId: string;
  /** How else orders may name it, where that is known. */
  name?: string | undefined;
  customerId?: string | undefined;
  /** First run id in the mark of a tenant that one of our runs has made. */
  madeBy?: string | undefined;
}

/** A business key for which a run wants to make a tenant. */
export interface KeyPlace {
  cloud: string;
  mark: Pick<Mark, 'environment' | 'key'>;
}

/** What a run says of its turns, and what is asked of it. */
interface Manner {
  /** Says for whom the run waits just now, or that it does not. */
  tell(waiting?: WaitingFor): void;
  /** A remedy may pass a blocked run. */
  passes?: boolean;
  /** When its operation was started, in milliseconds since 1970; when this run was, unless told. */
  startedAt?: number | undefined;
  /** True while the run is blocked and does nothing: then it may let a remedy in. */
  idle?(): boolean;
}

/**
 * The turns of one run. All runs that want to write to a tenant do so one after the other, in the order in which they were started. A run keeps
 * its turns until it gives them back, or has closed, whatever closes it.
 */
export class Turns {
  private readonly self: RunRef = { workflowId: workflowInfo().workflowId, runId: workflowInfo().firstExecutionRunId };
  private readonly grants = new Map<TurnPlace, Grant>();
  private readonly claimed = new Map<TurnPlace, string>();
  private readonly guests: Guests;
  private waitingAt: TurnPlace | undefined;

  constructor(private readonly manner: Manner) {
    this.guests = new Guests(
      async (run) => await waits.runCloses(run),
      (waiting) => manner.tell(waiting),
    );
    setHandler(defineSignal<[TurnNews]>(TURN_NEWS), (news) => this.hear(news));
    setHandler(defineSignal<[LendRequest]>(LEND_TURN), (request) => {
      // it may never come to that, and then nobody needs to hear of it
      void this.lend(request).catch(() => undefined);
    });
  }

  /**
   * Waits until this run is the next one at a tenant. True when others may have been at work there since the run was started: what it saw
   * before may not be so any more. The run that made the tenant needs no turn: its mark on the tenant says that it is at work.
   */
  async at({ cloud, tenantId, ...known }: Place): Promise<boolean> {
    const place = placeOfTenant(tenantId);
    const { waited } = await this.take(place, { cloud, tenantId, ...known });
    return waited;
  }

  /** The same for a business key for which there may be no tenant yet. `ahead` is how it was granted while the input was read, null while it is not. */
  async ofKey({ cloud, mark }: KeyPlace, ahead?: Grant | null): Promise<Grant> {
    const had = this.grants.get(placeOfKey(mark)) ?? ahead;
    if (had) return had;
    if (ahead === null) this.claimed.set(placeOfKey(mark), cloud);
    return await this.take(placeOfKey(mark), { cloud, key: mark.key });
  }

  /** Until whoever was let in meanwhile has closed; undefined when nobody was. */
  get guarded(): Promise<void> | undefined {
    return this.guests.gone;
  }

  /** Gives back what the run has, and what it only waits for. Never fails. The turn of a key is not given back: nearly always nobody waits there. */
  async leave(): Promise<void> {
    const tenants = [...this.claimed].filter(([place]) => place.startsWith('tenant:'));
    await CancellationScope.nonCancellable(async () => {
      for (const [place, cloud] of tenants)
        await farewells.releaseTurn({ ...this.self, cloud, place }).catch(() => undefined);
    });
  }

  private async take(
    place: TurnPlace,
    { cloud, ...about }: { cloud: string } & Partial<Omit<Place, 'cloud'>> & { key?: string },
  ): Promise<Grant> {
    const { startedAt = workflowInfo().startTime.getTime(), passes = false } = this.manner;
    const isClaimed = this.claimed.has(place);
    this.claimed.set(place, cloud);
    const claim = { cloud, place, runId: this.self.runId, startedAt, passes, about };
    const ask = async () => {
      const granted = await retryOnEviction(() => patientLooks.claimTurn(claim));
      if (granted !== null) this.grants.set(place, granted);
    };
    if (!isClaimed) await ask();
    if (!this.grants.has(place)) await this.grantOf(place, ask);
    return this.grants.get(place)!;
  }

  /** A queue that somebody has terminated knows nothing of this run, so it is asked again from time to time. */
  private async grantOf(place: TurnPlace, ask: () => Promise<void>): Promise<void> {
    this.waitingAt = place;
    try {
      for (let nth = 0; !this.grants.has(place); nth += 1) {
        const pause = durationMs(growing[nth] ?? LONGEST);
        if (!(await waitWithin(() => this.grants.has(place), pause, 'Until the turn is asked for again'))) await ask();
      }
    } finally {
      this.waitingAt = undefined;
      this.manner.tell();
    }
  }

  /** What is meant for another run of the same workflow id does not count. */
  private hear(news: TurnNews): void {
    if (news.runId !== this.self.runId) return;
    if ('granted' in news) this.grants.set(news.place, news.granted);
    else if (news.place === this.waitingAt && !this.grants.has(news.place)) {
      const { waitsFor, blocked } = news;
      this.manner.tell({ waitsFor, ...(blocked && { waitsForBlocked: blocked }) });
    }
  }

  private async lend({ place, runId, to, queue }: LendRequest): Promise<void> {
    const { idle } = this.manner;
    if (idle === undefined || runId !== this.self.runId) return;
    do await condition(idle);
    while (!idle());
    this.guests.letIn(to);
    const lent: Lent = { ...this.self, place, to };
    await getExternalWorkflowHandle(queue)
      .signal(TURN_LENT, lent)
      .catch(() => undefined);
  }
}
