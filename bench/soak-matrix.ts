import { runInProcesses } from '../test/simulation/run-jobs.js';
import type { Row } from '../test/simulation/matrix.js';
import type { EngineResult } from '../test/simulation/on-engine/check-on-engine.js';

/** Where the cells of the fault matrix are checked. */
export const matrixPlaces = ['simulation', 'engine'] as const;
export type Where = (typeof matrixPlaces)[number];

interface Outcome {
  cells: number;
  wrong: number;
}

const PROCESSES = 2;
const WORKERS = 8;
/** After this many cells a new server replaces the real one. */
const BATCH = 250;

/** Checks every cell of the fault matrix; true if each ends as the model says. */
export async function soakMatrix(where: Where, seed: number, say: (line: string) => void): Promise<boolean> {
  const { cells, wrong } = where === 'engine' ? await onEngine(seed, say) : await inSimulation(say);
  process.stdout.write(`${cells} cells, ${wrong} not as the model says\n`);
  return wrong === 0;
}

async function inSimulation(say: (line: string) => void): Promise<Outcome> {
  const outcome: Outcome = { cells: 0, wrong: 0 };
  const jobs = Array.from(
    { length: PROCESSES },
    (_none, first) => ({ kind: 'matrix', every: PROCESSES, first }) as const,
  );
  await runInProcesses(jobs, (told) => {
    const { row } = told as { row: Row };
    add(outcome, row.cells, row.wrong);
    say(`  ${row.operation} (${row.variant}), ${row.stage}: ${row.cells} cells, ${row.wrong.length} wrong`);
  });
  return outcome;
}

/** Prints wrong cells at once, because the rest takes long. */
function add(outcome: Outcome, cells: number, wrong: readonly string[]): void {
  outcome.cells += cells;
  outcome.wrong += wrong.length;
  for (const cell of wrong) process.stdout.write(`${cell}\n`);
}

async function onEngine(seed: number, say: (line: string) => void): Promise<Outcome> {
  const outcome: Outcome = { cells: 0, wrong: 0 };
  for (let skip = 0, all = Infinity; skip < all; skip += BATCH) {
    const sample = { kind: 'engine', cells: BATCH, skip, seed, workers: WORKERS } as const;
    await runInProcesses([sample], (told) => {
      const { tried } = told as { tried?: EngineResult };
      if (tried === undefined) return;
      all = tried.all;
      add(outcome, tried.tried, tried.wrong);
      for (const cell of tried.unreached) say(`  not reached: ${cell}`);
    });
    say(`  ${Math.min(skip + BATCH, all)} of ${all} cells, ${outcome.wrong} wrong`);
  }
  return outcome;
}
