import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ListedCustomer } from '../../client/customer-list.js';
import { searchRuns } from '../../client/board.js';
import { waitingRollouts } from '../../client/rollouts.js';
import type { ApiKey } from '../../settings/api-keys.js';
import { boardWithin, foundWithin } from '../api/tree/board-within.js';
import { pageOfCustomersWithin } from '../api/tree/pages-within.js';
import { BoardView } from './board.js';
import { Causes, type ExplainedBoard } from './causes.js';
import { sessionIn } from './door.js';
import type { Screen } from './frame.js';
import { Results } from './results.js';
import type { PageParts } from './parts.js';
import { Recent } from './recent.js';
import { addScreen } from './screens.js';
import type { NamedLine } from './subjects.js';

/** So many customers that need a person are shown on the board. */
const MOST_CUSTOMERS = 50;
const MOST_FOUND = 50;
const FRESH_MS = 900;
const pace = { shortest: 1000, longest: 1000, patience: 3000 };

/** The board, or what a search has found. */
type Reading = { board: ExplainedBoard } | Found;

interface Found {
  search: string;
  found: NamedLine[];
  customers: ListedCustomer[];
  missing: string[];
}

/** Who needs a person, what goes on, and what has ended. */
export function addBoard(app: FastifyInstance, parts: PageParts): void {
  const { subjects } = parts;
  const readings = new Recent<Reading>(FRESH_MS);
  const causes = new Causes(parts);
  const readNow = async (request: FastifyRequest): Promise<Reading> => {
    const { key } = sessionIn(request);
    const { operations } = key;
    const search = searchIn(request);
    if (search !== '') return await found(parts, key, search);
    const board = await boardWithin(parts, key, new Date());
    const [closed, leftovers] = [await subjects.inLines(board.closed), await subjects.inLines(board.leftovers)];
    const open = await subjects.inLines(board.open);
    const customers = operations === undefined ? await customersInNeed(parts, key) : [];
    const rollouts = operations === undefined && key.below === undefined ? await waitingRollouts(parts.client) : [];
    return { board: { ...board, open, closed, leftovers, customers, rollouts, causes: await causes.of(open) } };
  };
  const nameOf = (request: FastifyRequest) => JSON.stringify([limitsOf(sessionIn(request).key), searchIn(request)]);
  const read = async (request: FastifyRequest) =>
    await readings.get(nameOf(request), async () => await readNow(request));
  addScreen<Reading>(app, parts, {
    path: '/',
    place: '/',
    nameOf,
    pace,
    read,
    reader: (request) => async () => ({ status: await read(request), isOver: false }),
    draw: (request, reading): Screen => {
      const session = sessionIn(request);
      if ('board' in reading)
        return { title: titleOf(reading.board), body: <BoardView {...reading.board} session={session} /> };
      return { title: `“${reading.search}”`, body: <Results {...reading} /> };
    },
  });
}

/** All whose keys have the same limits share one reading. */
const limitsOf = ({ operations, below }: ApiKey) => [operations ?? null, below ?? null];

async function found(parts: PageParts, key: ApiKey, search: string): Promise<Found> {
  const { client, subjects } = parts;
  const { operations } = key;
  const [runs, customers] = await Promise.all([
    searchRuns(client, { search, operations }),
    operations === undefined ? foundCustomers(parts, key, search) : NO_CUSTOMERS,
  ]);
  const { exact, others } = await foundWithin(parts, key, runs);
  return {
    search,
    found: [...(await subjects.inLines(exact)), ...(await subjects.containing(search, others))],
    ...customers,
  };
}

const NO_CUSTOMERS = { customers: [], missing: [] };

async function foundCustomers(parts: PageParts, key: ApiKey, search: string) {
  const { items, missing = [] } = await pageOfCustomersWithin(parts, key, { search, limit: MOST_FOUND });
  return { customers: items, missing };
}

async function customersInNeed(parts: PageParts, key: ApiKey): Promise<ListedCustomer[]> {
  const { items } = await pageOfCustomersWithin(parts, key, { needsPerson: true, limit: MOST_CUSTOMERS });
  return items;
}

function searchIn({ query }: FastifyRequest): string {
  const { search } = query as { search?: string | string[] };
  return String(search ?? '')
    .trim()
    .slice(0, 255);
}

function titleOf({ causes, leftovers, customers, rollouts }: ExplainedBoard): string {
  const waiting = causes.filter(({ who }) => who === 'operator').reduce((sum, { runs }) => sum + runs.length, 0);
  const count = waiting + leftovers.length + customers.length + rollouts.length;
  return count === 0 ? 'Board' : `(${count}) Board`;
}
