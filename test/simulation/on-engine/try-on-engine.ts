import { Client, Connection } from '@temporalio/client';
import { setUpNamespace, startEngine, type Engine } from '../../../engine/index.js';
import { createInProcessSimulator } from '../../../simulator/index.js';
import { bundlePath } from '../../../worker/bundle.js';
import { searchAttributes } from '../../../contract/search-attributes.js';
import { cellsIn, nameOf, planOf, type Cell } from '../cells.js';
import { Dice } from '../dice.js';
import type { Ended } from '../judge.js';
import { measures } from '../measures.js';
import { activityNames, play } from '../play.js';
import { everySubject } from '../subjects.js';
import { problemsOf } from '../try-cell.js';
import { openSandbox, type Sandbox } from '../vm.js';
import { Crew } from './crew.js';
import { playOnEngine, type Rehearsed } from './play-on-engine.js';

/** Which cells are tried: of all, shuffled by a seed, so many, after leaving out the first ones. */
export interface Sample {
  cells: number;
  seed: number;
  skip?: number;
  /** How many at the same time. */
  crews: number;
}

/** What was tried, and what was not as the model says. */
export interface Tried {
  /** Cells that there are for a real server. */
  all: number;
  tried: number;
  /** Calls that real time has not made so often as virtual time did. */
  unreached: string[];
  wrong: string[];
}

/**
 * Tries cells of the matrix on a real Temporal server with workers that are processes. Virtual time has the clock of the whole process, so
 * all that is played in it comes before the server is there, or after it has gone.
 */
export async function tryOnEngine(sample: Sample, tell: (name: string) => void = () => undefined): Promise<Tried> {
  const sandbox = openSandbox(bundlePath, activityNames());
  const cells = await everyCell(sandbox);
  const rehearsed: Rehearsed[] = [];
  for (const cell of picked(cells, sample)) rehearsed.push({ cell, calls: (await play(sandbox, planOf(cell))).trace });
  const ends = await played(rehearsed, sample.crews, tell);
  const measure = measures(sandbox);
  const wrong: string[] = [];
  const unreached: string[] = [];
  for (const { cell, ended } of ends) {
    if (ended === undefined) {
      unreached.push(nameOf(cell));
      continue;
    }
    const problems = ended instanceof Error ? [String(ended.stack)] : await problemsOf(cell, ended, measure);
    if (problems.length > 0) wrong.push([nameOf(cell), ...problems].join('\n  '));
  }
  return { all: cells.length, tried: ends.length - unreached.length, unreached, wrong };
}

async function everyCell(sandbox: Sandbox): Promise<Cell[]> {
  const cells = [];
  for (const subject of everySubject()) cells.push(...(await cellsIn(sandbox, subject)));
  return cells.filter((cell) => !lastsForHours(cell));
}

/** Refusals that are waited out for hours are for virtual time. */
function lastsForHours({ subject, call, fault }: Cell): boolean {
  const waited = subject.model.waitsOut?.[call.route] ?? [];
  return typeof fault === 'object' && 'refuse' in fault && waited.includes(fault.refuse);
}

function picked(cells: readonly Cell[], { cells: many, seed, skip = 0 }: Sample): Cell[] {
  const dice = new Dice(seed);
  const order = cells.map((cell) => [dice.throw(), cell] as const).sort(([one], [other]) => one - other);
  return order.slice(skip, skip + many).map(([, cell]) => cell);
}

type End = { cell: Cell; ended: Ended | Error | undefined };

async function played(rehearsed: readonly Rehearsed[], crews: number, tell: (name: string) => void): Promise<End[]> {
  const engine = await startEngine({ searchAttributes, headless: true });
  const waiting = [...rehearsed];
  const ends: End[] = [];
  try {
    await Promise.all(Array.from({ length: crews }, async (_none, nth) => await work(engine, `crew-${nth}`)));
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
    const crew = new Crew(address, namespace, apiClient);
    await crew.open();
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const ended = await playOnEngine(client, crew, next).catch((error: unknown) => error as Error);
      ends.push({ cell: next.cell, ended });
      tell(nameOf(next.cell));
    }
    await crew.close();
    await connection.close();
  }
}
