import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { controlReply } from './control.js';
import { exchange } from './exchange.js';
import { writeJson } from './json.js';
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
  if (url.pathname.startsWith('/_simulator/')) return send(response, controlReply(state, method, url, text));
  const outcome = await exchange(state, { method, url, headers, text });
  if (typeof outcome === 'object') send(response, outcome);
  else if (outcome === 'broken') response.destroy();
}

/** The text and the headers of an answer. */
export function written({ body, headers = {} }: Reply): { text: string; headers: Record<string, string> } {
  const text = body === undefined ? '' : typeof body === 'string' ? body : writeJson(body);
  const type = text === '' ? {} : { 'Content-Type': 'application/json' };
  return { text, headers: { 'X-Request-Id': randomUUID(), ...type, ...headers } };
}

function send(response: ServerResponse, reply: Reply): void {
  const { text, headers } = written(reply);
  response.writeHead(reply.status, headers).end(text);
}

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
