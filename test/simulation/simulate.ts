import { defaultPayloadConverter } from '@temporalio/common';
import { createInProcessSimulator, type InProcessSimulator } from '../../simulator/index.js';
import type { Notice } from '../../contract/notices.js';
import { FINAL_STATUS_MEMO, type OperationStatus as Status } from '../../contract/status.js';
import { clientOf } from './client.js';
import { Clock, type Lifetime } from './clock.js';
import { SeededRandom } from './seeded-random.js';
import { createSimulatedActivities } from './activities.js';
import type { Execution } from './execution.js';
import type { CallMoment, Plan } from './plan.js';
import { snapshot, type Snapshot } from './snapshot.js';
import { payload, Service } from './service.js';
import type { EndedRun } from './find-problems.js';
import { findTenantsInUse } from './harm.js';
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
}

const ANOTHER_WORKER_MS = 1500;
const LONGEST_MS = 60 * 86_400_000;
const MOST_STEPS = 200_000;
const UNTIL_DECIDED_MS = 2 * 3_600_000;

/** Simulates a plan to its end, in virtual time. Throws if the code under test fails so that a real run would stall. */
export async function simulate(sandbox: Sandbox, plan: Plan): Promise<SimulatedRun> {
  const clock = new Clock();
  const back = clock.install();
  try {
    return await new Simulation(sandbox, plan, clock).play();
  } finally {
    back();
  }
}

class Simulation {
  readonly simulator: InProcessSimulator;
  readonly notices: Notice[] = [];
  readonly secretStore = new Map<string, string>();
  readonly files = new Map<string, string>();
  private readonly subject: Subject;
  private readonly service: Service;
  private readonly wire: Network;
  private readonly input: Input;
  private readonly before: Snapshot;
  private readonly blocks: string[] = [];
  private readonly strangers: Strangers;
  private readonly alive: ReadonlySet<string>;
  private readonly known: ReadonlySet<string>;
  private readonly decisions: string[];
  private deciding = false;
  private outageEnds = 0;
  private run!: Execution;

  constructor(
    sandbox: Sandbox,
    private readonly plan: Plan,
    private readonly clock: Clock,
  ) {
    const { onFailure, deadline, untidy } = plan;
    this.simulator = createInProcessSimulator({ fixture: { untidy } });
    this.subject = subject(plan.operation, plan.variant);
    this.input = { ...this.subject.prepare(this.simulator.memory), onFailure, ...deadline };
    this.before = snapshot(this.simulator.memory);
    this.alive = findTenantsInUse(this.simulator.memory);
    this.known = new Set(this.simulator.memory.tenants.keys());
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
    this.hire();
    this.run = this.service.start(this.plan.operation, this.plan.operation, [payload(this.input)]);
    const begun = this.clock.now;
    for (let steps = 0; ; steps += 1) {
      await this.service.settle();
      if (this.service.allClosed) break;
      this.attend();
      if (this.clock.now - begun > LONGEST_MS || steps > MOST_STEPS) throw new Error('the run does not end');
      if (!this.clock.runNextTimer()) throw new Error('the run waits for nothing');
    }
    // let calls arrive that are still on their way
    for (const end = this.clock.now + 300_000; this.clock.now < end && this.clock.runNextTimer();)
      await this.service.settle();
    for (const run of [this.run, ...this.service.permanentRuns])
      await run.replay(await this.service.sandbox.begin(run.beginning));
    this.service.kill();
    await this.service.settle();
    this.wire.close();
    await this.service.settle();
    return this.played();
  }

  private played(): SimulatedRun {
    const { plan, subject, input, run, wire, simulator, before, notices, blocks, strangers } = this;
    const { memory, unknownRoutes } = simulator;
    const { completeWorkflowExecution: completed, failWorkflowExecution: failed } = run.closing!;
    const detail = completed?.result ?? failed?.failure?.applicationFailureInfo?.details?.payloads?.[0];
    const status = (detail ? defaultPayloadConverter.fromPayload(detail) : run.memo[FINAL_STATUS_MEMO]) as Status;
    const closed = completed ? 'completed' : failed ? 'failed' : 'cancelled';
    const found = String(run.attributes['TenantryState']);
    const { mailsUnanswered, callsMade } = wire;
    const others = {
      strangers,
      mayHaveChanged: (path: string) => wire.mayHaveChanged(path, this.service.lostActivities),
    };
    const after = snapshot(memory, strangers.ids);
    const world = {
      memory,
      unknownRoutes,
      before,
      after,
      tenantsInUse: this.alive,
      ...others,
      mailsUnanswered,
      callsMade,
    };
    const people = { notices, blocks, files: [...this.files.values()] };
    return { plan, subject, input, run, trace: wire.trace, status, closed, found, ...world, ...people };
  }

  private hire(): void {
    const { simulator: vendor, notices, secretStore: kept } = this;
    const tell = async (notice: Notice) => void notices.push(notice);
    const secretStore = secretStoreIn(kept);
    const keep = (name: string, text: string) => void this.files.set(name, text);
    const activities = (life: Lifetime) =>
      createSimulatedActivities({ vendor, tell, secretStore, keep }, this.wire.fetchFor(life));
    this.service.setWorker(new SimulatedWorker(activities, clientOf(this.service)));
  }

  private happen({ call, when }: CallMoment): boolean {
    const { cancel, kills, absences, outages } = this.plan;
    if (when === 'before') {
      for (const { ms } of absences.filter((one) => one.call === call)) this.service.disconnect(ms);
      for (const { ms } of outages.filter((one) => one.call === call)) this.outageEnds = this.clock.now + ms;
    }
    if (cancel?.call === call && cancel.when === when) this.clock.schedule(1, () => this.service.cancel(this.run));
    if (!kills.some((one) => one.call === call && one.when === when)) return false;
    this.clock.schedule(0, () => this.service.kill());
    this.clock.schedule(ANOTHER_WORKER_MS, () => this.hire());
    return true;
  }

  /** Does what other people do just before a call of the run. */
  private async intrude(call: number, request: Request): Promise<void> {
    // nothing can protect people between the last read before a removal and the removal
    if (this.run.attributes['TenantryState'] === 'undoing') return;
    const { strangers } = this;
    for (const { act } of this.plan.strangers?.filter((one) => one.call === call) ?? []) {
      const { world } = this.simulator;
      const tenant = world.customers().find(({ id }) => !strangers.ids.has(id));
      if (act === 'does the same') await strangers.doTheSame(request);
      else if (tenant === undefined) return;
      else if (act === 'switches') strangers.switch(tenant.id);
      else if (!this.known.has(tenant.id)) strangers.moveIn(tenant.id);
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
  const nothing = async () => undefined;
  const secretStore = secretStoreIn(new Map());
  return Object.keys(createSimulatedActivities({ vendor: createInProcessSimulator(), tell: nothing, secretStore }));
}
