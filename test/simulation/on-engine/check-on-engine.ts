import { Client, Connection } from '@temporalio/client';
import { setUpNamespace, startEngine, type Engine } from '../../../engine/index.js';
import { createInProcessSimulator } from '../../../simulator/index.js';
import { bundlePath } from '../../../worker/bundle.js';
import { searchAttributes } from '../../../contract/search-attributes.js';
import { findCells, describeCell, toPlan, type Cell } from '../cells.js';
import { SeededRandom } from '../seeded-random.js';
import type { EndedRun } from '../find-problems.js';
import { expectedEnds } from '../expected-ends.js';
import { activityNames, simulate } from '../simulate.js';
import { everySubject } from '../subjects.js';
import { problemsOfCell } from '../check-cell.js';
import { openSandbox, type Sandbox } from '../vm.js';
import { WorkerHost } from './worker-host.js';
import { runOnEngine, type SimulatedCell } from './run-on-engine.js';

/** Which cells are checked: this many of all cells, shuffled by a seed, after `skip`. */
export interface Sample {
  cells: number;
  seed: number;
  skip?: number;
  /** How many workers run at the same time. */
  workers: number;
}

/** The checked cells, and those that did not end as the model says. */
export interface EngineResult {
  /** How many cells exist for a real server. */
  all: number;
  tried: number;
  /** Cells whose call did not happen: real time repeats fewer reads. */
  unreached: string[];
  wrong: string[];
}

/**
 * Checks cells of the matrix on a real Temporal server, with worker processes. Virtual time replaces the clock of the whole
 * process, so all simulations run before the server starts or after it has stopped.
 */
export async function checkOnEngine(
  sample: Sample,
  tell: (name: string) => void = () => undefined,
): Promise<EngineResult> {
  const sandbox = openSandbox(bundlePath, activityNames());
  const cells = await everyCell(sandbox);
  const rehearsed: SimulatedCell[] = [];
  for (const cell of picked(cells, sample))
    rehearsed.push({ cell, calls: (await simulate(sandbox, toPlan(cell))).trace });
  const ends = await played(rehearsed, sample.workers, tell);
  const measure = expectedEnds(sandbox);
  const wrong: string[] = [];
  const unreached: string[] = [];
  for (const { cell, ended } of ends) {
    if (ended === undefined) {
      unreached.push(describeCell(cell));
      continue;
    }
    const problems = ended instanceof Error ? [String(ended.stack)] : await problemsOfCell(cell, ended, measure);
    if (problems.length > 0) wrong.push([describeCell(cell), ...problems].join('\n  '));
  }
  return { all: cells.length, tried: ends.length - unreached.length, unreached, wrong };
}

async function everyCell(sandbox: Sandbox): Promise<Cell[]> {
  const cells = [];
  const subjects = everySubject().filter(({ model }) => model.waitsForMinutes !== true);
  for (const subject of subjects) cells.push(...(await findCells(sandbox, subject)));
  return cells.filter((cell) => !lastsForHours(cell));
}

/** Refusals that last for hours are only for virtual time. */
function lastsForHours({ subject, call, fault }: Cell): boolean {
  const waited = subject.model.waitsOut?.[call.route] ?? [];
  return typeof fault === 'object' && 'refuse' in fault && waited.includes(fault.refuse);
}

function picked(cells: readonly Cell[], { cells: many, seed, skip = 0 }: Sample): Cell[] {
  const dice = new SeededRandom(seed);
  const order = cells.map((cell) => [dice.next(), cell] as const).sort(([one], [other]) => one - other);
  return order.slice(skip, skip + many).map(([, cell]) => cell);
}

type End = { cell: Cell; ended: EndedRun | Error | undefined };

async function played(
  rehearsed: readonly SimulatedCell[],
  workers: number,
  tell: (name: string) => void,
): Promise<End[]> {
  const engine = await startEngine({ searchAttributes, headless: true });
  const waiting = [...rehearsed];
  const ends: End[] = [];
  try {
    await Promise.all(Array.from({ length: workers }, async (_none, nth) => await work(engine, `worker-${nth}`)));
  } finally {
    await engine.stop();
  }
  return ends;

  async function work({ address }: Engine, namespace: string): Promise<void> {
    const { clientId, clientSecret } = createInProcessSimulator();
    const apiClient = { clientId, clientSecret };
    const connection = await Connection.connect({ address });
    await setUpNamespace({ connection, namespace, searchAttributes });
    const client = new Client({ connection, namespace });
    const host = new WorkerHost(address, namespace, apiClient);
    await host.open();
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const ended = await runOnEngine(client, host, next).catch((error: unknown) => error as Error);
      ends.push({ cell: next.cell, ended });
      tell(describeCell(next.cell));
    }
    await host.close();
    await connection.close();
  }
}
