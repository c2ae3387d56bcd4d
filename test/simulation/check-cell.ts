import { toPlan, type Cell } from './cells.js';
import { findProblems, type EndedRun, type FindExpectedEnd } from './find-problems.js';
import { allowedEnds, type End } from './model.js';
import { simulate } from './simulate.js';
import type { Sandbox } from './vm.js';

/** Simulates a cell and gives all problems. */
export async function checkCell(sandbox: Sandbox, measure: FindExpectedEnd, cell: Cell): Promise<string[]> {
  try {
    return await problemsOfCell(cell, await simulate(sandbox, toPlan(cell)), measure);
  } catch (error) {
    return [String((error as Error).stack)];
  }
}

/** The problems of a cell's run that has ended. */
export async function problemsOfCell(cell: Cell, ended: EndedRun, measure: FindExpectedEnd): Promise<string[]> {
  const right = allowedEnds(cell);
  const end = endOf(ended);
  const surprise = right.includes(end) ? [] : [`it ended ${end}, not ${right.join(' or ')}`];
  return [...surprise, ...(await findProblems(ended, measure))];
}

function endOf({ status }: EndedRun): End {
  if ('leftovers' in status && status.leftovers !== undefined) return 'leftovers';
  return status.state === 'failed' ? 'refused' : (status.state as End);
}
