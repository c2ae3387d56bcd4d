import type { Client } from '@temporalio/client';
import { operationStatus } from '../../../client/status.js';
import { createInProcessSimulator, type InProcessSimulator } from '../../../simulator/index.js';
import type { Notice } from '../../../contract/notices.js';
import { toPlan, type Cell } from '../cells.js';
import type { Lifetime, Timing } from '../clock.js';
import { SeededRandom } from '../seeded-random.js';
import type { EndedRun } from '../find-problems.js';
import { lookAround } from '../harm.js';
import type { CallMoment, Plan } from '../plan.js';
import { snapshot, type Snapshot } from '../snapshot.js';
import { Network, type TracedCall } from '../network.js';
import type { WorkerHost } from './worker-host.js';
import { TURN_QUEUE } from '../../../contract/turn-queue.js';
import { secretStoreIn } from '../../support/secret-store.js';

/** The run id in virtual time. */
const FIRST_RUN = 'run-0001-0000-0000';
const TASK_QUEUE = 'engine';
const ANOTHER_WORKER_MS = 500;
const PATIENCE_MS = 240_000;

const nobody = { belongings: [], settings: [], accounts: [], switched: new Set<string>() };

const realTime: Timing = {
  get now() {
    return Date.now();
  },
  schedule: (ms, act) => setTimeout(act, ms),
  cancel: (timer) => clearTimeout(timer as NodeJS.Timeout | undefined),
};

/** A cell and its calls in virtual time. A real call corresponds to the nth call of the same route. */
export interface SimulatedCell {
  cell: Cell;
  calls: readonly TracedCall[];
}

/** Runs a cell on a real Temporal server, with a worker process. Undefined if its fault hit no call. */
export async function runOnEngine(
  client: Client,
  host: WorkerHost,
  rehearsed: SimulatedCell,
): Promise<EndedRun | undefined> {
  return await new EngineRun(client, host, rehearsed).play();
}

class EngineRun {
  private readonly plan: Plan;
  private readonly simulator: InProcessSimulator;
  private readonly notices: Notice[] = [];
  private readonly safe = new Map<string, string>();
  private readonly struck = new Set<number>();
  private readonly wire: Network;
  private life: Lifetime = { over: false };
  private cancel = () => undefined as void;

  constructor(
    private readonly client: Client,
    private readonly host: WorkerHost,
    private readonly rehearsed: SimulatedCell,
  ) {
    this.plan = toPlan(rehearsed.cell);
    this.simulator = createInProcessSimulator({ fixture: { untidy: this.plan.untidy } });
    this.wire = new Network(this.simulator, realTime, new SeededRandom(this.plan.seed), {
      faultOf: (n) => this.faultOf(this.numberOf(n)),
      onCall: ({ call, when }) => this.happen({ call: this.numberOf(call), when }),
    });
  }

  async play(): Promise<EndedRun | undefined> {
    const { plan, simulator, client, notices, wire } = this;
    const { subject } = this.rehearsed.cell;
    const made = subject.prepare(simulator.memory);
    const input = { ...(subject.model.withShortTimes?.(made) ?? made), onFailure: plan.onFailure };
    const start = lookAround(simulator.memory);
    await this.host.setWorld({
      fetch: async (request) => await wire.fetchFor(this.life)(request),
      outside: (what, given) => this.outside(what, given as never),
    });
    const begin = { workflowId: plan.operation, taskQueue: TASK_QUEUE, args: [input] };
    const handle = await client.workflow.start(plan.operation, { ...begin, workflowTaskTimeout: '5 seconds' });
    this.cancel = () => void handle.cancel().catch(() => undefined);
    await inTime(handle.result().catch(() => undefined));
    const { status: closing, searchAttributes, runId } = await handle.describe();
    const status = await operationStatus(client, plan.operation, TASK_QUEUE);
    await nothingElseRuns(client);
    if (this.struck.size < plan.faults.length) return undefined;
    const { memory, unknownRoutes } = simulator;
    const after = JSON.parse(JSON.stringify(snapshot(memory)).replaceAll(runId, FIRST_RUN)) as Snapshot;
    const closed = closing.name.toLowerCase() as EndedRun['closed'];
    const found = String(searchAttributes['TenantryState']?.[0]);
    const { mailsUnanswered, callsMade } = wire;
    const others = { ...start, strangers: nobody, mayHaveChanged: () => true, files: [] };
    const world = { memory, unknownRoutes, after, ...others, mailsUnanswered, callsMade };
    return { plan, subject, input, status, closed, found, ...world, notices, blocks: [] };
  }

  /** The number of the same call in virtual time; 0 if there is none. */
  private numberOf(n: number): number {
    const { trace } = this.wire;
    const { route } = trace[n - 1]!;
    const nth = trace.slice(0, n).filter((call) => call.route === route).length;
    return this.rehearsed.calls.filter((call) => call.route === route)[nth - 1]?.n ?? 0;
  }

  private faultOf(n: number) {
    const planned = this.plan.faults.find(({ call }) => call === n);
    if (planned !== undefined) this.struck.add(n);
    return planned?.fault;
  }

  /** True if it kills the worker. */
  private happen({ call, when }: CallMoment): boolean {
    const { cancel, kills } = this.plan;
    if (cancel?.call === call && cancel.when === when) setTimeout(() => this.cancel(), 1);
    if (this.life.over || !kills.some((one) => one.call === call && one.when === when)) return false;
    this.life.over = true;
    this.host.kill();
    setTimeout(() => {
      this.life = { over: false };
      void this.host.startWorker();
    }, ANOTHER_WORKER_MS);
    return true;
  }

  /** Notices, and the store of secrets. */
  private outside(what: string, given: never): unknown {
    const { notices } = this;
    const secretStore = secretStoreIn(this.safe);
    const [name, value, origin] = given as Parameters<typeof secretStore.put>;
    const acts: Record<string, () => unknown> = {
      tell: () => void notices.push(given),
      put: async () => await secretStore.put(name, value, origin),
      read: async () => await secretStore.read(name),
      remove: async () => await secretStore.remove(name),
    };
    return acts[what]!();
  }
}

async function inTime<T>(end: Promise<T>): Promise<T> {
  let alarm: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    alarm = setTimeout(() => reject(new Error('the run does not end')), PATIENCE_MS);
  });
  return await Promise.race([end, late]).finally(() => clearTimeout(alarm));
}

/** Waits for runs that end a little later, such as turns. */
async function nothingElseRuns(client: Client): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const open = [];
    for await (const { type, workflowId } of client.workflow.list({ query: "ExecutionStatus = 'Running'" }))
      // the turn queue never closes, and must not know this world in the next one
      if (type === TURN_QUEUE) await client.workflow.getHandle(workflowId).terminate();
      else open.push(workflowId);
    if (open.length === 0) return;
    if (Date.now() > end) throw new Error(`still running: ${open.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
