import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import type { Overview } from '../../client/overview/overviews.js';
import { overviewCsv } from '../../client/overview/tables.js';
import { needsAll, needsAllOperations } from '../api/parts.js';
import { answerTo, mayPass, readerOfAnswer, type Answer } from './answers.js';
import { sessionIn } from './door.js';
import type { Screen } from './frame.js';
import { Missing, Waiting } from './overview-pieces.js';
import type { PageParts } from './parts.js';
import { addScreen } from './screens.js';
import { NotShown } from './trouble.js';

/** All customers are asked, so not as often as for other screens. */
const pace = { shortest: 5000, longest: 10_000, patience: 0 };

interface OverviewRoute<Item, Found extends Overview<Item>> {
  path: string;
  title: string;
  /** A key that is limited to a part of the tenant tree sees this of its part. */
  isForParts?: true;
  /** The parameters in the address that say what is asked for. */
  nameOf(request: FastifyRequest): string;
  read(request: FastifyRequest): Promise<Found>;
  table: Parameters<typeof overviewCsv<Item>>[0];
  /** The top of the screen; it is there before the answer. */
  top(request: FastifyRequest): VNode;
  items(request: FastifyRequest, found: Found): VNode;
}

/** Serves an overview of all customers as a screen and as CSV. A key that is limited to operations does not see it. */
export function addOverviewScreen<Item, Found extends Overview<Item>>(
  app: FastifyInstance,
  parts: PageParts,
  route: OverviewRoute<Item, Found>,
): void {
  const { path, title, read, top } = route;
  addScreen<Answer<Found>>(app, parts, {
    path,
    place: path,
    check: check(route),
    nameOf: (request) => JSON.stringify([route.nameOf(request), sessionIn(request).key.below ?? null]),
    pace,
    read: async (request) => await answerTo(async () => await read(request)),
    reader: (request) => readerOfAnswer(async () => await read(request)),
    drawWaiting: (request) => ({
      title,
      body: (
        <>
          {top(request)}
          <Waiting what="Asking the customers …" again={request.url} />
        </>
      ),
    }),
    draw: (request, answer) => overviewScreen(route, request, answer),
  });
  addCsv(app, route);
}

function check({ isForParts = false }: { isForParts?: boolean }) {
  return isForParts ? needsAllOperations('read') : needsAll('read');
}

/** The screen with an answer. */
function overviewScreen<Item, Found extends Overview<Item>>(
  { title, top, items }: OverviewRoute<Item, Found>,
  request: FastifyRequest,
  answer: Answer<Found>,
): Screen {
  const body = (
    <>
      {top(request)}
      {'problem' in answer ? (
        <NotShown problem={answer.problem} />
      ) : (
        <>
          <Missing of={answer.found.missing} />
          {items(request, answer.found)}
        </>
      )}
    </>
  );
  if ('found' in answer) return { title, body };
  return { title, body, status: answer.problem.status, isStill: !mayPass(answer) };
}

function addCsv<Item, Found extends Overview<Item>>(app: FastifyInstance, route: OverviewRoute<Item, Found>): void {
  const { path, read, table } = route;
  app.get(`${path}.csv`, { preHandler: check(route) }, async (request, reply) => {
    const { items, missing } = await read(request);
    return await reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${path.slice(1)}.csv"`)
      .header('tenantry-missing', String(missing.length))
      .send(overviewCsv(table, items));
  });
}
