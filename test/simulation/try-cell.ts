import { planOf, type Cell } from './cells.js';
import { judge, type Ended, type Measure } from './judge.js';
import { rightEnds, type End } from './model.js';
import { play } from './play.js';
import type { Sandbox } from './vm.js';

/** Plays a cell and gives everything that is not as it must be. */
export async function tryCell(sandbox: Sandbox, measure: Measure, cell: Cell): Promise<string[]> {
  try {
    return await problemsOf(cell, await play(sandbox, planOf(cell)), measure);
  } catch (error) {
    return [String((error as Error).stack)];
  }
}

/** What is not right about how the run of a cell has ended. */
export async function problemsOf(cell: Cell, ended: Ended, measure: Measure): Promise<string[]> {
  const right = rightEnds(cell);
  const end = endOf(ended);
  const surprise = right.includes(end) ? [] : [`it ended ${end}, not ${right.join(' or ')}`];
  return [...surprise, ...(await judge(ended, measure))];
}

function endOf({ status }: Ended): End {
  if ('leftovers' in status && status.leftovers !== undefined) return 'leftovers';
  return status.state === 'failed' ? 'refused' : (status.state as End);
}
