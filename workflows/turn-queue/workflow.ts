import {
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  getExternalWorkflowHandle,
  setHandler,
  setWorkflowOptions,
  workflowInfo,
} from '@temporalio/workflow';
import { closedRuns, watches } from '../kernel/activity-options.js';
import {
  CLAIM_TURN,
  LEND_TURN,
  RELEASE_TURN,
  TURN_LENT,
  TURN_NEWS,
  TURN_QUERY,
  TURNS_QUERY,
  type Claim,
  type Grant,
  type LendRequest,
  type Lent,
  type Release,
  type TurnNews,
  type TurnPlace,
  type TurnsAt,
} from '../../contract/turn-queue.js';
import { TurnQueue } from './queue.js';
import type { Watched } from '../../contract/turn-queue.js';
import { emptyQueue, type QueueState } from './state.js';

/** A queue whose history is longer begins a new one, so that a worker that does not know it reads it in no time. */
const EVENTS_AT_MOST = 1000;

/**
 * Keeps the order in which runs work at tenants, for ever. Claims come by signal, and so do the grants that it gives; while somebody waits it
 * watches those that are waited for, whatever becomes of them. It can be terminated, not cancelled: every run that wants a turn needs it.
 */
export async function turnQueue(given?: QueueState | null): Promise<void> {
  await CancellationScope.nonCancellable(async () => await new Keeper(given ?? emptyQueue()).keep());
}

// it never closes, so it must not stay with the worker version that began it
setWorkflowOptions(
  () => (workflowInfo().currentDeploymentVersion?.deploymentName ? { versioningBehavior: 'AUTO_UPGRADE' } : {}),
  turnQueue,
);

class Keeper {
  private readonly queue: TurnQueue;
  private readonly watching = new Map<string, CancellationScope>();
  private heard: (() => void)[] = [];
  private underWay = 0;

  constructor(state: QueueState) {
    const news = (one: TurnNews) => this.send(one, TURN_NEWS, one);
    const queue = workflowInfo().workflowId;
    const ask = (place: TurnPlace, run: Pick<Release, 'workflowId' | 'runId'>, to: LendRequest['to']) =>
      this.send({ ...run, place }, LEND_TURN, { ...run, place, to, queue } satisfies LendRequest);
    this.queue = new TurnQueue(state, { news, ask }, () => Date.now());
    const hear = <T>(act: (what: T) => void) => {
      return (what: T) => void this.heard.push(() => act(what));
    };
    setHandler(
      defineSignal<[Claim]>(CLAIM_TURN),
      hear((claim: Claim) => this.queue.claim(claim)),
    );
    setHandler(
      defineSignal<[Release]>(RELEASE_TURN),
      hear((run: Release) => this.queue.release(run)),
    );
    setHandler(
      defineSignal<[Lent]>(TURN_LENT),
      hear((lent: Lent) => this.queue.lent(lent)),
    );
    setHandler(defineQuery<Grant | null, [Release]>(TURN_QUERY), (run) => this.queue.turnOf(run));
    setHandler(defineQuery<TurnsAt[], [TurnPlace?]>(TURNS_QUERY), (place) => this.queue.turns(place), {
      description: 'Who works at which tenant, and who waits there: "tenant:<id>" for one, nothing for all',
    });
  }

  async keep(): Promise<never> {
    // those that waited before
    this.watch();
    do {
      await condition(() => this.heard.length > 0 || this.mustRenew);
      this.take();
    } while (!this.mustRenew);
    for (const scope of this.watching.values()) scope.cancel();
    const unwatched = this.queue.unwatched;
    const gone = unwatched.length === 0 ? [] : await closedRuns.closedRuns(unwatched).catch(() => []);
    for (const run of gone) this.queue.release(run);
    do {
      await condition(() => this.underWay === 0);
      this.take(false);
    } while (this.underWay > 0 || this.heard.length > 0);
    return await continueAsNew<typeof turnQueue>(this.queue.kept);
  }

  private get mustRenew(): boolean {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    return continueAsNewSuggested || historyLength > EVENTS_AT_MOST;
  }

  private take(watch = true): void {
    for (const act of this.heard.splice(0)) act();
    this.queue.settle();
    if (watch) this.watch();
  }

  /** Watches whom the queue wants watched, and nobody else. */
  private watch(): void {
    const wanted = new Map(this.queue.watched.map((one) => [JSON.stringify(one), one]));
    for (const [key, scope] of this.watching)
      if (!wanted.has(key)) {
        this.watching.delete(key);
        scope.cancel();
      }
    for (const [key, one] of wanted) if (!this.watching.has(key)) this.begin(key, one);
  }

  private begin(key: string, one: Watched): void {
    const scope = new CancellationScope({ cancellable: true });
    this.watching.set(key, scope);
    const summary = `Is ${one.run.workflowId} still ${one.as}?`.slice(0, 150);
    const over = () => this.watching.get(key) === scope && this.watching.delete(key);
    void scope
      .run(async () => await watches.watchRun.executeWithOptions({ summary }, [one]))
      .then((sight) => {
        if (over()) this.heard.push(() => this.queue.saw(one, sight));
        return undefined;
      })
      // nobody wants to know any more
      .catch(over);
  }

  /** One that cannot be reached has closed, so the next is served. */
  private send(to: Release, signal: string, what: object): void {
    this.underWay += 1;
    void getExternalWorkflowHandle(to.workflowId)
      .signal(signal, what)
      .catch(() => this.heard.push(() => this.queue.release(to)))
      .finally(() => (this.underWay -= 1));
  }
}
