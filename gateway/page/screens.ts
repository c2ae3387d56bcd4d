import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { checkRole } from '../api/access.js';
import { problemOf } from '../api/problem.js';
import { sessionIn } from './door.js';
import { sendScreen, type Screen } from './frame.js';
import { serveChanges } from './live.js';
import type { PageParts } from './parts.js';
import { troubleScreen } from './trouble.js';

export interface ScreenRoute {
  path: string;
  /** The part of the page to which it belongs. */
  place?: string;
  /** The screen as it is now, for this visitor. */
  draw(request: FastifyRequest): Promise<Screen>;
}

/** Serves a screen, and its changes under `/live`. */
export function addScreen(app: FastifyInstance, parts: PageParts, { path, place, draw }: ScreenRoute): void {
  const drawForReader = async (request: FastifyRequest) => {
    checkRole(sessionIn(request).key, 'read');
    return await draw(request);
  };
  app.get(path, { exposeHeadRoute: false }, async (request, reply) => {
    const more = { session: sessionIn(request), stream: `/live${request.url}`, ...(place && { place }) };
    try {
      return sendScreen(reply, 200, { ...(await drawForReader(request)), ...more });
    } catch (error) {
      return sendTrouble(request, reply, error as Error, more);
    }
  });
  app.get(`/live${path === '/' ? '/' : path}`, { exposeHeadRoute: false }, async (request, reply) => {
    await serveChanges(request, reply, { ...parts, draw: async () => await drawForReader(request) });
  });
}

/** A screen that says what went wrong; where it can pass by itself, it comes back by itself. */
export function sendTrouble(
  request: FastifyRequest,
  reply: FastifyReply,
  error: Error,
  more: { stream?: string; place?: string } = {},
): FastifyReply {
  const problem = problemOf(error);
  if (problem.status === 500) request.log.error({ errorType: error.name, requestId: request.id }, 'a request failed');
  const session = request.session ?? undefined;
  const { stream, ...rest } = more;
  const follows = problem.status === 503 && stream !== undefined;
  return sendScreen(reply, problem.status, {
    ...troubleScreen(problem),
    ...rest,
    ...(session && { session }),
    ...(follows && { stream }),
  });
}
