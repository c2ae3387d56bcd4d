import { byReference, type FoundCustomer, type FoundCustomers } from '../../../bench/events/found.js';
import type { Statement } from '../../../bench/events/statements.js';
import { factsSignal } from '../../../catalogue/event-signals.js';
import { customerWorkflowId } from '../../../catalogue/customer-id.js';
import { CUSTOMER_QUERY, type CustomerStatus } from '../../../contract/customers.js';
import { completeCustomers } from '../../../simulator/control.js';
import { createInProcessSimulator, type InProcessSimulator } from '../../../simulator/index.js';
import { secretStoreIn } from '../../support/secret-store.js';
import { createSimulatedActivities } from '../activities.js';
import { clientOf } from '../client.js';
import { Clock, type Lifetime } from '../clock.js';
import { Network } from '../network.js';
import type { CallMoment } from '../plan.js';
import { SeededRandom } from '../seeded-random.js';
import { Service } from '../service.js';
import type { Sandbox } from '../vm.js';
import { SimulatedWorker } from '../worker.js';
import { Deliveries, refOf } from './deliveries.js';
import { CustomersJudge } from './judge.js';
import { factReader, factsOf } from './offer.js';
import { Person } from './person.js';
import type { CustomersPlan, Happening, Request, Sale } from './plan.js';

const ANOTHER_WORKER_MS = 1500;
const HOUR_MS = 3_600_000;
const MOST_STEPS_IN_AN_HOUR = 10_000;
const TIGHT = { hour: 1, hourShare: 0, day: 2, dayShare: 0, creations: 1 };

/** The end of a simulation. */
export interface PlayedCustomers {
  /** The state of each customer at last. */
  states: string[];
  problems: string[];
}

/** Simulates a plan until all is quiet, in virtual time, and says what is wrong. Throws if a real run would stall. */
export async function playCustomers(sandbox: Sandbox, plan: CustomersPlan): Promise<PlayedCustomers> {
  const clock = new Clock();
  const back = clock.install();
  try {
    return await new CustomersPlay(sandbox, plan, clock).play();
  } finally {
    back();
  }
}

/** One or two customers, their sources, the people around them, a worker and the cloud. */
export class CustomersPlay {
  readonly refs = [refOf(0), refOf(1)];
  readonly simulator: InProcessSimulator;
  readonly service: Service;
  readonly judge: CustomersJudge;
  private readonly wire: Network;
  private readonly deliveries: Deliveries;
  private readonly person: Person;
  private readonly readFacts: ReturnType<typeof factReader>;
  private readonly secrets = new Map<string, string>();
  private found: FoundCustomers = new Map();
  private seen = -1;
  private steps = 0;
  private hourBegan = 0;
  private underWay = 0;
  private failure: unknown;
  private outageEnds = 0;
  private clockAheadMs = 0;
  private worker: SimulatedWorker | undefined;

  constructor(
    sandbox: Sandbox,
    private readonly plan: CustomersPlan,
    readonly clock: Clock,
  ) {
    const ids = new SeededRandom(plan.seed);
    this.simulator = createInProcessSimulator({ fixture: { untidy: plan.untidy }, newId: () => ids.uuid() });
    const dice = new SeededRandom(plan.seed);
    this.service = new Service(sandbox, clock, dice, plan.suggestsNewAfter);
    this.wire = new Network(this.simulator, clock, dice, {
      faultOf: (n) => (clock.now < this.outageEnds ? 'drop-before' : plan.faults.find(({ call }) => call === n)?.fault),
      onCall: (moment) => this.onCall(moment),
    });
    this.judge = new CustomersJudge(plan.rules, this.refs);
    this.deliveries = new Deliveries(plan);
    this.readFacts = factReader(plan.rules);
    this.person = new Person(this);
  }

  async play(): Promise<PlayedCustomers> {
    this.hire();
    for (const happening of this.plan.happenings) {
      await this.pass(happening.after);
      await this.happen(happening);
    }
    const noisy = await this.person.untilQuiet();
    const statuses = await Promise.all(this.refs.map(async (ref) => await this.status(ref)));
    await this.close();
    const { faults } = this.judge;
    const unknown = this.simulator.unknownRoutes.map((route) => `the unknown route ${route} was called`);
    return {
      states: statuses.map((one) => one?.state ?? 'none'),
      problems: [...faults, ...noisy, ...this.judge.atLast(this.found), ...unknown],
    };
  }

  /** Lets time pass, and looks at the vendor's world whenever a call has come. */
  async pass(ms: number): Promise<void> {
    let isOver = false;
    this.clock.schedule(ms, () => (isOver = true));
    await this.passUntil(() => isOver);
  }

  /** Lets time pass until this has happened. */
  async resolved<T>(happening: Promise<T>): Promise<T> {
    let isOver = false;
    void happening.catch(() => undefined).finally(() => (isOver = true));
    await this.passUntil(() => isOver);
    return await happening;
  }

  /** What the product says of a customer; undefined while nothing was said about it. */
  async status(ref: string): Promise<CustomerStatus | undefined> {
    const run = this.runOf(ref);
    return run && ((await this.resolved(run.query(CUSTOMER_QUERY, []))) as CustomerStatus);
  }

  runOf(ref: string) {
    return this.service.find(customerWorkflowId(ref));
  }

  /** What is sent to Temporal arrives when it is there. */
  inTime(act: () => Promise<unknown>): void {
    this.underWay += 1;
    void act()
      .catch((error: unknown) => (this.failure ??= error))
      .finally(() => (this.underWay -= 1));
  }

  get isQuietOutside(): boolean {
    return this.underWay === 0;
  }

  tenantsOf(ref: string): readonly FoundCustomer[] {
    return this.found.get(ref) ?? [];
  }

  private async passUntil(isOver: () => boolean): Promise<void> {
    for (;;) {
      await this.service.settle();
      if (this.failure !== undefined) throw this.failure;
      this.look();
      if (isOver()) return;
      this.checkPace();
      if (!this.clock.runNextTimer()) throw new Error('nothing happens any more');
    }
  }

  private checkPace(): void {
    this.steps += 1;
    if (this.clock.now - this.hourBegan > HOUR_MS) Object.assign(this, { steps: 0, hourBegan: this.clock.now });
    if (this.steps > MOST_STEPS_IN_AN_HOUR) throw new Error('there is no end of what is done');
  }

  /** Shows the judge the vendor's world, if something may have changed in it. */
  look(hasChanged = this.simulator.journal.count !== this.seen): void {
    if (!hasChanged) return;
    this.seen = this.simulator.journal.count;
    this.found = byReference(completeCustomers(this.simulator.world) as FoundCustomer[]);
    this.judge.look(this.found, this.clock.now);
  }

  private async happen(happening: Happening): Promise<void> {
    if ('state' in happening) this.send(this.deliveries.of(happening satisfies Sale, this.clock.now));
    else if ('repeats' in happening) this.send([this.deliveries.again(happening.repeats)].flatMap((one) => one ?? []));
    else if ('byHand' in happening) await this.person.changeByHand(refOf(happening.customer), happening.byHand);
    else if ('asks' in happening) this.ask(happening);
    else if ('kill' in happening) this.kill(happening.kill);
    else if ('away' in happening) this.service.disconnect(happening.away);
    else if ('outage' in happening) this.breakDown(happening.outage);
    else this.setClock(happening.clockAhead);
  }

  /** Each event by itself; Temporal takes them when it is there. */
  private send(statements: readonly Statement[]): void {
    const { workflow } = clientOf(this.service);
    for (const statement of statements) {
      const { ref } = statement;
      this.judge.sending(statement);
      const { type, ...start } = factsSignal({ ref, facts: factsOf(statement) });
      this.inTime(async () => {
        await workflow.signalWithStart(type, { ...start, taskQueue: '' });
        this.judge.taken(statement, this.clock.now);
      });
    }
  }

  private ask({ customer, asks }: Request): void {
    const ref = refOf(customer);
    // to look again at a tenant that somebody has deleted is a yes to its restoration
    if (asks === 'converge' && this.judge.byHand(ref)?.kind === 'deleted') return;
    this.person.ask(ref, asks);
  }

  private onCall({ call, when }: CallMoment): boolean {
    if (!this.plan.kills.some((one) => one.call === call && one.when === when)) return false;
    this.clock.schedule(0, () => this.kill());
    return true;
  }

  private kill(ms = ANOTHER_WORKER_MS): void {
    this.judge.troubled(this.clock.now + ms);
    this.service.kill();
    this.clock.schedule(ms, () => this.hire());
  }

  private breakDown(ms: number): void {
    this.outageEnds = this.clock.now + ms;
    this.judge.troubled(this.outageEnds);
  }

  private setClock(aheadMs: number): void {
    this.clockAheadMs = aheadMs;
    if (this.worker !== undefined) this.worker.life.clockAheadMs = aheadMs;
  }

  private hire(): void {
    if (this.worker?.life.over === false) return;
    const { simulator: vendor, secrets, readFacts } = this;
    const tell = async () => undefined;
    const secretStore = secretStoreIn(secrets);
    const around = { vendor, tell, secretStore, readFacts, ...(this.plan.brakes && { brake: TIGHT }) };
    const activities = (life: Lifetime) => createSimulatedActivities(around, this.wire.fetchFor(life));
    this.worker = new SimulatedWorker(activities, clientOf(this.service));
    this.worker.life.clockAheadMs = this.clockAheadMs;
    this.service.setWorker(this.worker);
  }

  /** Every history is replayed once more. */
  private async close(): Promise<void> {
    for (const run of this.service.executions) await run.replay(await this.service.sandbox.begin(run.beginning));
    this.service.kill();
    await this.service.settle();
    this.wire.close();
    await this.service.settle();
  }
}
