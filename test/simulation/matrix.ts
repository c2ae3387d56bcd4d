import { bundlePath } from '../../worker/bundle.js';
import { findCells, describeCell, type Cell } from './cells.js';
import { expectedEnds } from './expected-ends.js';
import { activityNames } from './simulate.js';
import { everyStart } from './subjects.js';
import { checkCell } from './check-cell.js';
import { openSandbox } from './vm.js';

/** The result of the cells of one operation, input and stage. */
export interface Row {
  operation: string;
  variant: string;
  stage: string;
  cells: number;
  wrong: string[];
}

/** The matrix is split into so many shares for each start. */
const PARTS = 8;

/** A share of the matrix: every eighth cell of an operation, with one of its inputs and the run before it. */
export interface MatrixShare {
  /** Its place in `everyStart()`. */
  start: number;
  /** Which of the eight, from 0. */
  part: number;
}

export function everyShare(): MatrixShare[] {
  return everyStart().flatMap((_start, start) => Array.from({ length: PARTS }, (_part, part) => ({ start, part })));
}

/** Checks the cells of a share in virtual time, and reports each stage when it is done. */
export async function checkMatrix({ start, part }: MatrixShare, tell: (row: Row) => void): Promise<void> {
  const sandbox = openSandbox(bundlePath, activityNames());
  const measure = expectedEnds(sandbox);
  const { subject, earlier } = everyStart()[start]!;
  const cells = (await findCells(sandbox, subject, earlier)).filter((_cell, nth) => nth % PARTS === part);
  for (const stage of new Set(cells.map((cell) => cell.stage))) {
    const mine = cells.filter((cell) => cell.stage === stage);
    const variant = earlier === undefined ? subject.variant : `${subject.variant}, ${earlier}`;
    tell({ operation: subject.operation, variant, stage, cells: mine.length, wrong: await wrongOf(mine) });
  }

  async function wrongOf(these: readonly Cell[]): Promise<string[]> {
    const wrong: string[] = [];
    for (const cell of these) {
      const problems = await checkCell(sandbox, measure, cell);
      if (problems.length > 0) wrong.push(`${describeCell(cell)}:\n  ${problems.join('\n  ')}`);
    }
    return wrong;
  }
}
