import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { accessRoutes } from './access.js';
import { billingRoutes } from './billing.js';
import { clientRoutes } from './clients.js';
import { controlReply } from './control.js';
import { badRequest, Refusal } from './errors.js';
import type { Fault } from './faults.js';
import type { JournalEntry } from './journal.js';
import { offeringItemRoutes } from './offering-items.js';
import { findRoute, type Json, type Reply, type Route } from './router.js';
import { legacyRoutes, searchRoutes } from './search.js';
import { serviceRoutes } from './services.js';
import type { State } from './simulator.js';
import { tenantRoutes } from './tenants.js';
import { authenticate, tokenRoutes } from './tokens.js';
import { userRoutes } from './users.js';

const routes: Record<string, readonly Route[]> = {
  '/api/2': [
    ...tokenRoutes,
    ...clientRoutes,
    ...tenantRoutes,
    ...offeringItemRoutes,
    ...serviceRoutes,
    ...billingRoutes,
    ...userRoutes,
    ...accessRoutes,
    ...searchRoutes,
  ],
  '/api/1': legacyRoutes,
};

const nobody = { value: '', id: 'nobody', tenantId: '', expiresOn: Infinity };

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
  const url = new URL((request.url ?? '/').replace(/^\/+/, '/'), 'http://simulator');
  const text = await read(request);
  if (url.pathname.startsWith('/_simulator/'))
    return send(response, controlReply(state, request.method ?? '', url, text));
  const base = Object.keys(routes).find((prefix) => url.pathname.startsWith(`${prefix}/`));
  const found = base && findRoute(routes[base]!, request.method ?? '', url.pathname.slice(base.length));
  if (!found) return unknownRoute(state, request, url, response);
  const { route, ids } = found;
  const entry = state.journal.open({ method: request.method ?? '', route: route.pattern, path: url.pathname });
  if (request.headers['user-agent'] !== undefined) entry.userAgent = request.headers['user-agent'];
  const fault = state.faults.take(route.pattern, entry.seq);
  if (fault !== undefined) entry.fault = fault;
  if (state.latencyMs > 0) await pause(state.latencyMs);
  if (before(state, fault, ids)) {
    if (fault === 'drop-before') response.destroy();
    return;
  }
  const perform = () => handle(state, route, { ids, url, text, request, entry });
  await respond({ state, response, entry, fault, perform });
}

/** What a fault does before the call; true when no answer is to be sent. */
function before(state: State, fault: Fault | undefined, ids: readonly string[]): boolean {
  if (fault === 'expire-tokens') state.world.tokens.clear();
  if (fault === 'bump-version') {
    const target = state.world.tenants.get(ids[0] ?? '') ?? state.world.users.get(ids[0] ?? '');
    if (target !== undefined) target.version += 1;
    const pricing = state.world.pricing.get(ids[0] ?? '');
    if (pricing !== undefined) pricing.version = state.world.timestamp();
  }
  return fault === 'drop-before' || fault === 'hang';
}

interface Pending {
  state: State;
  response: ServerResponse;
  entry: JournalEntry;
  fault: Fault | undefined;
  perform: () => Reply;
}

async function respond({ state, response, entry, fault, perform }: Pending): Promise<void> {
  if (typeof fault === 'object' && 'throttle' in fault) {
    const body = new Refusal(429, 429, 'Too many requests').body();
    return send(response, { status: 429, body, headers: { 'Retry-After': String(fault.throttle) } }, entry);
  }
  if (typeof fault === 'object' && 'refuse' in fault) {
    if (fault.commit === true) perform();
    return send(response, refusal(fault), entry);
  }
  state.world.fresh.length = 0;
  const reply = perform();
  if (fault === 'commit-then-drop') return void response.destroy();
  if (typeof fault === 'object' && 'stale' in fault)
    for (const made of state.world.fresh) made.hiddenReads = fault.stale;
  if (typeof fault === 'object' && 'delay' in fault) await pause(fault.delay);
  if (fault === 'garble')
    return send(
      response,
      { status: 200, body: '{"id": "not the wh', headers: { 'Content-Type': 'application/json' } },
      entry,
    );
  send(response, reply, entry);
}

function refusal({ refuse, code, message, html }: Extract<Fault, { refuse: number }>): Reply {
  if (html === true)
    return { status: refuse, body: `<html><h1>${refuse}</h1></html>`, headers: { 'Content-Type': 'text/html' } };
  return { status: refuse, body: new Refusal(refuse, code ?? refuse, message ?? `simulated refusal ${refuse}`).body() };
}

interface Heard {
  ids: string[];
  url: URL;
  text: string;
  request: IncomingMessage;
  entry: JournalEntry;
}

function handle(state: State, { access, handle: act }: Route, { ids, url, text, request, entry }: Heard): Reply {
  const { world } = state;
  const { headers } = request;
  try {
    const caller = access === 'token' ? authenticate(world, headers) : nobody;
    entry.tokenId = caller.id;
    const body = parse(request, text, access);
    if (access !== 'form') entry.body = { ...body, ...('password' in body ? { password: '(not kept)' } : {}) };
    return act({ world, ids, query: url.searchParams, body, headers, caller, origin: state.url });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return {
      status: error.status,
      body: error.body(),
      ...(error.status === 401 ? { headers: { 'WWW-Authenticate': 'Bearer' } } : {}),
    };
  }
}

function parse({ headers, method }: IncomingMessage, text: string, access: Route['access']): Json {
  const type = headers['content-type'] ?? '';
  if (access === 'form') return Object.fromEntries(new URLSearchParams(text));
  if (text.trim() === '') return {};
  if (!type.includes('json') && method !== 'GET') throw new Refusal(415, 415, 'Content-Type must be application/json');
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw badRequest('the body is not valid JSON');
  }
}

function unknownRoute(
  state: State,
  { method = '' }: IncomingMessage,
  { pathname }: URL,
  response: ServerResponse,
): void {
  const line = `${method} ${pathname}`;
  state.unknownRoutes.push(line);
  state.log(`simulator: unknown route ${line}`);
  send(response, { status: 404, body: new Refusal(404, 404, `the simulator knows no route ${line}`).body() });
}

function send(response: ServerResponse, { status, body, headers = {} }: Reply, entry?: JournalEntry): void {
  if (entry) entry.status = status;
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const type = text === '' ? {} : { 'Content-Type': 'application/json' };
  response.writeHead(status, { 'X-Request-Id': randomUUID(), ...type, ...headers }).end(text);
}

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

async function pause(ms: number): Promise<void> {
  // a late answer keeps no closed server alive
  await new Promise((resolve) => setTimeout(resolve, ms).unref());
}
