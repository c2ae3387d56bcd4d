import {
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  getExternalWorkflowHandle,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { autoUpgrade } from '../kernel/new-versions.js';
import { closedRuns, runWatches } from '../kernel/activity-options.js';
import {
  CLAIM_TURN,
  LEND_TURN,
  RELEASE_TURN,
  TURN_LENT,
  TURN_NEWS,
  TURN_QUERY,
  TURNS_QUERY,
  type Claim,
  type TurnGrant,
  type LendRequest,
  type LentTurn,
  type Release,
  type TurnNews,
  type TurnPlace,
  type TurnsAt,
} from '../../contract/turn-queue.js';
import { TurnQueue } from './queue.js';
import type { WatchedRun } from '../../contract/turn-queue.js';
import { emptyQueue, type QueueState } from './state.js';
import { onSignal } from '../kernel/signals.js';

/** A longer history makes the queue continue as new, so that any worker can replay it quickly. */
const MAX_EVENTS = 1000;

/**
 * Orders the runs that work on tenants. It never ends. Claims and grants are signals. While a run waits, the queue
 * watches the runs that are in front of it. It can be terminated but not cancelled, because runs need it.
 */
export async function turnQueue(given?: QueueState | null): Promise<void> {
  await CancellationScope.nonCancellable(async () => await new QueueRunner(given ?? emptyQueue()).run());
}

autoUpgrade(turnQueue);

class QueueRunner {
  private readonly queue: TurnQueue;
  private readonly watching = new Map<string, CancellationScope>();
  private inbox: (() => void)[] = [];
  private signalsInFlight = 0;

  constructor(state: QueueState) {
    const queue = workflowInfo().workflowId;
    const news = (one: TurnNews) => this.send(one, TURN_NEWS, { ...one, queue });
    const ask = (place: TurnPlace, run: Pick<Release, 'workflowId' | 'runId'>, to: LendRequest['to']) =>
      this.send({ ...run, place }, LEND_TURN, { ...run, place, to, queue } satisfies LendRequest);
    this.queue = new TurnQueue(state, { sendNews: news, askToLend: ask }, () => Date.now());
    const hear = <T>(act: (what: T) => void) => {
      return (what: T) => void this.inbox.push(() => act(what));
    };
    onSignal(
      CLAIM_TURN,
      hear((claim: Claim) => this.queue.claim(claim)),
    );
    onSignal(
      RELEASE_TURN,
      hear((run: Release) => this.queue.release(run)),
    );
    onSignal(
      TURN_LENT,
      hear((lent: LentTurn) => this.queue.lent(lent)),
    );
    setHandler(defineQuery<TurnGrant | null, [Release]>(TURN_QUERY), (run) => this.queue.turnOf(run));
    setHandler(defineQuery<TurnsAt[], [TurnPlace?]>(TURNS_QUERY), (place) => this.queue.turns(place), {
      description: 'Which runs work and wait at a tenant: "tenant:<id>" for one, no argument for all',
    });
  }

  async run(): Promise<never> {
    // watches for runs that waited before the queue continued as new
    this.watch();
    do {
      await condition(() => this.inbox.length > 0 || this.mustContinueAsNew);
      this.processInbox();
    } while (!this.mustContinueAsNew);
    for (const scope of this.watching.values()) scope.cancel();
    const unwatched = this.queue.unwatched;
    const gone = unwatched.length === 0 ? [] : await closedRuns.closedRuns(unwatched).catch(() => []);
    for (const run of gone) this.queue.release(run);
    do {
      await condition(() => this.signalsInFlight === 0);
      this.processInbox(false);
    } while (this.signalsInFlight > 0 || this.inbox.length > 0);
    return await continueAsNew<typeof turnQueue>(this.queue.snapshot);
  }

  private get mustContinueAsNew(): boolean {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    return continueAsNewSuggested || historyLength > MAX_EVENTS;
  }

  private processInbox(watch = true): void {
    for (const act of this.inbox.splice(0)) act();
    this.queue.advanceAll();
    if (watch) this.watch();
  }

  /** Starts and stops watches, so that exactly the runs are watched that the queue wants. */
  private watch(): void {
    const wanted = new Map(this.queue.watched.map((one) => [keyOf(one), one]));
    for (const [key, scope] of this.watching)
      if (!wanted.has(key)) {
        this.watching.delete(key);
        scope.cancel();
      }
    for (const [key, one] of wanted) if (!this.watching.has(key)) this.startWatching(key, one);
  }

  private startWatching(key: string, one: WatchedRun): void {
    const scope = new CancellationScope({ cancellable: true });
    this.watching.set(key, scope);
    const summary = `Is ${one.run.workflowId} still ${one.as}?`.slice(0, 150);
    const over = () => this.watching.get(key) === scope && this.watching.delete(key);
    void scope
      .run(async () => await runWatches.watchRun.executeWithOptions({ summary }, [one]))
      .then((sight) => {
        if (over()) this.inbox.push(() => this.queue.updateWatched(one, sight));
        return undefined;
      })
      // the watch was cancelled
      .catch(over);
  }

  /** A run that cannot be reached has closed, so its turn is released. */
  private send(to: Release, signal: string, what: object): void {
    this.signalsInFlight += 1;
    void getExternalWorkflowHandle(to.workflowId)
      .signal(signal, what)
      .catch(() => this.inbox.push(() => this.queue.release(to)))
      .finally(() => (this.signalsInFlight -= 1));
  }
}

/** What is watched. Queues of older releases have watched the same without knowing who gives back a turn by itself. */
function keyOf({ releases: _releases, ...watched }: WatchedRun): string {
  return JSON.stringify(watched);
}
