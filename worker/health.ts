import { createServer, type Server } from 'node:http';
import { createServer as createSocket, type AddressInfo } from 'node:net';

/** What the health page asks. */
export interface Health {
  /** The worker's own state: RUNNING, DRAINING, FAILED … */
  state(): string;
  /** The clouds whose runs wait just now. */
  inTrouble(): readonly object[];
  /** Resolves when Temporal answers. */
  reachTemporal(): Promise<unknown>;
  /** Where the SDK gives its metrics and ours, in Prometheus' text format. */
  metricsUrl: string;
}

interface Page {
  status: number;
  body: string;
  type?: string;
}

const json = (status: number, body: unknown): Page => ({ status, body: JSON.stringify(body) });

/**
 * Serves `/healthz` (200 unless the worker has failed: restart it then), `/readyz` (200 while it polls and Temporal answers,
 * with the clouds that are in trouble) and `/metrics`. Resolves once it listens, with the port.
 */
export async function serveHealth(health: Health, { host, port }: { host: string; port: number }) {
  const pages: Record<string, () => Promise<Page>> = {
    '/healthz': async () => json(health.state() === 'FAILED' ? 503 : 200, { state: health.state() }),
    '/readyz': async () => await readiness(health),
    '/metrics': async () => await metrics(health),
  };
  const server = createServer((request, response) => {
    const page = pages[(request.url ?? '/').split('?')[0]!];
    const answer = page?.() ?? Promise.resolve(json(404, { error: `there are ${Object.keys(pages).join(', ')}` }));
    answer
      .catch((): Page => json(503, { error: 'no answer' }))
      .then(({ status, body, type = 'application/json' }) =>
        response.writeHead(status, { 'Content-Type': type }).end(body),
      )
      .catch(() => response.destroy());
  });
  await listening(server, port, host);
  return {
    port: (server.address() as AddressInfo).port,
    close(): void {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function readiness(health: Health): Promise<Page> {
  const state = health.state();
  if (state !== 'RUNNING') return json(503, { ready: false, state });
  try {
    await health.reachTemporal();
    return json(200, { ready: true, state, inTrouble: health.inTrouble() });
  } catch {
    return json(503, { ready: false, state, reason: 'Temporal does not answer' });
  }
}

async function metrics({ metricsUrl }: Health): Promise<Page> {
  const reply = await fetch(metricsUrl);
  return { status: reply.status, body: await reply.text(), type: 'text/plain; version=0.0.4' };
}

/** A port of 127.0.0.1 that is free now. */
export async function freePort(): Promise<number> {
  const socket = createSocket();
  await listening(socket, 0, '127.0.0.1');
  const { port } = socket.address() as AddressInfo;
  await new Promise((resolve) => socket.close(resolve));
  return port;
}

async function listening(server: Server | ReturnType<typeof createSocket>, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}
