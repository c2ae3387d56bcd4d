import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { controlReply } from './control.js';
import { handleCall } from './handle-call.js';
import { writeJson } from './json.js';
import { pause } from './delays.js';
import type { Reply } from './router.js';
import type { SimulatorState } from './simulator.js';

/** The HTTP server of the platform. */
export function createVendorServer(state: SimulatorState): Server {
  const server = createServer((request, response) => {
    respond(state, request, response).catch((error: unknown) => {
      state.log(`simulator: ${String(error)}`);
      response.destroy();
    });
  });
  server.keepAliveTimeout = 30_000;
  return server;
}

async function respond(state: SimulatorState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', headers } = request;
  const url = new URL(`http://simulator${request.url ?? '/'}`);
  const text = await read(request);
  if (url.pathname.startsWith('/_simulator/')) return await send(response, controlReply(state, method, url, text));
  const outcome = await handleCall(state, { method, url, headers, text });
  if (typeof outcome === 'object') await send(response, withDate(state, outcome));
  else if (outcome === 'broken') response.destroy();
}

const PIECES = 4;

/** Adds the cloud's time to an answer if its clock is off. */
export function withDate({ world }: SimulatorState, reply: Reply): Reply {
  if (world.clockAheadMs === 0) return reply;
  return { ...reply, headers: { ...reply.headers, Date: new Date(world.time()).toUTCString() } };
}

/** The text and the headers of an answer. */
export function textAndHeaders(reply: Reply): { text: string; headers: Record<string, string> } {
  const { headers = {} } = reply;
  const text = textOf(reply);
  const type = text === '' ? {} : { 'Content-Type': 'application/json' };
  return { text, headers: { 'X-Request-Id': randomUUID(), ...type, ...headers } };
}

function textOf({ body, trailingNewline: endsLine = false, cut = false }: Reply): string {
  if (body === undefined) return '';
  const text = typeof body === 'string' ? body : `${writeJson(body)}${endsLine ? '\n' : ''}`;
  return cut ? text.slice(0, text.length / 2) : text;
}

/** Sends the text in pieces, with an equal pause before each. */
export async function* dripped(text: string, dripMs: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  const length = Math.ceil(bytes.length / PIECES);
  for (let at = 0; at < bytes.length; at += length) {
    await pause(dripMs / PIECES);
    yield bytes.subarray(at, at + length);
  }
}

async function send(response: ServerResponse, reply: Reply): Promise<void> {
  const { text, headers } = textAndHeaders(reply);
  response.writeHead(reply.status, headers);
  if (reply.dripMs !== undefined) {
    response.flushHeaders();
    for await (const piece of dripped(text, reply.dripMs)) response.write(piece);
    response.end();
  } else response.end(text);
}

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
