import { inParts } from '../test/simulation/parts.js';
import type { Row } from '../test/simulation/matrix.js';
import type { Tried } from '../test/simulation/on-engine/try-on-engine.js';

/** Where the cells of the fault matrix are tried. */
export const wheres = ['simulation', 'engine'] as const;
export type Where = (typeof wheres)[number];

interface Outcome {
  cells: number;
  wrong: string[];
}

const PROCESSES = 2;
const CREWS = 8;
/** Cells between which a real server is replaced by a fresh one. */
const BATCH = 250;

/** Tries every cell of the fault matrix; true when each ended as the model says. */
export async function soakMatrix(where: Where, seed: number, say: (line: string) => void): Promise<boolean> {
  const { cells, wrong } = where === 'engine' ? await onEngine(seed, say) : await inSimulation(say);
  process.stdout.write(`${[...wrong, `${cells} cells, ${wrong.length} not as the model says`].join('\n')}\n`);
  return wrong.length === 0;
}

async function inSimulation(say: (line: string) => void): Promise<Outcome> {
  const rows: Row[] = [];
  const jobs = Array.from(
    { length: PROCESSES },
    (_none, first) => ({ kind: 'matrix', every: PROCESSES, first }) as const,
  );
  await inParts(jobs, (told) => {
    const { row } = told as { row: Row };
    rows.push(row);
    say(`  ${row.operation} (${row.variant}), ${row.stage}: ${row.cells} cells, ${row.wrong.length} wrong`);
  });
  return { cells: rows.reduce((sum, row) => sum + row.cells, 0), wrong: rows.flatMap((row) => row.wrong) };
}

async function onEngine(seed: number, say: (line: string) => void): Promise<Outcome> {
  const outcome: Outcome = { cells: 0, wrong: [] };
  for (let skip = 0, all = Infinity; skip < all; skip += BATCH) {
    const sample = { kind: 'engine', cells: BATCH, skip, seed, crews: CREWS } as const;
    await inParts([sample], (told) => {
      const { tried } = told as { tried?: Tried };
      if (tried === undefined) return;
      all = tried.all;
      outcome.cells += tried.tried;
      outcome.wrong.push(...tried.wrong);
      for (const cell of tried.unreached) say(`  not reached: ${cell}`);
    });
    say(`  ${Math.min(skip + BATCH, all)} of ${all} cells, ${outcome.wrong.length} wrong`);
  }
  return outcome;
}
