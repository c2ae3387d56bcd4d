import { runInProcesses } from '../test/simulation/run-jobs.js';
import { everyShare, type Row } from '../test/simulation/matrix.js';
import { timed } from './figures.js';
import { openDoneShares } from './done-shares.js';
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
export async function soakMatrix(
  { where, seed, done }: { where: Where; seed: number; done?: string | undefined },
  say: (line: string) => void,
): Promise<boolean> {
  const { cells, wrong } = where === 'engine' ? await onEngine(seed, say) : await inSimulation(done, say);
  process.stdout.write(`${cells} cells, ${wrong} not as the model says\n`);
  return wrong === 0;
}

/** Shares that have ended are in the file `done`, so an interrupted soak goes on where it was. */
async function inSimulation(done: string | undefined, say: (line: string) => void): Promise<Outcome> {
  const outcome: Outcome = { cells: 0, wrong: 0 };
  const kept = await openDoneShares(done);
  for (const row of kept.rows) add(outcome, row.cells, row.wrong);
  if (outcome.cells > 0) say(`  ${outcome.cells} cells were checked before, ${outcome.wrong} wrong`);
  const shares = everyShare().filter((share) => !kept.has(share));
  await timed(shares.length, PROCESSES, async (nth) => {
    const rows: Row[] = [];
    await runInProcesses([{ kind: 'matrix', ...shares[nth]! }], (told) => {
      const { row } = told as { row: Row };
      rows.push(row);
      add(outcome, row.cells, row.wrong);
      say(`  ${row.operation} (${row.variant}), ${row.stage}: ${row.cells} cells, ${row.wrong.length} wrong`);
    });
    await kept.keep(shares[nth]!, rows);
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
