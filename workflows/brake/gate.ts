import { CancellationScope, getExternalWorkflowHandle, uuid4, workflowInfo } from '@temporalio/workflow';
import {
  BRAKE_ANSWER_SIGNAL,
  brakeId,
  WITHDRAW_SIGNAL,
  type BrakeAnswer,
  type Intent,
  type Withdrawal,
} from '../../contract/brake.js';
import type { CustomerStart } from '../../contract/customers.js';
import { toSummary } from '../../contract/markdown.js';
import { waitAtMost } from '../decisions/reminders.js';
import { retryOnEviction } from '../kernel/activity-calls.js';
import { temporalReads } from '../kernel/activity-options.js';
import { onSignal } from '../kernel/signals.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** An intent that the brake was asked about, and its answer. Plain JSON. */
export interface AskedIntent extends Intent {
  /** Names the question to the brake. */
  question: string;
  state: 'asked' | BrakeAnswer['answer'];
  /** Who has decided; absent while nobody has, and when it was within the limits. */
  by?: BrakeAnswer['by'];
}

/**
 * The intents of one customer. Each is asked of the brake of its cloud once; the answer arrives by signal. So nothing
 * here waits for an answer: the customer may continue as new meanwhile, and passes on `all`. A question without an answer
 * is asked again from time to time, in case somebody has terminated the brake.
 */
export class BrakeGate {
  private readonly intents = new Map<string, AskedIntent>();
  /** Questions that are forgotten here, and that the brake still knows. */
  private readonly forgotten = new Set<string>();

  /** Must be created before the workflow waits for anything. `askAgainMs`: when an answer is first asked for again. */
  constructor(
    private readonly customer: CustomerStart,
    saved: readonly AskedIntent[] = [],
    private readonly askAgainMs = HOUR_MS,
  ) {
    onSignal(BRAKE_ANSWER_SIGNAL, (answer: Partial<BrakeAnswer> | null) => this.hear(answer ?? {}), {
      description: 'Whether this customer may do what it has asked for',
    });
    for (const intent of saved) this.add(intent);
  }

  /** As plain data: a workflow that continues as new gives it to its next run. */
  get all(): readonly AskedIntent[] {
    return [...this.intents.values()];
  }

  /** True while the brake must hear that something is no longer wanted: until then the workflow must not continue as new. */
  get isWithdrawing(): boolean {
    return this.forgotten.size > 0;
  }

  /** Asks whether something may be done. An intent that is known already is not asked for again. */
  ask(intent: Intent): void {
    if (!this.intents.has(intent.id)) this.add({ ...intent, question: uuid4(), state: 'asked' });
  }

  /** Only a granted intent may be carried out. */
  stateOf(id: string): 'unknown' | AskedIntent['state'] {
    return this.intents.get(id)?.state ?? 'unknown';
  }

  /** Drops an intent that was carried out or has become pointless. The same id is a new intent afterwards. */
  forget(id: string): void {
    const intent = this.intents.get(id);
    this.intents.delete(id);
    if (intent?.state === 'asked') this.forgotten.add(intent.question);
  }

  private add(intent: AskedIntent): void {
    this.intents.set(intent.id, intent);
    // it ends early only when the workflow is cancelled
    if (intent.state === 'asked')
      void this.keepAsking(intent)
        .catch(() => undefined)
        .finally(() => this.forgotten.delete(intent.question));
  }

  /** Anybody can send the signal. */
  private hear({ question, answer, by }: Partial<BrakeAnswer>): void {
    const intent = this.all.find((one) => one.question === question);
    if (intent?.state !== 'asked' || (answer !== 'granted' && answer !== 'dropped')) return;
    this.intents.set(intent.id, { ...intent, state: answer, ...(by && { by }) });
  }

  /** Asks until there is an answer, or until the intent is forgotten; then the brake forgets it too. */
  private async keepAsking(intent: AskedIntent): Promise<void> {
    const current = () => {
      const now = this.intents.get(intent.id);
      return now?.question === intent.question ? now.state : 'forgotten';
    };
    const summary = toSummary(`Until the brake is asked again: ${intent.what}`);
    for (let pause = this.askAgainMs; current() === 'asked'; pause = Math.min(2 * pause, DAY_MS)) {
      const answer = await this.askOnce(intent);
      if (answer === 'granted') this.hear({ question: intent.question, answer });
      else await waitAtMost(() => current() !== 'asked', pause, summary);
    }
    if (current() === 'forgotten') await this.withdraw(intent);
  }

  private async askOnce({ kind, what, why, question }: AskedIntent): Promise<'asked' | 'granted'> {
    const { ref, cloud } = this.customer;
    const spec = { ref, ...(cloud !== undefined && { cloud }), kind, what, why, question };
    return await CancellationScope.nonCancellable(async () => {
      return await retryOnEviction(async () => await temporalReads.askBrake(spec));
    });
  }

  private async withdraw({ question }: AskedIntent): Promise<void> {
    const withdrawal: Withdrawal = { customer: workflowInfo().workflowId, question };
    const brake = getExternalWorkflowHandle(brakeId(this.customer.cloud));
    // without a brake there is nothing to withdraw
    await brake.signal(WITHDRAW_SIGNAL, withdrawal).catch(() => undefined);
  }
}
