import { MOST_CLOSED, readBoard, type Board, type FoundRuns } from '../../../client/board.js';
import type { ApiKey } from '../../../settings/api-keys.js';
import { partOf, type TreeParts } from './part-of-tree.js';

/** So many closed runs are looked through for those that a key sees. */
const MOST_LOOKED_THROUGH = 300;

type BoardParts = TreeParts & { taskQueue: string };

/** The board, as a key sees it. Changes nothing. */
export async function boardWithin(parts: BoardParts, key: ApiKey, now: Date): Promise<Board> {
  const { operations } = key;
  const part = partOf(parts, key);
  await part?.check();
  const mostClosed = part === undefined ? MOST_CLOSED : MOST_LOOKED_THROUGH;
  const board = await readBoard(parts.client, { taskQueue: parts.taskQueue, operations, now, mostClosed });
  if (part === undefined) return board;
  const [open, closed, leftovers] = [
    await part.runsIn(board.open),
    await part.runsIn(board.closed),
    await part.runsIn(board.leftovers),
  ];
  return { ...board, open, closed: closed.slice(0, MOST_CLOSED), leftovers: leftovers.slice(0, MOST_CLOSED) };
}

/** What a search has found, as a key sees it. */
export async function foundWithin(parts: TreeParts, key: ApiKey, { exact, others }: FoundRuns): Promise<FoundRuns> {
  const part = partOf(parts, key);
  if (part === undefined) return { exact, others };
  await part.check();
  return { exact: await part.runsIn(exact), others: await part.runsIn(others) };
}
