import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** No browser, proxy or client of ours sends a request before it has the answers to the ones before. */
const MOST_OF_A_CONNECTION = 8;

/**
 * Cuts off a connection that sends requests without reading the answers: each answer would wait in the memory, and a few
 * such connections would fill it.
 */
export function cutOffUnreadAnswers(app: FastifyInstance): void {
  const waiting = new WeakMap<Socket, number>();
  const change = (socket: Socket, by: 1 | -1) => {
    const now = (waiting.get(socket) ?? 0) + by;
    waiting.set(socket, now);
    return now;
  };
  app.addHook('onRequest', (request, reply, done) => {
    const { socket } = request.raw;
    reply.raw.once('close', () => change(socket, -1));
    // without an answer the request goes no further
    if (change(socket, 1) > MOST_OF_A_CONNECTION) socket.destroy();
    else done();
  });
}
