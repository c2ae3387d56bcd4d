import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { controlReply } from './control.js';
import { exchange } from './exchange.js';
import { writeJson } from './json.js';
import { pause } from './ripening.js';
import type { Reply } from './router.js';
import type { State } from './simulator.js';

/** The HTTP face of the platform. */
export function createVendorServer(state: State): Server {
  const server = createServer((request, response) => {
    answer(state, request, response).catch((error: unknown) => {
      state.log(`simulator: ${String(error)}`);
      response.destroy();
    });
  });
  server.keepAliveTimeout = 30_000;
  return server;
}

async function answer(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', headers } = request;
  const url = new URL(`http://simulator${request.url ?? '/'}`);
  const text = await read(request);
  if (url.pathname.startsWith('/_simulator/')) return await send(response, controlReply(state, method, url, text));
  const outcome = await exchange(state, { method, url, headers, text });
  if (typeof outcome === 'object') await send(response, dated(state, outcome));
  else if (outcome === 'broken') response.destroy();
}

const PIECES = 4;

/** An answer with the cloud's own time where that is another. */
export function dated({ world }: State, reply: Reply): Reply {
  if (world.clockAheadMs === 0) return reply;
  return { ...reply, headers: { ...reply.headers, Date: new Date(world.time()).toUTCString() } };
}

/** The text and the headers of an answer. */
export function written(reply: Reply): { text: string; headers: Record<string, string> } {
  const { headers = {} } = reply;
  const text = textOf(reply);
  const type = text === '' ? {} : { 'Content-Type': 'application/json' };
  return { text, headers: { 'X-Request-Id': randomUUID(), ...type, ...headers } };
}

function textOf({ body, endsLine = false, cut = false }: Reply): string {
  if (body === undefined) return '';
  const text = typeof body === 'string' ? body : `${writeJson(body)}${endsLine ? '\n' : ''}`;
  return cut ? text.slice(0, text.length / 2) : text;
}

/** The text as it drips, each piece so long after the one before. */
export async function* pieces(text: string, dripMs: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  const length = Math.ceil(bytes.length / PIECES);
  for (let at = 0; at < bytes.length; at += length) {
    await pause(dripMs / PIECES);
    yield bytes.subarray(at, at + length);
  }
}

async function send(response: ServerResponse, reply: Reply): Promise<void> {
  const { text, headers } = written(reply);
  response.writeHead(reply.status, headers);
  if (reply.dripMs !== undefined) {
    response.flushHeaders();
    for await (const piece of pieces(text, reply.dripMs)) response.write(piece);
    response.end();
  } else response.end(text);
}

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
