import { Context } from '@temporalio/activity';
import type { Fault, InProcessSimulator, JournalEntry } from '../../simulator/index.js';
import { findCall } from '../../simulator/apis.js';
import { Clock, type Lifetime, type Timing } from './clock.js';
import type { SeededRandom } from './seeded-random.js';
import type { CallMoment } from './plan.js';

/** A call to the vendor; `step` is the activity that made it. */
export interface TracedCall {
  n: number;
  route: string;
  path: string;
  step: string | undefined;
  attempt: number;
  /** Whether it gets the client's own token, not a token for a customer. */
  forOwnToken: boolean;
  /** Whether the run sent it during its undo. */
  undoes: boolean;
  /** Its number in the simulator's journal; absent until it arrives there. */
  seq?: number;
  /** The status of the answer. */
  status?: number;
  /** Whether the vendor itself answered, not a gateway. */
  byVendor?: boolean;
}

/** What happens around a call. */
export interface NetworkEvents {
  faultOf(n: number): Fault | undefined;
  /** Does what is planned for this moment; true if that kills the caller. */
  onCall(moment: CallMoment): boolean;
  /** Lets other people act just before a call. */
  beforeCall?(n: number, request: Request): Promise<void>;
  /** Whether the run is undoing. */
  undoing?(): boolean;
}

const MAIL = 'POST /users/{id}/send-activation-email';
const CALLERS_WAIT_MS = 20_000;
/** The cloud and other people live on when a worker dies, and have clocks of their own. */
const vendor: Lifetime = { over: false };

/** The network between workers and the simulator. It delays and records each call, and triggers events around it. */
export class Network {
  readonly trace: TracedCall[] = [];
  /** Fails all calls that would wait forever and keep their data in memory. */
  close!: () => void;
  private readonly closed = new Promise<never>((_resolve, reject) => {
    this.close = () => reject(new Error('this world is over'));
  });

  constructor(
    private readonly simulator: InProcessSimulator,
    private readonly clock: Timing,
    private readonly dice: SeededRandom,
    private readonly events: NetworkEvents,
  ) {
    this.closed.catch(() => undefined);
  }

  /** How many mail calls had no answer that says whether the mail was sent. */
  get mailsUnanswered(): number {
    return this.trace.filter((call) => call.route === MAIL && isInDoubt(call)).length;
  }

  /** How many calls were made, without those for the token of the API client. */
  get callsMade(): number {
    return this.trace.filter(({ forOwnToken }) => !forOwnToken).length;
  }

  /**
   * Whether the run has changed something at this path, or cannot know it. Its undo does not count. Nobody can tell a
   * call without a clear answer from what people did before the run has looked again: just before the calls `peopleAt`.
   */
  mayHaveChanged(path: string, unheard: ReadonlySet<string>, peopleAt: ReadonlySet<number>): boolean {
    const entries = this.simulator.journal.entries;
    const there = this.trace.filter((call) => call.path === path && !call.undoes);
    const looks = this.trace.filter((call) => call.path === path && !isInDoubt(call)).map(({ n }) => n);
    const hasLookedBetween = (from: number, to: number) => looks.some((n) => from < n && n < to);
    const isLikePeople = (n: number) => [...peopleAt].some((at) => at >= n && !hasLookedBetween(n, at));
    return there.some((call) => {
      const { n, step = '', seq = 0, route } = call;
      const mayBeOurs = hadEffect(entries[seq - 1]) || (isInDoubt(call) && isLikePeople(n));
      return unheard.has(step) || (isChange(route) && mayBeOurs);
    });
  }

  /** The `fetch` of one worker. A call that a dead worker has sent still arrives, but its answer is lost. */
  fetchFor(life: Lifetime): typeof fetch {
    return async (input, init) => {
      if (life.over) return await this.closed;
      const call = this.trackCall(input);
      const { n } = call;
      const noted = this.clock.now;
      if (this.events.onCall({ call: n, when: 'before' })) return await this.closed;
      await this.travel();
      await Clock.runWith(vendor, async () => await this.events.beforeCall?.(n, input as Request));
      const arriving = this.simulator.fetchWith(() => this.arrive(call));
      const answering = Clock.runWith(vendor, async () => await arriving(input, init));
      answering.catch(() => undefined);
      await new Promise<void>((resolve) => this.clock.schedule(0, resolve));
      if (this.events.onCall({ call: n, when: 'during' })) {
        this.events.onCall({ call: n, when: 'after' });
        return await this.closed;
      }
      const response = await this.answerInTime(answering, noted + CALLERS_WAIT_MS);
      if (!(response instanceof Error)) await this.travel();
      if (life.over || this.events.onCall({ call: n, when: 'after' })) return await this.closed;
      if (response instanceof Error) throw response;
      Object.assign(call, { status: response.status, byVendor: isByVendor(response) });
      return response;
    };
  }

  /** The call gets its fault only now: one that was cancelled on its way must not leave its fault to the next. */
  private arrive(call: TracedCall): void {
    const { journal, faults } = this.simulator;
    call.seq = journal.count + 1;
    const fault = this.events.faultOf(call.n);
    if (fault !== undefined) faults.at(call.seq, fault);
  }

  /** The answer, or an error if there is none before the caller's timeout. */
  private async answerInTime(answering: Promise<Response>, until: number): Promise<Response | Error> {
    let alarm: unknown;
    const gaveUp = new Promise<Error>((resolve) => {
      alarm = this.clock.schedule(until - this.clock.now, () => resolve(new Error('nobody waits any more')));
    });
    const response = await Promise.race([answering.catch((error: unknown) => error as Error), gaveUp]);
    this.clock.cancel(alarm);
    return response;
  }

  private trackCall(input: Parameters<typeof fetch>[0]): TracedCall {
    const info = contextInfo();
    const { method, url, headers } = input as Request;
    const { pathname } = new URL(url);
    const route = findCall(method, pathname)?.name ?? `${method} ${pathname}`;
    const forOwnToken = route === 'POST /idp/token' && headers.get('authorization')?.startsWith('Basic ') === true;
    const whose = { step: info?.activityType, attempt: info?.attempt ?? 0 };
    const undoes = this.events.undoing?.() === true;
    const call = { n: this.trace.length + 1, route, path: pathname, ...whose, forOwnToken, undoes };
    this.trace.push(call);
    return call;
  }

  private async travel(): Promise<void> {
    const slow = this.dice.next() < 0.03;
    const ms = slow ? this.dice.between(500, 4000) : this.dice.between(1, 40);
    await new Promise<void>((resolve) => this.clock.schedule(ms, resolve));
  }
}

/** Whether nobody can know from its answer what a call has done. */
const isInDoubt = ({ status = 500, byVendor = false }: TracedCall) => status >= 500 || status === 408 || !byVendor;

const isChange = (route: string) => !route.startsWith('GET ');

/** Whether a call took effect, or may have. */
function hadEffect(entry: JournalEntry | undefined): boolean {
  if (entry === undefined) return false;
  const { status, fault } = entry as { status: number | null; fault?: Fault };
  if (typeof fault === 'object' && ('refuse' in fault || 'proxy' in fault)) return fault.commit === true;
  return status === null ? fault !== 'hang' && fault !== 'drop-before' : status < 300;
}

/** False for HTML pages and for refusals with an empty body: those come from a gateway. */
function isByVendor({ status, headers }: Response): boolean {
  const type = headers.get('content-type');
  return type === null ? status < 400 : !type.includes('html');
}

function contextInfo() {
  try {
    return Context.current().info;
  } catch {
    return undefined;
  }
}
