import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  workflowInfo,
} from '@temporalio/workflow';
import { autoUpgrade } from '../kernel/new-versions.js';
import { FACTS_SIGNAL, type CustomerStart, type CustomerStatus, type FactReading } from '../../contract/customers.js';
import type { Fact } from '../../contract/facts.js';
import { FailureType } from '../../contract/failures.js';
import { withoutForgedMarks } from '../decisions/actor-check.js';
import { onSignal } from '../kernel/signals.js';
import { Actor } from './actor.js';
import { acceptPlans } from './apply-plans.js';
import { acceptEndQuestions } from './agree-to-end.js';
import { Beside } from './beside.js';
import { carriedOver, carriesLittle, isInboxLarge, MOST_ROUNDS } from './carried.js';
import { comingOf } from './coming.js';
import { mapFacts, planWatch, sourceWatch, WAITS_FOR_SOURCES } from './fact-watch.js';
import { countedLedger, withoutUnknown } from './holdings.js';
import { acceptable, firstBatch, unpack } from './inbox.js';
import { ownReadable, withLateFacts } from './late-facts.js';
import { isEmpty, unmappedFacts } from './ledger.js';
import { CustomerSearchAttributes } from './search-attributes.js';
import { forgetOld, learnAll, memoryFrom, relearn, withAllApplied, type CustomerMemory } from './memory.js';
import { timerUntil } from './longest-timer.js';
import { Owners } from './owners.js';
import type { Protector } from './protector.js';
import { answerQueries } from './queries.js';
import { acceptRequests } from './requests.js';
import { endOfRecord, withRest } from './retention.js';
import { isDone, statusOf } from './status.js';
import { wantedBy } from './untaken.js';
import { isOfUnknownSource, keepWaiting, withoutWaiting } from './waiting.js';
import { decidedAtStart, decidePatches, isPatched } from './patches.js';

/** A longer history makes the customer continue as new, so that any worker can replay it quickly. */
const MAX_EVENTS = 1000;

/** Customers of older releases waited for the next fact when they had continued as new. */
const ACTS_WHEN_CONTINUED = 'customer-acts-when-continued';

/**
 * Owns one customer: it merges what all sources say of it into what its tenant should be, and gets it there by one
 * operation at a time. While it only observes, it shows what would be done and starts nothing. It ends when its tenant is
 * long gone; it can be terminated but not cancelled.
 */
export async function customer(start: CustomerStart | undefined, memory?: CustomerMemory | null): Promise<void> {
  decidePatches();
  if (typeof start?.ref !== 'string' || start.ref === '')
    throw ApplicationFailure.nonRetryable('ref: is missing: it names the customer', FailureType.InvalidInput);
  await CancellationScope.nonCancellable(
    async () => await new Customer(start, memoryFrom(withoutForgedMarks(memory)), Boolean(memory)).run(),
  );
}

autoUpgrade(customer);

class Customer {
  private memory: CustomerMemory;
  private beingRead = 0;
  private shownRun: string | undefined;
  private readonly entry: CustomerSearchAttributes;
  private readonly owners: Owners;
  private readonly actor: Actor;
  private readonly beside: Beside;
  private readonly plans = planWatch((known) => this.readAgain(unpack(known)));
  private readonly sources = sourceWatch((known, facts) => this.readWaiting(unpack(known), facts));

  constructor(
    private readonly start: CustomerStart,
    memory: CustomerMemory,
    private readonly isContinued: boolean,
  ) {
    const { noticed, lookAt, ...known } = memory;
    this.memory = known;
    this.entry = new CustomerSearchAttributes(start.ref);
    this.actor = new Actor(start, known.progress, {
      wanted: () => wantedBy(this.memory, Date.now()),
      subscriptions: () => ownReadable(this.memory),
      hasUnread: () => this.memory.inbox.length + this.beingRead > 0 || this.owners.isBehind,
      owners: () => this.owners,
    });
    this.beside = new Beside(this.actor, { noticed, lookAt });
    this.owners = new Owners(start, {
      get: () => this.memory,
      set: (changed) => {
        this.memory = changed;
        this.actor.ask();
      },
    });
    onSignal(FACTS_SIGNAL, (facts: unknown) => void this.memory.inbox.push(...acceptable(facts)), {
      description: 'What a source says about this customer: a list of facts',
    });
    acceptRequests(this.actor);
    acceptEndQuestions(this.actor);
    acceptPlans(this.actor, {
      memory: () => this.memory,
      status: () => this.status,
      remember: (ledger) => void (this.memory = { ...this.memory, ledger }),
    });
    answerQueries(() => this.status);
  }

  async run(): Promise<void> {
    this.entry.show(this.status);
    // what was read while the last run settled down is not done yet
    if (this.isContinued && isPatched(ACTS_WHEN_CONTINUED)) this.actor.ask();
    while (!this.mustContinueAsNew) {
      await this.untilSomethingHappens();
      await this.readInbox(() => this.mustCarryInbox);
      if (this.mustCarryInbox) break;
      this.plans.watch(unmappedFacts(this.memory.ledger));
      this.sources.watch(this.memory.waiting ?? []);
      await this.actor.proceed();
      this.protector.proceed();
      if (isDone(this.status)) this.memory = withAllApplied(this.memory);
      this.shownRun = this.stateOfRun;
      this.entry.show(this.status);
      this.beside.proceed(this.status);
      this.memory = withRest(this.memory, this.status, Date.now());
      // what comes from now on begins a new customer: Temporal lets no run complete that has news it has not seen
      if (this.isOver) return;
    }
    await this.settleDown();
    const memory = { ...this.memory, ...this.beside.saved, progress: this.actor.saved };
    const about = { ref: this.start.ref, now: Date.now() };
    return await continueAsNew<typeof customer>(this.start, carriedOver(memory, about));
  }

  /** What is on its way comes to its end first, and what cannot be carried over is read. It may wait for facts to be read. */
  private async settleDown(): Promise<void> {
    for (let rounds = 0; ;) {
      if (!this.isQuiet) await condition(() => this.isQuiet || this.hasUnread);
      else if (rounds < MOST_ROUNDS && isInboxLarge(this.memory) && carriesLittle()) rounds += 1;
      else return;
      await this.readInbox();
    }
  }

  private get isQuiet(): boolean {
    return allHandlersFinished() && !this.actor.isBusy && !this.protector.isBusy && !this.actor.brake.isWithdrawing;
  }

  private get hasUnread(): boolean {
    return this.memory.inbox.length > 0 || this.owners.isBehind;
  }

  /** True when its time as a record is over and nothing is on its way. */
  private get isOver(): boolean {
    return endOfRecord(this.memory) <= Date.now() && this.isQuiet && !this.hasUnread && !this.hasNews;
  }

  private get hasNews(): boolean {
    const isRunNew = decidedAtStart() && this.stateOfRun !== this.shownRun;
    return isRunNew || this.actor.hasNews || this.protector.hasNews;
  }

  private get stateOfRun(): string | undefined {
    return this.actor.currentChild?.status.state;
  }

  private get protector(): Protector {
    return this.beside.protector;
  }

  private get status(): CustomerStatus {
    const { progress, intention, currentChild: child, brake } = this.actor;
    const doing = { progress, intention, child, braked: brake.pending, protecting: this.protector.child };
    return statusOf(this.start, this.memory, doing, { now: Date.now(), beingRead: this.beingRead });
  }

  /** True when facts come faster than they are read: the next run goes on with them. */
  private get mustCarryInbox(): boolean {
    return this.mustContinueAsNew && this.memory.inbox.length > 0 && carriesLittle();
  }

  private get mustContinueAsNew(): boolean {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    return continueAsNewSuggested || historyLength > MAX_EVENTS;
  }

  private async untilSomethingHappens(): Promise<void> {
    const now = Date.now();
    const [coming] = comingOf(countedLedger(this.memory), now);
    const end = endOfRecord(this.memory);
    const times = [coming === undefined ? Infinity : Date.parse(coming.at), end > now ? end : Infinity];
    const isNews = () => this.memory.inbox.length > 0 || this.hasNews || this.isOver;
    const next = Math.min(...times, this.actor.nextMoment, this.beside.nextMoment);
    if (next === Infinity) await condition(isNews);
    else await condition(isNews, timerUntil(next));
  }

  private async readInbox(isEnough = () => false): Promise<void> {
    while (this.memory.inbox.length > 0 && !isEnough()) {
      const batch = firstBatch(this.memory.inbox);
      this.memory.inbox = this.memory.inbox.slice(batch.length);
      this.beingRead = batch.length;
      const readings = unpack(await mapFacts(batch));
      const names = this.owners.unclaimed(readings);
      if (names.length > 0) await this.owners.claim(names);
      this.beingRead = 0;
      this.takeIn(readings, batch as Fact[]);
    }
    this.memory = forgetOld(this.memory, Date.now());
    const late = this.owners.unclaimed([]);
    if (late.length > 0) await this.owners.claim(late);
    const { unsaid } = this.owners;
    if (unsaid.length > 0) await this.owners.passOn(unsaid);
  }

  /** What is of a source that no worker knows yet waits. */
  private takeIn(readings: readonly FactReading[], facts: readonly Fact[]): void {
    const early = facts.filter((_, at) => isOfUnknownSource(readings[at]!));
    if (early.length === 0 || !isPatched(WAITS_FOR_SOURCES)) return this.learn(readings);
    this.learn(readings.filter((one) => !isOfUnknownSource(one)));
    this.memory = keepWaiting(this.memory, early, Date.now());
  }

  private readWaiting(readings: readonly FactReading[], facts: readonly Fact[]): void {
    this.memory = withoutWaiting(this.memory, facts);
    this.takeIn(readings, facts);
    this.actor.ask();
  }

  /** The source of the first fact decides whether the customer is acted for at once, unless a person has said so before. */
  private learn(readings: readonly FactReading[]): void {
    const { ref } = this.start;
    const isNew = isEmpty(this.memory.ledger);
    const [now, before] = [Date.now(), this.memory.ledger];
    const learned = withoutUnknown(learnAll(this.memory, readings, { ref, now }));
    this.memory = withLateFacts(learned, readings, { before, now });
    if (!isNew || isEmpty(this.memory.ledger)) return;
    const first = readings.find((one) => 'mapped' in one && one.mapped.customer.ref === ref);
    const { progress } = this.actor;
    this.actor.progress = {
      ...progress,
      acts: progress.acts || (first !== undefined && 'mapped' in first && first.mapped.act === 'apply'),
    };
  }

  /** The same facts, after plans were added to `plans.json`. */
  private readAgain(readings: readonly FactReading[]): void {
    const facts = readings.flatMap((one) => ('mapped' in one ? one.mapped : []));
    this.memory = relearn(this.memory, facts);
    this.actor.ask();
  }
}
