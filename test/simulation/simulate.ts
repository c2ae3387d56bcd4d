import { defaultPayloadConverter } from '@temporalio/common';
import { createInProcessSimulator, type InProcessSimulator, type JournalEntry } from '../../simulator/index.js';
import type { Notice } from '../../contract/notices.js';
import { FINAL_STATUS_MEMO, type OperationStatus as Status } from '../../contract/status.js';
import { clientOf } from './client.js';
import { Clock, type Lifetime } from './clock.js';
import { SeededRandom } from './seeded-random.js';
import { createSimulatedActivities } from './activities.js';
import type { Execution } from './execution.js';
import type { CallMoment, Plan } from './plan.js';
import { snapshot } from './snapshot.js';
import { payload, Service } from './service.js';
import type { EarlierRun } from './models/index.js';
import type { EndedRun } from './find-problems.js';
import { earlierOrder, earlierRunOf, networkOf, workflowIdOf } from './earlier-run.js';
import { lookAround } from './harm.js';
import { Strangers } from './strangers.js';
import { subject, type Input, type Subject } from './subjects.js';
import type { Sandbox } from './vm.js';
import { SimulatedWorker } from './worker.js';
import { Network, type TracedCall } from './network.js';
import { secretStoreIn } from '../support/secret-store.js';

/** The result of a simulated run. */
export interface SimulatedRun extends EndedRun {
  run: Execution;
  trace: readonly TracedCall[];
  /** The calls as the cloud has seen them. */
  journal: readonly JournalEntry[];
  /** The secrets that the run has stored, by name. */
  secrets: ReadonlyMap<string, string>;
}

const ANOTHER_WORKER_MS = 1500;
const LONGEST_MS = 60 * 86_400_000;
const MOST_STEPS = 200_000;
const UNTIL_DECIDED_MS = 2 * 3_600_000;
const UNTIL_GIVEN_AGAIN_MS = 600_000;

/**
 * Simulates a plan to its end, in virtual time. `of` can give another input than the plan names. Throws if the code under test
 * fails so that a real run would stall.
 */
export async function simulate(
  sandbox: Sandbox,
  plan: Plan,
  of: Subject = subject(plan.operation, plan.variant),
): Promise<SimulatedRun> {
  const clock = new Clock();
  const back = clock.install();
  try {
    return await new Simulation(sandbox, plan, of, clock).play();
  } finally {
    back();
  }
}

class Simulation {
  readonly simulator: InProcessSimulator;
  readonly notices: Notice[] = [];
  readonly secretStore = new Map<string, string>();
  readonly files = new Map<string, string>();
  private readonly service: Service;
  private readonly wire: Network;
  private readonly asked: Input;
  private readonly input: Input;
  private start!: ReturnType<typeof lookAround>;
  private readonly blocks: string[] = [];
  private readonly strangers: Strangers;
  private readonly decisions: string[];
  private deciding = false;
  private outageEnds = 0;
  private clockAheadMs = 0;
  private worker!: SimulatedWorker;
  private run!: Execution;

  constructor(
    sandbox: Sandbox,
    private readonly plan: Plan,
    private readonly subject: Subject,
    private readonly clock: Clock,
  ) {
    const { onFailure, deadline, untidy, sites = 1 } = plan;
    const places = { storages: sites, drSites: sites, fileStorages: sites };
    const ids = new SeededRandom(plan.seed);
    this.simulator = createInProcessSimulator({ fixture: { untidy, ...places }, newId: () => ids.uuid() });
    this.asked = subject.prepare(this.simulator.memory);
    this.input = { ...this.asked, onFailure, ...deadline };
    this.strangers = new Strangers(this.simulator);
    const dice = new SeededRandom(plan.seed);
    this.service = new Service(sandbox, clock, dice);
    this.wire = new Network(this.simulator, clock, dice, {
      faultOf: (n) => (clock.now < this.outageEnds ? 'drop-before' : plan.faults.find(({ call }) => call === n)?.fault),
      onCall: (moment) => this.happen(moment),
      beforeCall: async (n, request) => await this.intrude(n, request),
      undoing: () => this.run.attributes['TenantryState'] === 'undoing',
    });
    this.decisions = [...plan.decisions, 'wait', 'retry', 'abort', 'abort', 'abort'];
  }

  async play(): Promise<SimulatedRun> {
    const earlier = earlierRunOf(this.plan);
    if (earlier !== undefined) await this.playEarlier(earlier);
    this.start = lookAround(this.simulator.memory);
    this.hire();
    this.run = this.begin(this.input);
    const begun = this.clock.now;
    for (let steps = 0; ; steps += 1) {
      await this.service.settle();
      if (this.service.allClosed) break;
      this.attend();
      if (this.clock.now - begun > LONGEST_MS || steps > MOST_STEPS) throw new Error('the run does not end');
      if (!this.clock.runNextTimer()) throw new Error('the run waits for nothing');
    }
    // let calls arrive that are still on their way
    await this.service.letPass(300_000);
    for (const run of [this.run, ...this.service.permanentRuns])
      await run.replay(await this.service.sandbox.begin(run.beginning));
    this.service.kill();
    await this.service.settle();
    this.wire.close();
    await this.service.settle();
    return this.played();
  }

  /** Runs another order for the same key to its end, with a worker of its own. */
  private async playEarlier(earlier: EarlierRun): Promise<void> {
    const { service, notices, files } = this;
    this.hire(networkOf(earlier, this.simulator));
    const run = this.begin(earlierOrder(earlier, this.asked));
    await service.untilClosed(run);
    service.kill();
    await service.letPass(UNTIL_GIVEN_AGAIN_MS);
    const completed = run.closing?.completeWorkflowExecution !== undefined;
    if (completed !== (earlier.refused === undefined)) throw new Error('the earlier run has ended otherwise');
    notices.length = 0;
    files.clear();
  }

  private begin(input: Input): Execution {
    const { operation } = this.plan;
    return this.service.start(operation, workflowIdOf(operation, input), [payload(input)]);
  }

  private played(): SimulatedRun {
    const { plan, subject, input, run, wire, simulator, notices, blocks, strangers } = this;
    const { memory, unknownRoutes } = simulator;
    const { completeWorkflowExecution: completed, failWorkflowExecution: failed } = run.closing!;
    const detail = completed?.result ?? failed?.failure?.applicationFailureInfo?.details?.payloads?.[0];
    const status = (detail ? defaultPayloadConverter.fromPayload(detail) : run.memo[FINAL_STATUS_MEMO]) as Status;
    const closed = completed ? 'completed' : failed ? 'failed' : 'cancelled';
    const found = String(run.attributes['TenantryState']);
    const { mailsUnanswered, callsMade } = wire;
    const peopleAt = new Set(plan.strangers?.map(({ call }) => call));
    const others = {
      strangers,
      mayHaveChanged: (path: string) => wire.mayHaveChanged(path, this.service.lostActivities, peopleAt),
    };
    const after = snapshot(memory, strangers.ids, completed ? undefined : strangers.formerNames);
    const world = {
      memory,
      unknownRoutes,
      after,
      ...this.start,
      ...others,
      mailsUnanswered,
      callsMade,
    };
    const people = { notices, blocks, files: [...this.files.values()] };
    const seen = { trace: wire.trace, journal: simulator.journal.calls(), secrets: this.secretStore };
    return { plan, subject, input, run, ...seen, status, closed, found, ...world, ...people };
  }

  private hire(fetch?: typeof globalThis.fetch): void {
    const { simulator: vendor, notices, secretStore: kept } = this;
    const tell = async (notice: Notice) => void notices.push(notice);
    const secretStore = secretStoreIn(kept);
    const keep = (name: string, text: string) => void this.files.set(name, text);
    const activities = (life: Lifetime) =>
      createSimulatedActivities({ vendor, tell, secretStore, keep }, fetch ?? this.wire.fetchFor(life));
    this.worker = new SimulatedWorker(activities, clientOf(this.service));
    this.worker.life.clockAheadMs = this.clockAheadMs;
    this.service.setWorker(this.worker);
  }

  private happen({ call, when }: CallMoment): boolean {
    const { cancel, kills, absences, outages, clockSteps = [], standstills = [] } = this.plan;
    if (when === 'before') {
      for (const { ms } of absences.filter((one) => one.call === call)) this.service.disconnect(ms);
      for (const { ms } of outages.filter((one) => one.call === call)) this.outageEnds = this.clock.now + ms;
      for (const { ms } of clockSteps.filter((one) => one.call === call)) this.setClock(ms);
    }
    if (cancel?.call === call && cancel.when === when) this.clock.schedule(1, () => this.service.cancel(this.run));
    const standstill = when === 'after' ? standstills.find((one) => one.call === call) : undefined;
    const dies = kills.some((one) => one.call === call && one.when === when);
    if (!dies && standstill === undefined) return false;
    this.clock.schedule(0, () => this.service.kill());
    this.clock.schedule(standstill?.ms ?? ANOTHER_WORKER_MS, () => this.hire());
    return dies;
  }

  private setClock(aheadMs: number): void {
    this.clockAheadMs = aheadMs;
    this.worker.life.clockAheadMs = aheadMs;
  }

  /** Does what other people do just before a call of the run. */
  private async intrude(call: number, request: Request): Promise<void> {
    // nothing can protect people between the last read before a removal and the removal
    if (this.run.attributes['TenantryState'] === 'undoing') return;
    const { strangers } = this;
    for (const { act } of this.plan.strangers?.filter((one) => one.call === call) ?? []) {
      const { world } = this.simulator;
      const tenant = world.customers().find(({ id }) => !strangers.ids.has(id));
      if (act === 'gives all away') strangers.giveAllAway();
      else if (act === 'switches all off') strangers.switchAllOff();
      else if (act === 'does the same') await strangers.doTheSame(request);
      else if (tenant === undefined) return;
      else if (act === 'switches') strangers.switch(tenant.id);
      else if (!this.start.formerNames.has(tenant.id)) strangers.moveIn(tenant.id);
    }
  }

  /** Lets a person decide if the run is blocked. Throws if it neither proceeds nor is blocked. */
  private attend(): void {
    const { run, service } = this;
    if (run.closing !== undefined || this.deciding) return;
    if (run.attributes['TenantryState'] !== 'blocked') {
      if (!service.canProceed(run)) throw new Error('the run neither moves nor is it blocked');
      return;
    }
    this.deciding = true;
    const choice = this.decisions.shift() ?? 'abort';
    this.clock.schedule(UNTIL_DECIDED_MS, () => void this.decide(choice));
  }

  private async decide(choice: string): Promise<void> {
    const request = { actor: 'ann', reason: 'because', input: this.input };
    // a run that has ended at once needs no notice
    if (this.run.closing === undefined) this.blocks.push(String(this.run.attributes['TenantryReason']));
    if (choice !== 'wait' && this.run.closing === undefined) await this.service.update(this.run, choice, request);
    this.deciding = false;
  }
}

/** Names of all activities, which the sandbox needs. */
export function activityNames(): string[] {
  const people = { tell: async () => undefined, secretStore: secretStoreIn(new Map()) };
  return Object.keys(createSimulatedActivities({ vendor: createInProcessSimulator(), ...people }));
}
