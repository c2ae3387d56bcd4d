import { answerAboutAnother } from './answer-of-another.js';
import { findCall, type Api } from './apis.js';
import { catchUp } from './catch-up.js';
import { authenticate, isRefused } from './callers.js';
import { badRequest, Refusal } from './errors.js';
import { applyFault, beforeFault, type Outcome } from './apply-fault.js';
import type { JournalEntry } from './journal.js';
import { readJson } from './json.js';
import { pause } from './delays.js';
import type { Call, Json, Reply, Route } from './router.js';
import type { SimulatorState } from './simulator.js';
import { checkStrictly } from './strict.js';
import type { CallFacts } from './untidy.js';

const anonymous = { value: '', id: 'nobody', tenantId: '', expiresOn: Infinity };

/** A call as it came in, by socket or in process. */
export interface IncomingCall {
  method: string;
  url: URL;
  headers: Call['headers'];
  text: string;
}

/** Handles one call: finds its route, applies its fault and records it in the journal. */
export async function handleCall(state: SimulatorState, incoming: IncomingCall): Promise<Outcome> {
  const { method, url, headers } = incoming;
  const { untidiness, world } = state;
  const found = findCall(method, url.pathname);
  if (!found) return unknownRoute(state, incoming);
  const { api, route, name, ids } = found;
  const entry = state.journal.open({ method, route: name, path: url.pathname });
  if (headers['user-agent'] !== undefined) entry.userAgent = String(headers['user-agent']);
  const call: CallFacts = { route: name, seq: entry.seq, query: new URLSearchParams(url.searchParams) };
  world.clockAheadMs = untidiness.clockAheadMs(entry.seq);
  catchUp(world);
  const fault = state.faults.take({ ...call, ...callerFacts(state, route, incoming) }) ?? untidiness.faultOf(call);
  if (fault !== undefined) entry.fault = fault;
  const rows = untidiness.pageSize(call);
  if (rows !== undefined) url.searchParams.set('limit', rows);
  if (state.latencyMs > 0) await pause(state.latencyMs);
  if (fault === 'hang') return 'silence';
  if (fault === 'drop-before') return 'broken';
  beforeFault(world, fault, ids);
  const run = (ids: string[]) => runRoute(state, { api, route, name, ids, incoming, entry });
  const perform = () => (fault === 'answer-of-another' ? answerAboutAnother(world, name, ids, run) : run(ids));
  const outcome = await applyFault(world, api, fault, perform);
  if (typeof outcome === 'string') return outcome;
  entry.status = outcome.status;
  const reply = untidiness.applyTo(outcome, call);
  return api.trailingNewline === true ? { ...reply, trailingNewline: true } : reply;
}

function callerFacts(state: SimulatorState, { access }: Route, incoming: IncomingCall) {
  return {
    isAbout: (words: readonly string[]) => mentions(state, incoming, words),
    isRefused: () => access === 'token' && isRefused(state.world, incoming.headers),
  };
}

interface RoutedCall {
  api: Api;
  route: Route;
  name: string;
  ids: string[];
  incoming: IncomingCall;
  entry: JournalEntry;
}

function runRoute(
  { world, url: origin }: SimulatorState,
  { api, route, name, ids, incoming, entry }: RoutedCall,
): Reply {
  const { url, headers } = incoming;
  try {
    const caller = route.access === 'token' ? authenticate(world, headers) : anonymous;
    entry.tokenId = caller.id;
    const body = parse(incoming, route);
    if (route.access !== 'form') entry.body = withoutSecrets(body);
    if (world.strict) checkStrictly(name, body, url.searchParams);
    return route.handle({ world, ids, query: url.searchParams, body, headers, caller, origin });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { headers, ...reply } = api.toReply(error);
    return { ...reply, headers: { ...headers, ...(error.status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}) } };
  }
}

function withoutSecrets(body: Json): Json {
  const secret = ['password', 'ott'].filter((name) => name in body);
  return { ...body, ...Object.fromEntries(secret.map((name) => [name, '(not kept)'])) };
}

function parse({ headers, method, text }: IncomingCall, { access, untyped = false }: Route): Json {
  const type = headers['content-type'] ?? '';
  if (access === 'form') return Object.fromEntries(new URLSearchParams(text));
  if (text.trim() === '') return {};
  const needsType = method !== 'GET' && !(untyped && type === '');
  if (needsType && !type.includes('json')) throw new Refusal(415, 415, 'Content-Type must be application/json');
  const body = readBody(text);
  // a client that has nothing to send may send `null`
  if (body === null) return {};
  if (typeof body !== 'object') throw badRequest('the body is not a JSON object');
  return body as Json;
}

function readBody(text: string): unknown {
  try {
    return readJson(text);
  } catch {
    throw badRequest('the body is not valid JSON');
  }
}

/** Whether a call mentions one of these words, or a tenant, user or report below a tenant with that id. */
function mentions({ world }: SimulatorState, { url, text }: IncomingCall, words: readonly string[]): boolean {
  const below = words.flatMap((word) => world.subtree(word));
  const tenants = below.map(({ id }) => id);
  const users = [...world.users.values()].filter(({ tenant_id }) => tenants.includes(tenant_id));
  const ids = users.flatMap(({ id, personal_tenant_id }) => [id, personal_tenant_id ?? id]);
  const reports = [...world.reports.values()].filter(({ tenantId }) => tenants.includes(tenantId)).map(({ id }) => id);
  const content = `${url.pathname} ${url.searchParams.toString()} ${text}`;
  return [...words, ...tenants, ...below.map(({ numericId }) => String(numericId)), ...ids, ...reports].some((word) =>
    content.includes(word),
  );
}

function unknownRoute(state: SimulatorState, { method, url }: IncomingCall): Reply {
  const line = `${method} ${url.pathname}`;
  state.unknownRoutes.push(line);
  state.log(`simulator: unknown route ${line}`);
  return { status: 404, body: new Refusal(404, 404, `the simulator knows no route ${line}`).body() };
}
