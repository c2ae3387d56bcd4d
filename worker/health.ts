import { createServer, type AddressInfo } from 'node:net';
import { fastify, type FastifyInstance, type FastifyReply } from 'fastify';

/** What the health pages show. */
export interface Health {
  /** The worker's own state: RUNNING, DRAINING, FAILED … */
  state(): string;
  /** The clouds whose runs wait now. */
  inTrouble(): readonly object[];
  /** Resolves when Temporal answers. */
  reachTemporal(): Promise<unknown>;
  /** Where the SDK serves its metrics and ours, in Prometheus' text format. */
  metricsUrl: string;
}

/**
 * Serves `/healthz` (200 unless the worker has failed: restart it then), `/readyz` (200 while it polls and Temporal
 * answers, with the clouds that are in trouble) and `/metrics`. Resolves with the port once it listens.
 */
export async function serveHealth(health: Health, { host, port }: { host: string; port: number }) {
  const app = healthApp(health);
  await app.listen({ host, port });
  return {
    port: (app.server.address() as AddressInfo).port,
    close(): void {
      app.server.close();
      app.server.closeAllConnections();
    },
  };
}

function healthApp(health: Health): FastifyInstance {
  const app = fastify();
  // no page reads a body
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.all('/healthz', async (_request, reply) => {
    const state = health.state();
    return await reply.code(state === 'FAILED' ? 503 : 200).send({ state });
  });
  app.all('/readyz', async (_request, reply) => await sendReadiness(reply, health));
  app.all('/metrics', async (_request, reply) => {
    const answer = await fetch(health.metricsUrl);
    return await reply
      .code(answer.status)
      .type('text/plain; version=0.0.4')
      .send(await answer.text());
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: 'there are /healthz, /readyz, /metrics' }));
  app.setErrorHandler((_error, _request, reply) => reply.code(503).send({ error: 'no answer' }));
  return app;
}

async function sendReadiness(reply: FastifyReply, health: Health): Promise<FastifyReply> {
  const state = health.state();
  if (state !== 'RUNNING') return await reply.code(503).send({ ready: false, state });
  try {
    await health.reachTemporal();
    return await reply.send({ ready: true, state, inTrouble: health.inTrouble() });
  } catch {
    return await reply.code(503).send({ ready: false, state, reason: 'Temporal does not answer' });
  }
}

/** A port of 127.0.0.1 that is free now. */
export async function freePort(): Promise<number> {
  const socket = createServer();
  await listen(socket, 0, '127.0.0.1');
  const { port } = socket.address() as AddressInfo;
  await new Promise((resolve) => socket.close(resolve));
  return port;
}

async function listen(server: ReturnType<typeof createServer>, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}
