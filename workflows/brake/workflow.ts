import {
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  defineUpdate,
  getExternalWorkflowHandle,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { autoUpgrade } from '../kernel/new-versions.js';
import {
  ASK_BRAKE_SIGNAL,
  BRAKE_ANSWER_SIGNAL,
  BRAKE_QUERY,
  brakeChoices,
  WITHDRAW_SIGNAL,
  type BrakeAnswer,
  type BrakeChoice,
  type BrakeDecision,
  type BrakeRequest,
  type BrakeStart,
  type BrakeStatus,
} from '../../contract/brake.js';
import { BRAKE_ENGAGED } from '../../contract/notices.js';
import { FailureType } from '../../contract/failures.js';
import { toSummary } from '../../contract/markdown.js';
import type { Proven } from '../../contract/actors.js';
import { ActorCheck, withoutForgedMarks } from '../decisions/actor-check.js';
import { waitAtMost } from '../decisions/reminders.js';
import { notices } from '../kernel/activity-options.js';
import { onSignal } from '../kernel/signals.js';
import { ask, markSent, nextCreationAt, passTime, unsent, withdraw } from './count.js';
import { decide, validate } from './decide.js';
import { memoryFrom, type Answer, type BrakeMemory } from './memory.js';
import { readQuestion, readWithdrawal } from './questions.js';
import { statusOf } from './status.js';

/** A longer history makes the brake continue as new, so that any worker can replay it quickly. */
const MAX_EVENTS = 1000;
/** Answers that are sent at a time: Temporal limits the signals of a workflow that are under way. */
const BATCH = 100;

/**
 * Limits how much the customers of one cloud lose at a time. They ask by signal before they start something that takes
 * something away, and before they create; the answer is a signal too. It never ends; it can be terminated, but not
 * cancelled: then the next question begins a new one.
 */
export async function brake(start: BrakeStart | undefined, memory?: BrakeMemory | null): Promise<void> {
  if (typeof start?.cloud !== 'string' || start.cloud === '')
    throw ApplicationFailure.nonRetryable('cloud: is missing: it names the cloud', FailureType.InvalidInput);
  await CancellationScope.nonCancellable(
    async () => await new Brake(start, memoryFrom(withoutForgedMarks(memory))).run(),
  );
}

autoUpgrade(brake);

const descriptions: Readonly<Record<BrakeChoice, string>> = {
  engage: 'From now on nothing is taken away before a person releases it',
  release:
    'Grants what waits: {"refs": […]} for these customers, {"all": true} for all, which also disengages the brake',
  drop: 'What waits for the customers {"refs": […]} is not carried out',
};

class Brake {
  private readonly actors = new ActorCheck();
  /** When the engagement began whose notice is under way. */
  private announcing: number | undefined;

  constructor(
    private readonly start: BrakeStart,
    private memory: BrakeMemory,
  ) {
    onSignal(ASK_BRAKE_SIGNAL, (content: unknown) => {
      const question = readQuestion(content);
      if (question !== undefined) this.learn(ask(this.memory, question, Date.now()));
    });
    onSignal(WITHDRAW_SIGNAL, (content: unknown) => {
      const withdrawal = readWithdrawal(content);
      if (withdrawal !== undefined) this.learn(withdraw(this.memory, withdrawal));
    });
    this.takeDecisions();
    setHandler(defineQuery<BrakeStatus>(BRAKE_QUERY), () => statusOf(start.cloud, this.memory, Date.now()), {
      description: 'Whether the brake is engaged and why, what was granted lately, and what waits',
    });
  }

  async run(): Promise<never> {
    this.announce();
    while (!this.mustContinueAsNew) {
      this.learn(passTime(this.memory, Date.now()));
      await this.sendAnswers();
      if (!this.mustContinueAsNew) await this.untilSomethingHappens();
    }
    // the next run sends the notice again that is still under way
    await condition(() => this.announcing === undefined && !this.actors.isBusy, '1 minute');
    return await continueAsNew<typeof brake>(this.start, this.memory);
  }

  private get mustContinueAsNew(): boolean {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    return continueAsNewSuggested || (historyLength > MAX_EVENTS && this.announcing === undefined);
  }

  private takeDecisions(): void {
    for (const choice of brakeChoices)
      setHandler(
        defineUpdate<BrakeDecision, [Proven<BrakeRequest>]>(choice),
        (request) => {
          const taking = { choice, request, validate: () => validate(this.memory, choice, request) };
          return this.actors.take(taking, (known) => {
            const { memory, decision } = decide(this.memory, choice, known, Date.now());
            this.learn(memory);
            return decision;
          });
        },
        { validator: (request) => validate(this.memory, choice, request), description: descriptions[choice] },
      );
  }

  private learn(memory: BrakeMemory): void {
    this.memory = memory;
    this.announce();
  }

  /** Sends one notice for each time that the brake is engaged. */
  private announce(): void {
    const { engaged } = this.memory;
    if (!engaged?.isNews || this.announcing === engaged.since) return;
    const { since, why: message } = engaged;
    const { cloud } = this.start;
    this.announcing = since;
    const notice = {
      about: 'brake',
      cloud,
      type: BRAKE_ENGAGED,
      message,
      since: new Date(since).toISOString(),
    } as const;
    void notices.notify
      .executeWithOptions({ summary: toSummary(`Notify: the brake of cloud ${cloud} is engaged`) }, [notice])
      .catch(() => undefined)
      .then(() => this.markAnnounced(since));
  }

  private markAnnounced(since: number): void {
    const { engaged } = this.memory;
    if (this.announcing === since) this.announcing = undefined;
    if (engaged?.since === since) this.memory = { ...this.memory, engaged: { since, why: engaged.why } };
  }

  private async untilSomethingHappens(): Promise<void> {
    const seen = this.memory;
    const isNews = () => this.memory !== seen || this.mustContinueAsNew;
    const next = nextCreationAt(seen);
    if (next === undefined) await condition(isNews);
    else await waitAtMost(isNews, next - Date.now(), 'Until the next creation may begin');
  }

  private async sendAnswers(): Promise<void> {
    for (let batch = unsent(this.memory, BATCH); batch.length > 0; batch = unsent(this.memory, BATCH)) {
      await Promise.all(batch.map(async (one) => await this.send(one)));
      this.memory = markSent(this.memory, batch);
      if (this.mustContinueAsNew) return;
    }
  }

  /** A customer that cannot be reached has closed, or asks again. */
  private async send({ customer, question, answer, decision }: Answer): Promise<void> {
    const taken = this.memory.decisions.find(({ nth }) => nth === decision);
    const by = taken && { actor: taken.actor, reason: taken.reason };
    const content: BrakeAnswer = { question, answer, ...(by && { by }) };
    await getExternalWorkflowHandle(customer)
      .signal(BRAKE_ANSWER_SIGNAL, content)
      .catch(() => undefined);
  }
}
