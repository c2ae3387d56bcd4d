import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Overviews, type Overview } from '../../client/overview/overviews.js';
import { overviewCsv, overviewTables } from '../../client/overview/tables.js';
import { prefersCsv } from './accept.js';
import { calendarSchema, changesSchema, reconcileSchema, sourcesSchema } from './overview-schemas.js';
import {
  keyOfRequest,
  needsAll,
  needsAllOperations,
  problemAnswers,
  type ApiApp,
  type ApiParts,
  type SharedParts,
} from './parts.js';
import { checkedPart } from './tree/part-of-tree.js';

/** Who asks over HTTP does not wait for thousands of customers: the next call goes on with the others. */
const LIMITS = { withinMs: 10_000, keepMs: 60_000, keepTenantsMs: 300_000 };
const DAY_MS = 86_400_000;
const MOST_DAYS = 400;
const MOST_ITEMS = 500;
const USUAL_ITEMS = 100;

const calendarQuery = z.strictObject({
  days: z.coerce.number().int().min(1).max(MOST_DAYS).default(7).describe('How many days ahead'),
});
const changesQuery = z.strictObject({
  since: z
    .union([z.iso.datetime({ offset: true }), z.iso.date()], {
      error: 'must be a date, or a time with its zone, such as 2026-12-01T06:00:00Z',
    })
    .optional()
    .describe('Since when; the last 24 hours unless given'),
  limit: z.coerce.number().int().min(1).max(MOST_ITEMS).default(USUAL_ITEMS),
  after: z.string().max(1000).optional().describe('The "next" of the page before'),
});

/** The overviews of a gateway. */
export function overviewsOf({ client, taskQueue }: Pick<ApiParts, 'client' | 'taskQueue'>): Overviews {
  return new Overviews(client, taskQueue, LIMITS);
}

/** What an operator looks at in the morning. A key that is limited to a part of the tree sees its part; sources have none. */
export function addOverviews(app: ApiApp, parts: SharedParts): void {
  addCalendar(app, parts);
  addReconcile(app, parts);
  addSources(app, parts);
  addChanges(app, parts);
}

function addCalendar(app: ApiApp, { overviews, ...parts }: SharedParts): void {
  app.get(
    '/v1/calendar',
    {
      preHandler: needsAllOperations('read'),
      schema: {
        operationId: 'calendar',
        summary: 'Suspensions, deletions and ends of trials to come, each with what would stop it',
        querystring: calendarQuery,
        response: { 200: answers(calendarSchema), ...problemAnswers },
      },
    },
    async (request, reply) => {
      const part = await checkedPart(parts, keyOfRequest(request));
      return send(request, reply, await overviews.calendar(request.query.days, part), overviewTables.calendar);
    },
  );
}

function addReconcile(app: ApiApp, { overviews, ...parts }: SharedParts): void {
  app.get(
    '/v1/reconcile',
    {
      preHandler: needsAllOperations('read'),
      schema: {
        operationId: 'reconcile',
        summary: 'Where what is sold and what is there do not agree',
        querystring: z.strictObject({}),
        response: { 200: answers(reconcileSchema), ...problemAnswers },
      },
    },
    async (request, reply) => {
      const part = await checkedPart(parts, keyOfRequest(request));
      return send(request, reply, await overviews.reconcile(part), overviewTables.reconcile);
    },
  );
}

function addSources(app: ApiApp, { overviews, sources, sightings }: SharedParts): void {
  app.get(
    '/v1/sources',
    {
      preHandler: needsAll('read'),
      schema: {
        operationId: 'sources',
        summary: 'How each source is: its last event, signatures and listing, and whether it is silent for too long',
        querystring: z.strictObject({}),
        response: { 200: answers(sourcesSchema), ...problemAnswers },
      },
    },
    async (request, reply) => {
      const found = await overviews.sources(sources(), (name) => sightings.of(name));
      return send(request, reply, found, overviewTables.sources);
    },
  );
}

function addChanges(app: ApiApp, { overviews, ...parts }: SharedParts): void {
  app.get(
    '/v1/changes',
    {
      preHandler: needsAllOperations('read'),
      schema: {
        operationId: 'changes',
        summary: 'What was done, for whom, and by which event or person',
        querystring: changesQuery,
        response: { 200: answers(changesSchema), ...problemAnswers },
      },
    },
    async (request, reply) => {
      const { since, ...page } = request.query;
      const from = since === undefined ? new Date(Date.now() - DAY_MS) : new Date(since);
      const part = await checkedPart(parts, keyOfRequest(request));
      return send(request, reply, await overviews.changes({ since: from, ...page }, part), overviewTables.changes);
    },
  );
}

/** The same answer as JSON or as CSV. */
function answers<Schema extends z.ZodType>(schema: Schema) {
  const csv = z.string().describe('The items as a table; the header "tenantry-missing" counts what is not in it');
  return {
    description: 'As JSON, or as CSV for "Accept: text/csv"',
    content: { 'application/json': { schema }, 'text/csv': { schema: csv } },
  };
}

/** CSV has no place for what is missing, so a header says that something is. */
function send<Item>(
  request: FastifyRequest,
  reply: FastifyReply,
  found: Overview<Item> & { next?: string },
  table: Parameters<typeof overviewCsv<Item>>[0],
): FastifyReply {
  void reply.header('vary', 'accept');
  if (!prefersCsv(request.headers.accept)) return reply.type('application/json').send(found);
  if (found.next !== undefined) void reply.header('tenantry-next', encodeURIComponent(found.next));
  return reply
    .type('text/csv; charset=utf-8')
    .header('tenantry-missing', String(found.missing.length))
    .send(overviewCsv(table, found.items));
}
