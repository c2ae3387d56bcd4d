import { setTimeout as sleep } from 'node:timers/promises';
import { signed } from './bodies.js';
import type { Heard } from './heard.js';
import type { Statement } from './statements.js';

interface SenderOptions {
  /** Where the gateway is; the same after it was started again. */
  url: string;
  /** So many deliveries a second. */
  perSecond: number;
  /** Learns what was sent and taken. */
  heard: Heard;
  /** Called with every answer that is neither "taken" nor "send it again". */
  onRefusal: (problem: string) => void;
}

const LANES = 16;
const PATIENCE_MS = 5000;
const LONGEST_PAUSE_MS = 5000;
const again = new Set([408, 429, 503]);

/** Sends like a billing system: what was not taken is signed and sent again, until it is taken. */
export class Sender {
  /** Deliveries that the gateway has taken, and tries that it has not. */
  taken = 0;
  sentAgain = 0;
  /** Deliveries that wait for an answer just now. */
  open = 0;
  private readonly waiting: Statement[] = [];
  private isComplete = false;
  private nextAt = 0;

  constructor(private readonly options: SenderOptions) {}

  /** Puts more into the queue. */
  add(statements: readonly Statement[]): void {
    this.waiting.push(...statements);
  }

  /** Nothing more is added: `run` resolves when all is taken. */
  complete(): void {
    this.isComplete = true;
  }

  /** Sends what is in the queue, until all is taken or the signal comes. */
  async run(ended: AbortSignal): Promise<void> {
    await Promise.all(Array.from({ length: LANES }, async () => await this.runLane(ended)));
  }

  private async runLane(ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      const next = this.waiting.shift();
      if (next !== undefined) await this.send(next, ended);
      else if (this.isComplete) return;
      else await sleep(100);
    }
  }

  private async send(statement: Statement, ended: AbortSignal): Promise<void> {
    await this.untilTurn();
    this.options.heard.sending(statement);
    for (let pause = 250; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      const answer = await this.deliver(statement);
      if (answer === 'taken') break;
      if (answer !== 'again') return this.options.onRefusal(`${statement.ref}: ${statement.id} was answered ${answer}`);
      if (ended.aborted) return;
      this.sentAgain += 1;
      await sleep(pause);
    }
    this.taken += 1;
    this.options.heard.taken(statement);
  }

  /** `again` also when nobody answers. */
  private async deliver(statement: Statement): Promise<string> {
    const { body, headers } = signed(statement);
    const address = `${this.options.url}/v1/events/${statement.source}`;
    this.open += 1;
    try {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const reply = await fetch(address, { method: 'POST', body, headers, signal });
      const text = await reply.text();
      if (reply.status === 202) return 'taken';
      return again.has(reply.status) ? 'again' : `${reply.status} ${text}`;
    } catch {
      return 'again';
    } finally {
      this.open -= 1;
    }
  }

  private async untilTurn(): Promise<void> {
    const now = performance.now();
    this.nextAt = Math.max(now, this.nextAt) + 1000 / this.options.perSecond;
    await sleep(this.nextAt - now);
  }
}
