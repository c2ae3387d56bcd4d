import type { Server } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono, type Context } from 'hono';

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
  const { fetch } = healthApp(health);
  // without TLS options the adaptor makes a plain HTTP server; `hostname` is for HTTP/1.0 probes, which send none
  const server = createAdaptorServer({ fetch, hostname: 'localhost', overrideGlobalObjects: false }) as Server;
  await listen(server, port, host);
  return {
    port: (server.address() as AddressInfo).port,
    close(): void {
      server.close();
      server.closeAllConnections();
    },
  };
}

function healthApp(health: Health): Hono {
  const app = new Hono();
  app.all('/healthz', (context) => {
    const state = health.state();
    return context.json({ state }, state === 'FAILED' ? 503 : 200);
  });
  app.all('/readyz', async (context) => await readiness(context, health));
  app.all('/metrics', async () => {
    const reply = await fetch(health.metricsUrl);
    const headers = { 'Content-Type': 'text/plain; version=0.0.4' };
    return new Response(await reply.text(), { status: reply.status, headers });
  });
  app.notFound((context) => context.json({ error: 'there are /healthz, /readyz, /metrics' }, 404));
  app.onError((_error, context) => context.json({ error: 'no answer' }, 503));
  return app;
}

async function readiness(context: Context, health: Health): Promise<Response> {
  const state = health.state();
  if (state !== 'RUNNING') return context.json({ ready: false, state }, 503);
  try {
    await health.reachTemporal();
    return context.json({ ready: true, state, inTrouble: health.inTrouble() });
  } catch {
    return context.json({ ready: false, state, reason: 'Temporal does not answer' }, 503);
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
