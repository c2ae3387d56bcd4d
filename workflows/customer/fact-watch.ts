import { ActivityCancellationType, CancellationScope, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import type { FactReadings } from '../../contract/customers.js';
import type { Fact } from '../../contract/facts.js';
import { isPatched } from './patches.js';

/** Reads facts by `sources.json` and `plans.json`. It waits for a worker that has them. */
export const { mapFacts } = proxyActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

/** A changed file counts within 15 seconds. A try costs no event in the history, and no worker in between. */
const { mapFactsOnceKnown, mapFactsOnceSourceIsKnown } = proxyActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  retry: { initialInterval: '5 seconds', backoffCoefficient: 1.5, maximumInterval: '1 minute' },
});

/** Waits until the files of a worker say more about some facts than they did. */
class FactWatch {
  private watched: { facts: string; scope: CancellationScope } | undefined;

  constructor(
    private readonly read: (facts: readonly Fact[]) => Promise<FactReadings>,
    private readonly onRead: (readings: FactReadings, facts: readonly Fact[]) => void,
    /** Customers that began before this patch do not wait. */
    private readonly patch: string,
  ) {}

  /** Watches these facts from now on, and no others. */
  watch(facts: readonly Fact[]): void {
    const wanted = JSON.stringify(facts);
    if (wanted === (this.watched?.facts ?? '[]')) return;
    this.watched?.scope.cancel();
    this.watched = undefined;
    if (facts.length === 0 || !isPatched(this.patch)) return;
    const scope = new CancellationScope({ cancellable: true });
    this.watched = { facts: wanted, scope };
    void scope.run(async () => this.onRead(await this.read(facts), facts)).catch(() => undefined);
  }
}

/** Waits until `plans.json` names what was sold and no plan named. */
export const planWatch = (onRead: (readings: FactReadings) => void) =>
  new FactWatch(mapFactsOnceKnown, onRead, 'customer-watches-plans');

export const WAITS_FOR_SOURCES = 'customer-waits-for-sources';

/** Waits until `sources.json` has the source of some of the facts. */
export const sourceWatch = (onRead: (readings: FactReadings, facts: readonly Fact[]) => void) =>
  new FactWatch(mapFactsOnceSourceIsKnown, onRead, WAITS_FOR_SOURCES);
