import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';

const { Payloads } = proto.temporal.api.common.v1;
const MAX_BODY_BYTES = 16 * 1024 * 1024;

export interface CodecServerOptions {
  /** 127.0.0.1 unless given. */
  host?: string;
  /** 0: a free one. */
  port: number;
  /** Origins of the web UIs that may call, such as http://127.0.0.1:8233. */
  origins: readonly string[];
}

export interface CodecServer {
  url: string;
  close(): Promise<void>;
}

/**
 * Serves the codec over HTTP, so that Temporal's web UI and command line can show decrypted runs. It has no login:
 * anyone who can reach it can read every run. Browsers may call it only from the given origins. Fails when the port is
 * in use.
 * @see https://docs.temporal.io/codec-server
 */
export async function startCodecServer(
  codec: PayloadCodec,
  { host = '127.0.0.1', port, origins }: CodecServerOptions,
): Promise<CodecServer> {
  // fetch's classes stay Node's own: the rest of the process uses them too; `hostname` is for callers that send none
  const options = { fetch: codecApp(codec, origins).fetch, hostname: 'localhost', overrideGlobalObjects: false };
  const server = createAdaptorServer(options) as Server;
  server.listen(port, host);
  await once(server, 'listening');
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function codecApp(codec: PayloadCodec, origins: readonly string[]): Hono {
  const app = new Hono();
  app.use(allowOnly(origins));
  app.use(
    cors({
      origin: (origin) => (origins.includes(origin) ? origin : null),
      allowMethods: ['POST'],
      allowHeaders: ['content-type', 'x-namespace', 'authorization', 'caller-type'],
      credentials: true,
    }),
  );
  // the UI may put a prefix before the path
  app.on('POST', ['/encode', '/:prefix{.*}/encode'], (context) => convert(context, (all) => codec.encode(all)));
  app.on('POST', ['/decode', '/:prefix{.*}/decode'], (context) => convert(context, (all) => codec.decode(all)));
  app.notFound((context) => context.json({ error: 'call POST /encode or POST /decode' }, 404));
  app.onError((error, context) => context.json({ error: error.message }, 400));
  return app;
}

function allowOnly(origins: readonly string[]): MiddlewareHandler {
  return async (context, next) => {
    const origin = context.req.header('origin');
    context.header('cache-control', 'no-store');
    if (origin === undefined || origins.includes(origin)) return await next();
    return context.json({ error: `the origin ${origin} is not allowed` }, 403);
  };
}

async function convert(context: Context, codec: PayloadCodec['encode']): Promise<Response> {
  const { payloads } = Payloads.fromObject(JSON.parse(await readBody(context)) as object);
  const converted = await codec(payloads ?? []);
  return context.json(Payloads.toObject(Payloads.fromObject({ payloads: converted }), { bytes: String }));
}

/** Hono's own limit needs its own class of request in the whole process. */
async function readBody({ req }: Context): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of req.raw.body ?? []) {
    bytes += part.length;
    if (bytes > MAX_BODY_BYTES) throw new Error('the body is larger than 16 MiB');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
