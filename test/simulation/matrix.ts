import { bundlePath } from '../../worker/bundle.js';
import { findCells, describeCell, type Cell } from './cells.js';
import { expectedEnds } from './expected-ends.js';
import { activityNames } from './simulate.js';
import { everyStart, type Subject } from './subjects.js';
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

/** Which cells are checked: every nth, starting with the first. */
export interface MatrixShare {
  every: number;
  first: number;
  operation?: string | undefined;
}

/** Checks cells of the matrix in virtual time, and reports each row when it is done. */
export async function checkMatrix({ every, first, operation }: MatrixShare, tell: (row: Row) => void): Promise<Row[]> {
  const sandbox = openSandbox(bundlePath, activityNames());
  const measure = expectedEnds(sandbox);
  const rows: Row[] = [];
  let nth = 0;
  const isChosen = (one: Subject) => operation === undefined || one.operation === operation;
  for (const { subject, earlier } of everyStart().filter((one) => isChosen(one.subject))) {
    const cells = await findCells(sandbox, subject, earlier);
    for (const stage of new Set(cells.map((cell) => cell.stage))) {
      const mine = cells.filter((cell) => cell.stage === stage && (nth += 1) % every === first);
      const variant = earlier === undefined ? subject.variant : `${subject.variant}, ${earlier}`;
      const row = { operation: subject.operation, variant, stage, cells: mine.length };
      rows.push({ ...row, wrong: await wrongOf(mine) });
      tell(rows.at(-1)!);
    }
  }
  return rows;

  async function wrongOf(cells: readonly Cell[]): Promise<string[]> {
    const wrong: string[] = [];
    for (const cell of cells) {
      const problems = await checkCell(sandbox, measure, cell);
      if (problems.length > 0) wrong.push(`${describeCell(cell)}:\n  ${problems.join('\n  ')}`);
    }
    return wrong;
  }
}
