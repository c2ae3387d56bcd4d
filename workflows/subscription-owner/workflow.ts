import {
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import { FailureType } from '../../contract/failures.js';
import {
  claimed,
  given,
  OWNER_SIGNAL,
  OWNERSHIP_MEMO,
  OWNERSHIP_SIGNAL,
  type Hearer,
  type OwnerMessage,
  type SubscriptionOwnership,
  type OwnershipNews,
  type OwnerStart,
  type SubscriptionName,
} from '../../contract/subscription-owners.js';
import { autoUpgrade } from '../kernel/new-versions.js';
import { onSignal } from '../kernel/signals.js';
import { isOwnership, readMessage } from './messages.js';

/** A longer history makes the workflow continue as new, so that any worker can replay it quickly. */
const MAX_EVENTS = 1000;

/**
 * Says whose a subscription is. The first customer that hears of it has it; Temporal lets only one of two start this
 * workflow. Once another customer hears of it, a person must say whose it is, and both are informed. It never ends; it
 * can be terminated but not cancelled.
 */
export async function subscriptionOwner(start: OwnerStart | undefined): Promise<void> {
  const { source, ref, ownership } = start ?? {};
  if (typeof source !== 'string' || typeof ref !== 'string' || !isOwnership(ownership))
    throw ApplicationFailure.nonRetryable('source, ref, ownership: are needed', FailureType.InvalidInput);
  await CancellationScope.nonCancellable(async () => await new Owner({ source, ref }, ownership).run());
}

autoUpgrade(subscriptionOwner);

class Owner {
  private readonly inbox: OwnerMessage[] = [];

  constructor(
    private readonly subscription: SubscriptionName,
    private ownership: SubscriptionOwnership,
  ) {
    // one that somebody has started by hand has no memo
    if (workflowInfo().memo?.[OWNERSHIP_MEMO] === undefined) upsertMemo({ [OWNERSHIP_MEMO]: ownership });
    onSignal(
      OWNER_SIGNAL,
      (content: unknown) => {
        const message = readMessage(content);
        if (message !== undefined) this.inbox.push(message);
      },
      { description: 'What a customer says about this subscription' },
    );
  }

  async run(): Promise<never> {
    for (;;) {
      await condition(() => this.inbox.length > 0 || this.mustContinueAsNew);
      const message = this.inbox.shift();
      if (message === undefined)
        return await continueAsNew<typeof subscriptionOwner>({ ...this.subscription, ownership: this.ownership });
      await this.take(message);
    }
  }

  private get mustContinueAsNew(): boolean {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    return continueAsNewSuggested || historyLength > MAX_EVENTS;
  }

  private async take(message: OwnerMessage): Promise<void> {
    if ('claim' in message) return await this.become(claimed(this.ownership, message.claim, new Date().toISOString()));
    if ('give' in message) return await this.become(given(this.ownership, message.give), message.give.known);
    const { from, known } = message.heard;
    const { owner } = this.ownership;
    // the owner hears all that is said of its subscription, whatever reference the source gives
    if (from.ref !== owner.ref) await this.inform(owner, known);
  }

  private async become(ownership: SubscriptionOwnership, known?: object): Promise<void> {
    if (ownership === this.ownership) return;
    this.ownership = ownership;
    upsertMemo({ [OWNERSHIP_MEMO]: ownership });
    const { owner, others } = ownership;
    await Promise.all([this.inform(owner, known), ...others.map(async (one) => await this.inform(one))]);
  }

  private async inform(hearer: Hearer, known?: object): Promise<void> {
    const { subscription, ownership } = this;
    const news: OwnershipNews = { subscription, ownership, ...(known !== undefined && { known }) };
    // a customer that cannot be reached has closed; a new one asks whose the subscription is
    await getExternalWorkflowHandle(hearer.id)
      .signal(OWNERSHIP_SIGNAL, news)
      .catch(() => undefined);
  }
}
