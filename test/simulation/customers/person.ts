import type { HandMadeChange } from '../../../bench/events/statements.js';
import { whyUnsettled } from '../../../bench/events/watch.js';
import { BRAKE_QUERY, brakeId, type BrakeStatus } from '../../../contract/brake.js';
import type { CustomerStatus } from '../../../contract/customers.js';
import { changeByHand, handMade } from './by-hand.js';
import type { CustomersPlay } from './play.js';
import type { Request } from './plan.js';

const HOUR_MS = 3_600_000;
/** How long a person waits until a customer is as sold, in hours. */
const PATIENCE_H = 3;
const FIRST_LOOK_MS = 2 * HOUR_MS;
const LONGEST_PAUSE_MS = 4 * 24 * HOUR_MS;
const MOST_LOOKS = 60;
/** How often the same run is tried again before somebody aborts it. */
const MOST_RETRIES = 3;
const request = { actor: 'ann', reason: 'because' };

/** The person who decides where the product asks, and changes things in the vendor's console. */
export class Person {
  private readonly retries = new Map<string, number>();

  constructor(private readonly play: CustomersPlay) {}

  /** Asks something of a customer, if there is one. It may refuse. */
  ask(ref: string, asks: Request['asks']): void {
    const { judge, clock } = this.play;
    this.update(ref, asks, {}, () => {
      if (asks === 'offboard') judge.agreedToEnd(ref);
      else if (asks === 'resume') judge.stopped(ref, undefined);
      else if (asks !== 'converge') judge.stopped(ref, clock.now);
    });
  }

  /** Nobody touches a customer that is not as sold: then the model could not say what must be. */
  async changeByHand(ref: string, kind: HandMadeChange['kind']): Promise<void> {
    const { play } = this;
    for (let hours = 0; hours < PATIENCE_H && !(await this.isAtRest(ref)); hours += 1) await play.pass(HOUR_MS);
    if (!(await this.isAtRest(ref)) || play.judge.byHand(ref) !== undefined) return;
    const [tenant] = play.tenantsOf(ref);
    const change = handMade(kind, ref);
    if (tenant === undefined || (change.kind === 'itemRemoved' && !tenant.items.includes(change.item))) return;
    changeByHand(play.simulator, tenant.id, change);
    play.judge.changedByHand(ref, change);
    play.look(true);
  }

  /** Decides whatever is asked until nothing more happens. Answers with what does not come to rest. */
  async untilQuiet(): Promise<string[]> {
    const { play } = this;
    for (const ref of play.refs) this.ask(ref, 'resume');
    let pause = FIRST_LOOK_MS;
    let calm = 0;
    let problems: string[] = [];
    for (let looks = 0; looks < MOST_LOOKS && calm < 2; looks += 1) {
      await play.pass(pause);
      problems = await this.decide();
      calm = problems.length === 0 && play.isQuietOutside ? calm + 1 : 0;
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
    }
    return problems;
  }

  private async isAtRest(ref: string): Promise<boolean> {
    const { play } = this;
    const isSettled = whyUnsettled(await play.status(ref), false) === undefined;
    return isSettled && play.isQuietOutside && play.judge.isAsSold(ref, play.tenantsOf(ref));
  }

  private async decide(): Promise<string[]> {
    await this.releaseBrake();
    const problems: string[] = [];
    for (const ref of this.play.refs) {
      const status = await this.play.status(ref);
      if (status === undefined) continue;
      const isDeleted = this.play.judge.byHand(ref)?.kind === 'deleted';
      const problem =
        whyUnsettled(status, isDeleted) ?? (status.next && `${status.next.what} comes at ${status.next.at}`);
      if (problem !== undefined) problems.push(`${ref}: ${problem}`);
      if (!isDeleted && status.blocked !== undefined) this.unblock(ref, status);
    }
    return problems;
  }

  private unblock(ref: string, { blocked }: CustomerStatus): void {
    const { run, choices } = blocked!;
    if (run === undefined || choices === undefined) return this.ask(ref, 'converge');
    const tried = (this.retries.get(run) ?? 0) + 1;
    this.retries.set(run, tried);
    this.updateRun(run, tried > MOST_RETRIES ? 'abort' : 'retry');
  }

  private async releaseBrake(): Promise<void> {
    const brake = this.play.service.find(brakeId());
    if (brake === undefined) return;
    const { engaged, waiting } = (await this.play.resolved(brake.query(BRAKE_QUERY, []))) as BrakeStatus;
    if (engaged !== undefined || waiting.length > 0) this.updateRun(brakeId(), 'release', { all: true });
  }

  private update(ref: string, name: string, more: object, taken: () => void): void {
    const run = this.play.runOf(ref);
    if (run === undefined) return;
    this.play.inTime(async () => {
      const answer = await this.play.service.update(run, name, { ...request, ...more });
      if ('taken' in answer) taken();
    });
  }

  private updateRun(id: string, name: string, more: object = {}): void {
    const run = this.play.service.find(id);
    if (run === undefined || run.closing !== undefined) return;
    this.play.inTime(async () => await this.play.service.update(run, name, { ...request, ...more }));
  }
}
