import type { AddressInfo } from 'node:net';
import { fastifyCors } from '@fastify/cors';
import type { PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { fastify, type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';

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
  const app = codecApp(codec, origins);
  await app.listen({ host, port });
  return {
    url: `http://${host}:${(app.server.address() as AddressInfo).port}`,
    async close() {
      app.server.closeAllConnections();
      await app.close();
    },
  };
}

function codecApp(codec: PayloadCodec, origins: readonly string[]): FastifyInstance {
  const app = fastify({ bodyLimit: MAX_BODY_BYTES, forceCloseConnections: true });
  allowOnly(app, origins);
  void app.register(fastifyCors, {
    origin: (origin, answer) => answer(null, origin !== undefined && origins.includes(origin)),
    methods: ['POST'],
    allowedHeaders: ['content-type', 'x-namespace', 'authorization', 'caller-type'],
    credentials: true,
    strictPreflight: false,
  });
  // Temporal's programs may name any type, or none
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  // the UI may put a prefix before the path
  app.post('/*', async (request, reply) => {
    const [, way] = /\/(encode|decode)$/.exec(request.url.split('?')[0]!) ?? [];
    if (way === undefined) return await reply.code(404).send(PLACES);
    return await convert(reply, request.body as string, async (all) => await codec[way as 'encode' | 'decode'](all));
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(PLACES));
  app.setErrorHandler<FastifyError>((error, _request, reply) => {
    const isTooLarge = error.code === 'FST_ERR_CTP_BODY_TOO_LARGE';
    return reply.code(400).send({ error: isTooLarge ? 'the body is larger than 16 MiB' : error.message });
  });
  return app;
}

const PLACES = { error: 'call POST /encode or POST /decode' };

function allowOnly(app: FastifyInstance, origins: readonly string[]): void {
  app.addHook('onRequest', async ({ headers: { origin } }, reply) => {
    void reply.header('cache-control', 'no-store');
    if (origin === undefined || origins.includes(origin)) return;
    await reply.code(403).send({ error: `the origin ${origin} is not allowed` });
  });
}

async function convert(reply: FastifyReply, body: string, codec: PayloadCodec['encode']): Promise<FastifyReply> {
  const { payloads } = Payloads.fromObject(JSON.parse(body) as object);
  const converted = await codec(payloads ?? []);
  return await reply.send(Payloads.toObject(Payloads.fromObject({ payloads: converted }), { bytes: String }));
}
