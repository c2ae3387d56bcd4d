import { workflowInfo } from '@temporalio/workflow';
import type { CustomerStart, FactReading } from '../../contract/customers.js';
import type { CustomerRequest } from '../../contract/customer-requests.js';
import { customerMoveCommands } from '../../contract/commands.js';
import {
  given,
  OWNERSHIP_SIGNAL,
  subscriptionText,
  type Hearer,
  type OwnerMessage,
  type OwnershipNews,
  type SubscriptionName,
} from '../../contract/subscription-owners.js';
import { refuseDecision as refuse } from '../decisions/refusals.js';
import { retryOnEviction } from '../kernel/activity-calls.js';
import { temporalReads } from '../kernel/activity-options.js';
import { onSignal } from '../kernel/signals.js';
import { isOwnership } from '../subscription-owner/messages.js';
import { recordsOfOthers, unclaimed, withClaim, withOwnership, type Holding } from './holdings.js';
import { keyOf, type SubscriptionRecord } from './ledger.js';
import type { CustomerMemory } from './memory.js';
import { isPatched } from './patches.js';

/** Customers of older releases did not ask whose a subscription is. */
const ASKS_WHOSE = 'customer-asks-whose-subscription';

/** The memory of the customer. */
interface Remembering {
  get(): CustomerMemory;
  set(memory: CustomerMemory): void;
}

interface Move {
  subscription: SubscriptionName;
  holding: Holding;
  to: Hearer;
}

/** What a customer asks and says about whose the subscriptions are of which it hears. */
export class Owners {
  private readonly said = new Map<string, SubscriptionRecord>();

  /** Must be created before the workflow waits for anything. */
  constructor(
    private readonly start: CustomerStart,
    private readonly memory: Remembering,
  ) {
    onSignal(
      OWNERSHIP_SIGNAL,
      (news: Partial<OwnershipNews> | null) => {
        const { subscription, ownership, known } = news ?? {};
        if (subscription === undefined || !isOwnership(ownership)) return;
        this.learn({ subscription, ownership, ...(known && { known }) });
      },
      { description: 'Whose a subscription is of which this customer has heard' },
    );
  }

  /** The subscriptions to ask about before these readings are worked in; none in runs of older releases. */
  unclaimed(readings: readonly FactReading[]): SubscriptionName[] {
    const names = unclaimed(this.memory.get(), readings, this.start.ref);
    return names.length > 0 && isPatched(ASKS_WHOSE) ? names : [];
  }

  /** True while something is known of a subscription of which this customer has not asked whose it is. */
  get isBehind(): boolean {
    const memory = this.memory.get();
    return memory.holdings !== undefined && unclaimed(memory, [], this.start.ref).length > 0;
  }

  /** Asks whose these subscriptions are. What nobody has becomes that of this customer. */
  async claim(subscriptions: SubscriptionName[]): Promise<void> {
    const spec = { ...this.start, subscriptions };
    const answers = await retryOnEviction(async () => await temporalReads.claimSubscriptions(spec));
    const claims = answers.map((ownership, at): OwnershipNews => ({ subscription: subscriptions[at]!, ownership }));
    const now = Date.now();
    this.memory.set(claims.reduce((memory, one) => withClaim(memory, one, this.me, now), this.memory.get()));
  }

  /** What the owners of other customers' subscriptions have not heard from this one yet. */
  get unsaid(): SubscriptionRecord[] {
    return recordsOfOthers(this.memory.get()).flatMap(([key, record]) =>
      this.said.get(key) === record ? [] : [record],
    );
  }

  /** The owner of a subscription hears all that is said of it, whatever reference the source gives. */
  async passOn(records: readonly SubscriptionRecord[]): Promise<void> {
    for (const record of records) {
      const { source, ref } = record;
      const key = keyOf(source, ref);
      await this.tell({ source, ref }, this.memory.get().holdings![key]!, { heard: { from: this.me, known: record } });
      this.said.set(key, record);
    }
  }

  /** Refuses a move that makes no sense now. */
  checkMove(request: CustomerRequest): void {
    this.moveOf(request);
  }

  /** Gives a subscription to another customer that has heard of it, or keeps it. */
  async move(request: CustomerRequest): Promise<void> {
    const { subscription, holding, to } = this.moveOf(request);
    const { actor, reason } = request;
    const by = { actor, reason, at: new Date().toISOString() };
    const known = this.memory.get().ledger.subscriptions[keyOf(subscription.source, subscription.ref)];
    const give = { from: this.me, to, by, ...(to.ref !== this.me.ref && known && { known }) };
    await this.tell(subscription, holding, { give });
    // another customer may have heard of it meanwhile, or another person has moved it
    const { holding: present } = this.moveOf(request);
    this.learn({ subscription, ownership: given(present, give) });
  }

  private get me(): Hearer {
    return { ref: this.start.ref, id: workflowInfo().workflowId };
  }

  private learn(news: OwnershipNews): void {
    this.memory.set(withOwnership(this.memory.get(), news, this.me, Date.now()));
  }

  private async tell(subscription: SubscriptionName, holding: Holding, message: OwnerMessage): Promise<void> {
    const { isOwn: _isOwn, kept: _kept, lostAt: _lostAt, ...ownership } = holding;
    const { cloud } = this.start;
    const spec = { ...(cloud !== undefined && { cloud }), subscription, ownership, message };
    await retryOnEviction(async () => await temporalReads.tellSubscriptionOwner(spec));
  }

  private moveOf({ subscription: named, to: ref }: CustomerRequest): Move {
    if (typeof named !== 'string' || !named.includes('/'))
      refuse('subscription: must be SOURCE/ID, such as shop/sub_1');
    if (typeof ref !== 'string' || ref === '') refuse('to: must be the reference of a customer');
    const { ledger, holdings = {} } = this.memory.get();
    const subscription = Object.values(ledger.subscriptions).find((one) => subscriptionText(one) === named);
    if (subscription === undefined) return refuse(`subscription: this customer has heard nothing of ${named}`);
    const holding = holdings[keyOf(subscription.source, subscription.ref)];
    if (holding === undefined)
      return refuse(`subscription: whose ${named} is, is not known yet: try again in a moment`);
    const { owner, others, openSince, isOwn } = holding;
    if (!isOwn) {
      const [command] = customerMoveCommands({ ...this.start, subscription: named, owner: owner.ref, to: [ref] });
      return refuse(`${owner.ref} has ${named}, so ask there: ${command}`);
    }
    if (ref === this.start.ref && openSince === undefined) refuse(`to: ${ref} has ${named}, and nobody else claims it`);
    const to = [owner, ...others].find((one) => one.ref === ref);
    if (to === undefined) return refuse(`to: ${whyNotTo(ref, named, others)}`);
    return { subscription: { source: subscription.source, ref: subscription.ref }, holding, to };
  }
}

function whyNotTo(ref: string, subscription: string, others: readonly Hearer[]): string {
  const choice = others.length === 0 ? '' : `; choose from ${others.map((one) => one.ref).join(', ')}`;
  return `no customer ${ref} of this cloud has heard of ${subscription}: give it this reference at the source first${choice}`;
}
