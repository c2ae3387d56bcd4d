import { setTimeout as sleep } from 'node:timers/promises';
import { SeededRandom } from '../../test/simulation/seeded-random.js';
import { Heard } from './heard.js';
import type { Installation } from './installation.js';
import { killOnTheWay } from './kills.js';
import { wantedWorld, type WantedCustomer } from './model.js';
import { People } from './people.js';
import type { SoakPlan } from './plan.js';
import { Sender } from './sender.js';
import { Watch } from './watch.js';

export interface SoakOptions {
  seed: number;
  perSecond: number;
  /** It gives up when nothing gets better for so long. */
  patienceMs: number;
  say: (line: string) => void;
}

const LOOK_MS = 3000;
const PROGRESS_MS = 15_000;
/** So often in a row all must be right. */
const LOOKS_AT_CALM = 2;

/** Sends everything that is planned, kills and changes on the way, and waits until the world is as the model says. */
export class EventSoak {
  readonly sender: Sender;
  readonly people: People;
  readonly watch: Watch;
  private readonly wanted: ReadonlyMap<string, WantedCustomer>;
  private readonly began = performance.now();
  private readonly ended = new AbortController();
  private deliveredAt: number | undefined;
  private lastLine = this.began;

  constructor(
    private readonly installation: Installation,
    private readonly plan: SoakPlan,
    private readonly options: SoakOptions,
  ) {
    const { gatewayUrl: url, simulator, client } = installation;
    const { perSecond, say } = options;
    const heard = new Heard();
    this.wanted = wantedWorld(plan.customers);
    this.watch = new Watch(installation, {
      say,
      isPlanned: (ref) => this.wanted.has(ref),
      everGaveReasonToDisable: (ref) => heard.everGaveReasonToDisable(ref),
      byHand: (ref) => this.people.changeOf(ref),
    });
    const onRefusal = (problem: string) => this.watch.report(problem);
    this.sender = new Sender({ url, perSecond, heard, onRefusal });
    this.people = new People(plan.customers, { simulator, client, heard, watch: this.watch, sender: this.sender });
  }

  /** Everything that is wrong in the end: nothing, unless it stays wrong for as long as the patience lasts. */
  async run(): Promise<string[]> {
    this.sender.add(this.plan.deliveries);
    const [problems] = await Promise.all([this.watchUntilRight(), this.deliver()]);
    return problems;
  }

  private async deliver(): Promise<void> {
    const { plan, options, sender, ended } = this;
    const killing = killOnTheWay(this.installation, {
      taken: () => sender.taken / plan.deliveries.length,
      isSending: () => sender.open > 0,
      created: () => this.watch.tenants / this.wanted.size,
      random: new SeededRandom(options.seed),
      say: options.say,
      ended: ended.signal,
    });
    await Promise.all([killing, sender.run(ended.signal)]);
    this.deliveredAt = performance.now();
    options.say(`  all ${sender.taken} deliveries are taken`);
  }

  /** Looks again and again: first people change things by hand, then the world becomes as the model says. */
  private async watchUntilRight(): Promise<string[]> {
    let best = { wrong: Infinity, taken: 0, at: performance.now() };
    for (let calm = 0; calm < LOOKS_AT_CALM;) {
      await this.look();
      await this.people.act();
      if (this.people.areDone) this.sender.complete();
      const wrong = this.deliveredAt === undefined ? this.wrongAtVendor : await this.wrong();
      calm = wrong.size === 0 && this.deliveredAt !== undefined ? calm + 1 : 0;
      const { taken } = this.sender;
      if (wrong.size < best.wrong || taken > best.taken) best = { wrong: wrong.size, taken, at: performance.now() };
      if (performance.now() - best.at > this.options.patienceMs) return await this.giveUp(wrong);
    }
    return [];
  }

  private async giveUp(wrong: Map<string, string[]>): Promise<string[]> {
    this.ended.abort();
    const unsettled = await this.watch.unsettled(this.wanted);
    return [...wrong].map(([ref, problems]) => {
      const said = unsettled.get(ref)?.filter((one) => !problems.includes(one)) ?? [];
      return `${ref}: ${[...problems, ...said].join('; ')}`;
    });
  }

  private get wrongAtVendor(): Map<string, string[]> {
    return this.watch.wrongAtVendor(this.wanted);
  }

  private async wrong(): Promise<Map<string, string[]>> {
    const wrong = this.wrongAtVendor;
    return wrong.size > 0 ? wrong : await this.watch.unsettled(this.wanted);
  }

  /** Milliseconds until all was taken, and from then on. */
  get took(): { delivering: number; converging: number } {
    const now = performance.now();
    const { deliveredAt = now } = this;
    return { delivering: deliveredAt - this.began, converging: now - deliveredAt };
  }

  private async look(): Promise<void> {
    await sleep(LOOK_MS);
    await this.watch.look();
    if (performance.now() - this.lastLine < PROGRESS_MS) return;
    this.lastLine = performance.now();
    const { sender, people, wanted } = this;
    const seconds = Math.round((this.lastLine - this.began) / 1000);
    const done = `${sender.taken} deliveries taken, ${sender.sentAgain} sent again, ${people.changes} changes by hand`;
    const right = wanted.size - this.wrongAtVendor.size;
    this.options.say(`  ${seconds} s: ${done}; ${right} of ${wanted.size} customers are as they must be in the end`);
  }
}
