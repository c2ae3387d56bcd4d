import { randomUUID } from 'node:crypto';
import { fastify, type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { addApi } from './api/index.js';
import { Problem } from './api/problem.js';
import { overviewsOf } from './api/overviews.js';
import type { ApiParts } from './api/parts.js';
import { searchOf } from './api/searching.js';
import { QuestionsUnderWay } from './api/questions-under-way.js';
import { refused, type Answer, type Outcome } from './answers.js';
import { EventDoor, type DoorParts, type Receipt } from './event-door.js';
import { Metrics } from './metrics.js';
import type { Sightings } from './sightings.js';
import { cutOffUnreadAnswers } from './unread-answers.js';
import { PageDoor } from './page/door.js';
import { addPage, type PageSettings } from './page/index.js';
import { sendTrouble } from './page/screens.js';
import { Sessions } from './page/sessions.js';

/** A request whose headers or body take longer than this is cut off, in milliseconds. */
const HEADERS_MS = 5000;
const REQUEST_MS = 10_000;
/** A connection in which nothing moves is cut off: no answer takes so long, and a stream says that it is there. */
const SILENT_MS = 65_000;
/** Characters of a part of a path; an id has at most 255, and percent signs make it longer. */
const LONGEST_ID = 2000;

export interface AppParts
  extends DoorParts, Omit<ApiParts, 'personIn'>, Omit<PageSettings, 'questions' | 'overviews' | 'search' | 'personIn'> {
  /** Resolves when Temporal answers. */
  reachTemporal(): Promise<unknown>;
  sightings: Sightings;
}

/** Everything that the gateway serves over HTTP. */
export function createApp(parts: AppParts): FastifyInstance {
  const app = fastify({
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: LONGEST_ID },
    requestTimeout: REQUEST_MS,
    connectionTimeout: SILENT_MS,
    http: { headersTimeout: HEADERS_MS, connectionsCheckingInterval: 1000 },
    // the door words its own refusal
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => void send(reply, request.id, badRequest(error)),
  });
  cutOffUnreadAnswers(app);
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    if (parts.isStopping()) void reply.header('connection', 'close');
    done();
  });
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if ((error.statusCode ?? 500) < 500) return send(reply, request.id, badRequest(error));
    parts.log.error({ errorType: error.name, requestId: request.id }, 'a request failed');
    return send(reply, request.id, refused(500, 'failed', 'The gateway failed. Its log says more.'));
  });
  app.setNotFoundHandler(answerUnknownPlace);
  const door = new EventDoor(parts);
  const metrics = new Metrics(() => door.inFlight);
  addEventRoutes(app, door, recorder(parts, metrics));
  addHealthRoutes(app, parts, metrics);
  const { pageSecret: secret, keys, now, publicUrl } = parts;
  const pageDoor = new PageDoor({ sessions: new Sessions({ secret, keys, now }), publicUrl });
  const asking = { ...parts, overviews: overviewsOf(parts), questions: new QuestionsUnderWay() };
  const personIn = (request: FastifyRequest) => pageDoor.sessionOf(request)?.key;
  const shared = { ...asking, search: searchOf(asking), personIn };
  void app.register(async (api) => await addApi(api, shared));
  void app.register(answerUnknownSources, { prefix: '/v1/events' });
  void app.register(async (page) => await addPage(page, shared));
  return app;
}

const PLACES =
  'There are the page at /, POST /v1/events/{source}, /v1/operations, /docs, /openapi.json, /healthz, /readyz and /metrics.';

async function answerUnknownPlace(request: FastifyRequest, reply: FastifyReply) {
  if (request.method === 'GET' && request.headers.accept?.includes('text/html'))
    return await sendTrouble(request, reply, new Problem(404, 'NotFound', 'There is no page at this address.'));
  return await send(reply, request.id, refused(404, 'unknownSource', PLACES));
}

/** The other places of /v1 belong to the API. */
async function answerUnknownSources(events: FastifyInstance): Promise<void> {
  events.setNotFoundHandler(answerUnknownPlace);
  return await Promise.resolve();
}

type Record = (request: FastifyRequest, receipt: Receipt, ms: number) => void;
type EventRoute = { Params: { source: string } };

/** The body is not parsed: signatures cover its raw bytes. */
function addEventRoutes(app: FastifyInstance, door: EventDoor, record: Record): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.post<EventRoute>('/v1/events/:source', async (request, reply) => {
    const began = performance.now();
    const receipt = await door.receive(request.params.source, request.raw);
    record(request, receipt, performance.now() - began);
    return await send(reply, request.id, receipt);
  });
  app.route({
    method: ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    url: '/v1/events/:source',
    handler: (request, reply) =>
      send(reply.header('allow', 'POST'), request.id, refused(405, 'unreadable', 'Events are sent by POST.')),
  });
}

function addHealthRoutes(app: FastifyInstance, { isStopping, reachTemporal }: AppParts, metrics: Metrics): void {
  const state = () => (isStopping() ? 'DRAINING' : 'RUNNING');
  app.get('/healthz', () => ({ state: state() }));
  app.get('/readyz', async (_request, reply) => {
    if (isStopping()) return await reply.code(503).send({ ready: false, state: state() });
    try {
      await reachTemporal();
      return { ready: true, state: state() };
    } catch {
      return await reply.code(503).send({ ready: false, state: state(), reason: 'Temporal does not answer' });
    }
  });
  app.get('/metrics', async (_request, reply) => await reply.type(metrics.contentType).send(await metrics.text()));
}

/** Logs and counts a delivery; never its body. */
function recorder({ log, source, sightings, now }: AppParts, metrics: Metrics): Record {
  return ({ id: requestId, params }, { outcome, status, events }, ms) => {
    const { source: name } = params as EventRoute['Params'];
    const known = source(name) === undefined ? undefined : name;
    metrics.count(known, outcome, ms);
    if (known !== undefined) sightings.note(known, { outcome, ...events }, now());
    const fields = { ...(known && { source: known }), ...events, outcome, status, duration: Math.round(ms), requestId };
    log[tryAgain.has(outcome) ? 'warn' : 'info'](fields, 'delivery');
  };
}

/** What the operator of the gateway can do something about. */
const tryAgain: ReadonlySet<Outcome> = new Set(['temporalAway', 'keyUnavailable', 'busy', 'failed']);

async function send(reply: FastifyReply, requestId: string, { status, headers = {}, body }: Answer) {
  const isProblem = status >= 400;
  return await reply
    .code(status)
    .headers({ 'content-type': 'application/json', ...headers })
    .send(JSON.stringify(isProblem ? { ...body, requestId } : body));
}

function badRequest({ statusCode = 400, message }: FastifyError): Answer {
  return refused(statusCode, statusCode === 415 ? 'notJson' : 'unreadable', message);
}
