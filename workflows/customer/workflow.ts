import {
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  proxyActivities,
  setHandler,
  setWorkflowOptions,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import { CUSTOMER_QUERY, FACTS_SIGNAL, type CustomerStart, type CustomerStatus } from '../../contract/customers.js';
import { FailureType } from '../../contract/failures.js';
import { externalRef, tenantryState } from '../../contract/search-attributes.js';
import { onSignal } from '../kernel/signals.js';
import { comingOf } from './coming.js';
import { acceptable, firstBatch, unpack } from './inbox.js';
import { forgetOld, learnAll, memoryFrom, type CustomerMemory } from './memory.js';
import { statusOf } from './status.js';

/** A longer history makes the customer continue as new, so that any worker can replay it quickly. */
const MAX_EVENTS = 1000;
/** A later change is waited for in pieces. */
const LONGEST_TIMER_MS = 30 * 24 * 60 * 60 * 1000;

/** Reads facts by `sources.json` and `plans.json`. It waits for a worker that has them. */
const { mapFacts } = proxyActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

/**
 * Owns one customer: it merges what all sources say of it into what its tenant should be. It only observes: it shows
 * what would be done and starts nothing. It never ends; it can be terminated but not cancelled.
 */
export async function customer(start: CustomerStart | undefined, memory?: CustomerMemory | null): Promise<void> {
  if (typeof start?.ref !== 'string' || start.ref === '')
    throw ApplicationFailure.nonRetryable('ref: is missing: it names the customer', FailureType.InvalidInput);
  await CancellationScope.nonCancellable(async () => await new Customer(start, memoryFrom(memory)).run());
}

// it lives for years, so it must not stay pinned to the worker version that started it
setWorkflowOptions(
  () => (workflowInfo().currentDeploymentVersion?.deploymentName ? { versioningBehavior: 'AUTO_UPGRADE' } : {}),
  customer,
);

class Customer {
  private beingRead = 0;

  constructor(
    private readonly start: CustomerStart,
    private memory: CustomerMemory,
  ) {
    onSignal(FACTS_SIGNAL, (facts: unknown) => void this.memory.inbox.push(...acceptable(facts)), {
      description: 'What a source says about this customer: a list of facts',
    });
    setHandler(
      defineQuery<CustomerStatus>(CUSTOMER_QUERY),
      () => statusOf(this.start, this.memory, Date.now(), this.beingRead),
      {
        description: 'What is sold to this customer, what it should be, and what happens next',
      },
    );
  }

  async run(): Promise<never> {
    this.showInLists();
    while (!this.mustContinueAsNew) {
      await this.untilSomethingHappens();
      await this.readInbox();
    }
    return await continueAsNew<typeof customer>(this.start, this.memory);
  }

  private get mustContinueAsNew(): boolean {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    return continueAsNewSuggested || historyLength > MAX_EVENTS;
  }

  private async untilSomethingHappens(): Promise<void> {
    const [next] = comingOf(this.memory.ledger, Date.now());
    const isNews = () => this.memory.inbox.length > 0;
    if (next === undefined) await condition(isNews);
    else await condition(isNews, Math.min(LONGEST_TIMER_MS, Math.max(1, Date.parse(next.at) - Date.now())));
  }

  private async readInbox(): Promise<void> {
    while (this.memory.inbox.length > 0) {
      const batch = firstBatch(this.memory.inbox);
      this.memory.inbox = this.memory.inbox.slice(batch.length);
      this.beingRead = batch.length;
      const readings = unpack(await mapFacts(batch));
      this.beingRead = 0;
      this.memory = learnAll(this.memory, readings, { ref: this.start.ref, now: Date.now() });
    }
    this.memory = forgetOld(this.memory, Date.now());
  }

  private showInLists(): void {
    const { ref } = this.start;
    const isPersonal = ref.includes('@');
    upsertSearchAttributes([
      { key: tenantryState, value: 'observed' },
      ...(isPersonal ? [] : [{ key: externalRef, value: ref }]),
    ]);
  }
}
