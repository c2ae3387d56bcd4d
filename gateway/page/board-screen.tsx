import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readBoard, searchRuns } from '../../client/board.js';
import type { ListedRun } from '../../client/list.js';
import { BoardView } from './board.js';
import { Causes, type ExplainedBoard } from './causes.js';
import { sessionIn } from './door.js';
import type { Screen } from './frame.js';
import { Results } from './results.js';
import type { PageParts } from './parts.js';
import { Recent } from './recent.js';
import { addScreen } from './screens.js';

const FRESH_MS = 900;

/** Who needs a person, what goes on, and what has ended. */
export function addBoard(app: FastifyInstance, parts: PageParts): void {
  const boards = new Recent<ExplainedBoard>(FRESH_MS);
  const causes = new Causes(parts);
  const finds = new Recent<ListedRun[]>(FRESH_MS);
  addScreen(app, parts, {
    path: '/',
    place: '/',
    draw: async (request): Promise<Screen> => {
      const { operations } = sessionIn(request).key;
      const search = searchIn(request);
      const scope = JSON.stringify(operations ?? null);
      if (search === '') {
        const read = async () => {
          const board = await readBoard(parts.client, { ...parts, operations, now: new Date() });
          return { ...board, causes: await causes.of(board.open) };
        };
        const board = await boards.get(scope, read);
        return { title: titleOf(board), body: <BoardView {...board} /> };
      }
      const found = await finds.get(
        `${scope} ${search}`,
        async () => await searchRuns(parts.client, { search, operations }),
      );
      return { title: `“${search}”`, body: <Results search={search} found={found} /> };
    },
  });
}

function searchIn({ query }: FastifyRequest): string {
  const { search } = query as { search?: string | string[] };
  return String(search ?? '')
    .trim()
    .slice(0, 255);
}

function titleOf({ causes, leftovers }: ExplainedBoard): string {
  const waiting = causes.filter(({ who }) => who === 'operator').reduce((sum, { runs }) => sum + runs.length, 0);
  const count = waiting + leftovers.length;
  return count === 0 ? 'Board' : `(${count}) Board`;
}
