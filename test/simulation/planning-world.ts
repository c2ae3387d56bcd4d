import { defaultPayloadConverter } from '@temporalio/common';
import type { Activities } from '../../activities/index.js';
import { planGiven } from '../../planning/plan.js';
import { checkStart } from '../../planning/start-check.js';
import { findOperation, startOperation, type StartedRun } from '../../client/operations.js';
import { TenantryError } from '../../contract/errors.js';
import { createInProcessSimulator } from '../../simulator/index.js';
import { catalogue } from '../../catalogue/index.js';
import { workflowId } from '../../contract/ids.js';
import { FINAL_STATUS_MEMO, type OperationStatus } from '../../contract/status.js';
import { clientOf } from './client.js';
import { Clock, type Lifetime } from './clock.js';
import { SeededRandom } from './seeded-random.js';
import { createSimulatedActivities } from './activities.js';
import type { Execution } from './execution.js';
import { Service } from './service.js';
import type { Input, Subject } from './subjects.js';
import { TASK_QUEUE, type Sandbox } from './vm.js';
import { SimulatedWorker } from './worker.js';
import { Network, type TracedCall } from './network.js';
import { secretStoreIn } from '../support/secret-store.js';

const MOST_STEPS = 5000;

/** The routes of each step. */
export type Routes = Readonly<Record<string, string[]>>;

/** What a plan predicts, or what a run did, in the same form. */
export interface Outcome {
  refused: boolean;
  /** It waits for a person. */
  waits: boolean;
  /** The run id of the open run that it joins. */
  joins?: string | undefined;
  /** The changing routes of each step; steps without a change are not in it. */
  changes: Routes;
  /** All routes of each step. */
  calls: Routes;
}

/** A world in virtual time that makes plans and runs operations, one after the other. */
export class PlanningWorld {
  readonly simulator = createInProcessSimulator();
  readonly input: Input;
  private readonly clock = new Clock();
  private readonly back = this.clock.install();
  private readonly service: Service;
  private readonly wire: Network;
  private readonly kept = new Map<string, string>();
  /** The call of the current run that is refused, counted from its first. */
  private refuse: number | undefined;
  private from = 0;

  constructor(
    sandbox: Sandbox,
    readonly subject: Subject,
  ) {
    this.input = { ...subject.prepare(this.simulator.memory), onFailure: 'undo' };
    // with this seed no call between a user and its role is slow, so the run does not look at its roles
    const dice = new SeededRandom(2);
    this.service = new Service(sandbox, this.clock, dice);
    this.wire = new Network(this.simulator, this.clock, dice, {
      faultOf: (n) => (n - this.from === this.refuse ? { refuse: 403 } : undefined),
      onCall: () => false,
    });
    const activities = (life: Lifetime) => createSimulatedActivities(this.outside(), this.wire.fetchFor(life));
    this.service.setWorker(new SimulatedWorker(activities, clientOf(this.service)));
  }

  /** Makes a plan. `seeing` can change what the plan reads from the world. */
  async plan(
    input: Input = this.input,
    seeing: ChangeFinding = (found) => found,
  ): Promise<Outcome & { planHash: string }> {
    const calls = this.simulator.journal.count;
    const activities = withChangedFindings(createSimulatedActivities(this.outside(), this.simulator.fetch), seeing);
    const { operation } = this.subject;
    const { id, order } = orderIn(operation, input);
    const found = await checkStart(clientOf(this.service), findOperation(operation), { id, order });
    const plan = await planGiven(found, { activities, operation, input, id, order });
    const { steps, refused, waits, planHash, joins } = plan;
    const sent = this.simulator.journal.calls().slice(calls).filter(isChange);
    if (sent.length > 0) throw new Error(`the plan has called ${sent.map(({ route }) => route).join(', ')}`);
    const doing = steps.filter(({ calls: some }) => some.length > 0);
    const foreseen = { refused: refused.length > 0, waits: waits.length > 0, joins: joins?.runId };
    return { ...foreseen, planHash, ...course(doing) };
  }

  /** Runs the operation until it ends or is blocked; `refuse` is the call that the vendor refuses, counted from 1. */
  async run(input: Input = this.input, refuse?: number): Promise<Outcome & { trace: readonly TracedCall[] }> {
    this.from = this.wire.trace.length;
    this.refuse = refuse;
    const started = await this.start(input);
    if (started === undefined) return { ...nothingDone, refused: true };
    if (started.joined) return { ...nothingDone, joins: started.runId };
    const run = this.service.find(started.id)!;
    await this.advance(() => this.service.allClosed || stateOf(run) === 'blocked');
    const trace = this.wire.trace.slice(this.from).filter(({ step }) => step !== undefined);
    const made = trace.filter(({ status = 500, route }) => status < 300 && route !== 'POST /idp/token');
    const steps = made
      .filter(({ route }) => route !== OWN_CLIENT)
      .map(({ step, route }) => ({ step: step!, calls: [route] }));
    const waits = run.closing === undefined;
    const refused = !waits && statusOf(run).state !== 'completed';
    return { refused, waits, joins: undefined, trace, ...course(steps) };
  }

  /** Starts the operation and leaves its run open: at work, or blocked at its first look-up. */
  async leaveOpen(input: Input, state: 'running' | 'blocked'): Promise<void> {
    const [lookUp = []] = Object.values((await this.plan(input)).calls);
    // an operation can do without the answers to some of these
    if (state === 'blocked') for (const route of lookUp) this.simulator.faults.next(route, { refuse: 403 });
    const run = this.service.find((await this.start(input))!.id)!;
    await this.advance(() => stateOf(run) === state);
    this.simulator.faults.clear();
    if (run.closing !== undefined) throw new Error('the run has closed');
  }

  /** Undefined when the start is refused. */
  private async start(input: Input): Promise<StartedRun | undefined> {
    const { operation } = this.subject;
    try {
      return await startOperation(clientOf(this.service), { operation, input, taskQueue: TASK_QUEUE });
    } catch (error) {
      if (error instanceof TenantryError && error.kind === 'refused') return undefined;
      throw error;
    }
  }

  private async advance(until: () => boolean): Promise<void> {
    for (let steps = 0; ; steps += 1) {
      await this.service.settle();
      if (until()) return;
      if (steps > MOST_STEPS) throw new Error('the run does not end');
      if (!this.clock.runNextTimer()) throw new Error('the run waits for nothing');
    }
  }

  /** Ends background jobs of the platform, which would otherwise end after a number of reads. */
  finishBackgroundJobs(): void {
    this.simulator.world.finishRuns();
  }

  /** The newest existing customer or partner. */
  tenantId(): string | undefined {
    const tenants = [...this.simulator.memory.tenants.values()];
    const { rootId } = this.simulator.memory;
    return tenants.findLast(
      ({ kind, parent_id, deleted_at }) =>
        ['customer', 'partner'].includes(kind) && parent_id === rootId && deleted_at === null,
    )?.id;
  }

  close(): void {
    this.service.kill();
    this.back();
    this.wire.close();
  }

  private outside() {
    const secretStore = secretStoreIn(this.kept);
    return { vendor: this.simulator, tell: async () => undefined, secretStore };
  }
}

/** Replaces a finding of a plan. */
export type ChangeFinding = (found: unknown) => unknown;

function withChangedFindings(activities: object, seeing: ChangeFinding): Activities {
  const changed = Object.entries(activities).map(
    ([name, act]: [string, { dry?: (spec: never) => Promise<object> }]) => {
      const { dry } = act;
      if (dry === undefined) return [name, act];
      const seen = async (spec: never) => {
        const tried = await dry(spec);
        return 'result' in tried ? { ...tried, result: seeing(tried.result) } : tried;
      };
      return [name, Object.assign(async (spec: never) => await (act as (spec: never) => unknown)(spec), { dry: seen })];
    },
  );
  return Object.fromEntries(changed) as Activities;
}

/** The order in an input, and the workflow id of its run. */
export function orderIn(operation: string, input: Input): { id: string; order: object } {
  const reading = catalogue[operation]!.read(input);
  if (!reading.ok) throw new Error(`the input of ${operation} is refused: ${JSON.stringify(reading.problems)}`);
  return { id: workflowId(operation, undefined, reading.key), order: reading.order };
}

const nothingDone = { refused: false, waits: false, joins: undefined, changes: {}, calls: {}, trace: [] };

function stateOf({ attributes }: Execution): unknown {
  return attributes['TenantryState'];
}

/** Steps whose name differs from their activity's. */
const names: Readonly<Record<string, string>> = {
  awaitBackup: 'watchProtection',
  awaitMachine: 'watchProtection',
  findCustomer: 'findTenant',
  switchItems: 'switchEdition',
  updatePartnerItems: 'updatePartners',
};

/** Called once by each process. */
const OWN_CLIENT = 'GET /clients/{id}';

function course(steps: readonly { step: string; calls: readonly string[] }[]): Pick<Outcome, 'changes' | 'calls'> {
  const all: Record<string, Set<string>> = {};
  for (const { step, calls } of steps) {
    const [plain = ''] = step.split(':');
    const routes = (all[names[plain] ?? plain] ??= new Set());
    for (const route of calls) if (isChange({ route }) || !hasChange(routes)) routes.add(route);
  }
  const drawn = (only: (route: string) => boolean) =>
    Object.fromEntries(
      Object.entries(all)
        .map(([step, routes]) => [step, [...routes].filter(only).toSorted()] as const)
        .filter(([, routes]) => routes.length > 0),
    );
  return { changes: drawn((route) => isChange({ route })), calls: drawn(() => true) };
}

/** A plan ends at the change of a step: it does not know what is looked at afterwards. */
function hasChange(routes: ReadonlySet<string>): boolean {
  return [...routes].some((route) => isChange({ route }));
}

export function isChange({ route }: { route: string }): boolean {
  return !route.startsWith('GET ') && route !== 'POST /idp/token';
}

function statusOf({ closing, memo }: Execution): OperationStatus {
  const { completeWorkflowExecution: completed, failWorkflowExecution: failed } = closing!;
  const detail = completed?.result ?? failed?.failure?.applicationFailureInfo?.details?.payloads?.[0];
  return (detail ? defaultPayloadConverter.fromPayload(detail) : memo[FINAL_STATUS_MEMO]) as OperationStatus;
}
