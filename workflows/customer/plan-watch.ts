import { ActivityCancellationType, CancellationScope, patched, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import type { FactReadings } from '../../contract/customers.js';
import type { Fact } from '../../contract/facts.js';

/** A changed file counts within 15 seconds. A try costs no event in the history, and no worker in between. */
const { mapFactsOnceKnown } = proxyActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  retry: { initialInterval: '5 seconds', backoffCoefficient: 1.5, maximumInterval: '1 minute' },
});

/** Waits until `plans.json` names what was sold and no plan named. */
export class PlanWatch {
  private watched: { facts: string; scope: CancellationScope } | undefined;

  constructor(private readonly onKnown: (readings: FactReadings) => void) {}

  /** Watches these facts from now on, and no others. */
  watch(facts: readonly Fact[]): void {
    const wanted = JSON.stringify(facts);
    if (wanted === (this.watched?.facts ?? '[]')) return;
    this.watched?.scope.cancel();
    this.watched = undefined;
    // customers of the first release did not wait
    if (facts.length === 0 || !patched('customer-watches-plans')) return;
    const scope = new CancellationScope({ cancellable: true });
    this.watched = { facts: wanted, scope };
    void scope.run(async () => this.onKnown(await mapFactsOnceKnown(facts))).catch(() => undefined);
  }
}
