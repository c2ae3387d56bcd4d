import { locate, type Api } from './apis.js';
import { authenticate } from './callers.js';
import { badRequest, Refusal } from './errors.js';
import type { Fault } from './faults.js';
import type { JournalEntry } from './journal.js';
import { readJson } from './json.js';
import { pause } from './ripening.js';
import type { Call, Json, Reply, Route } from './router.js';
import type { State } from './simulator.js';
import { checkStrictly } from './strict.js';
import { bare } from './untidy-answers.js';
import type { Exchanged } from './untidy.js';

const nobody = { value: '', id: 'nobody', tenantId: '', expiresOn: Infinity };

/** A call as it was heard, whatever brought it. */
export interface Heard {
  method: string;
  url: URL;
  headers: Call['headers'];
  text: string;
}

/** What the caller gets: an answer, a broken connection, or nothing ever. */
export type Outcome = Reply | 'broken' | 'silence';

/** Takes one call: finds its route, lets befall it what waits for it, and keeps it in the journal. */
export async function exchange(state: State, heard: Heard): Promise<Outcome> {
  const { method, url, headers } = heard;
  const { untidiness, world } = state;
  const found = locate(method, url.pathname);
  if (!found) return unknownRoute(state, heard);
  const { api, route, name, ids } = found;
  const entry = state.journal.open({ method, route: name, path: url.pathname });
  if (headers['user-agent'] !== undefined) entry.userAgent = String(headers['user-agent']);
  const call: Exchanged = { route: name, seq: entry.seq, query: new URLSearchParams(url.searchParams) };
  const fault = state.faults.take(name, entry.seq, (words) => isAbout(state, heard, words)) ?? untidiness.faultOf(call);
  if (fault !== undefined) entry.fault = fault;
  world.clockAheadMs = untidiness.clockAheadMs(entry.seq);
  const rows = untidiness.rowsAt(call);
  if (rows !== undefined) url.searchParams.set('limit', rows);
  if (state.latencyMs > 0) await pause(state.latencyMs);
  if (fault === 'hang') return 'silence';
  if (fault === 'drop-before') return 'broken';
  disturb(state, fault, ids);
  const perform = () => handle(state, { api, route, name, ids, heard, entry });
  const outcome = await befallen(state, api, fault, perform);
  if (typeof outcome === 'string') return outcome;
  entry.status = outcome.status;
  const dressed = untidiness.dress(outcome, call);
  return api.endsLines === true ? { ...dressed, endsLine: true } : dressed;
}

/** What a fault does just before the call. */
function disturb({ world }: State, fault: Fault | undefined, [id = '']: readonly string[]): void {
  if (fault === 'expire-tokens') world.tokens.clear();
  if (fault !== 'bump-version') return;
  const target = world.tenants.get(id) ?? world.users.get(id) ?? world.reports.get(id);
  if (target !== undefined) target.version += 1;
  const versions = [world.pricing.get(id), ...(world.items.get(id) ?? []).map(({ quota }) => quota)];
  for (const one of versions) if (one !== undefined && one.version > 0) one.version = world.timestamp();
}

async function befallen(
  { world }: State,
  { word }: Api,
  fault: Fault | undefined,
  perform: () => Reply,
): Promise<Outcome> {
  if (typeof fault === 'object' && 'throttle' in fault) {
    if (fault.commit === true) perform();
    return { ...word(new Refusal(429, 429, 'Too many requests')), headers: { 'Retry-After': String(fault.throttle) } };
  }
  if (typeof fault === 'object' && 'refuse' in fault) {
    if (fault.commit === true) perform();
    return refusal(fault, word);
  }
  if (typeof fault === 'object' && 'proxy' in fault) {
    if (fault.commit === true) perform();
    return pageOfProxy(fault);
  }
  world.fresh.length = 0;
  const reply = perform();
  if (fault === 'commit-then-drop' || isLostThen(fault)) return 'broken';
  if (fault === 'garble')
    return { status: 200, body: '{"id": "not the wh', headers: { 'Content-Type': 'application/json' } };
  if (fault === 'cut') return { ...reply, cut: true };
  if (typeof fault === 'object' && 'drip' in fault) return { ...reply, dripMs: fault.drip };
  if (typeof fault === 'object' && 'stale' in fault) {
    for (const made of world.fresh) made.hiddenReads = fault.stale;
    if (fault.drop === true) return 'broken';
    if (fault.answer !== undefined) return page(fault.answer);
  }
  if (typeof fault === 'object' && 'delay' in fault) await pause(fault.delay);
  return reply;
}

function isLostThen(fault: Fault | undefined): boolean {
  return typeof fault === 'object' && 'lostThen' in fault;
}

/** What the gateway before the platform says by itself. */
function pageOfProxy({ proxy, empty = false }: Extract<Fault, { proxy: number }>): Reply {
  return empty ? { status: proxy, body: '' } : page(proxy);
}

function refusal(
  { refuse, code, message, html, bare: short = false }: Extract<Fault, { refuse: number }>,
  word: Api['word'],
): Reply {
  if (html === true) return page(refuse);
  const refused = word(new Refusal(refuse, code ?? refuse, message ?? `simulated refusal ${refuse}`));
  return short ? bare(refused) : refused;
}

/** What a gateway says in the vendor's place. */
function page(status: number): Reply {
  return { status, body: `<html><h1>${status}</h1></html>`, headers: { 'Content-Type': 'text/html' } };
}

interface Handled {
  api: Api;
  route: Route;
  name: string;
  ids: string[];
  heard: Heard;
  entry: JournalEntry;
}

function handle({ world, url: origin }: State, { api, route, name, ids, heard, entry }: Handled): Reply {
  const { url, headers } = heard;
  try {
    const caller = route.access === 'token' ? authenticate(world, headers) : nobody;
    entry.tokenId = caller.id;
    const body = parse(heard, route.access);
    if (route.access !== 'form') entry.body = withoutSecrets(body);
    if (world.strict) checkStrictly(name, body, url.searchParams);
    return route.handle({ world, ids, query: url.searchParams, body, headers, caller, origin });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { headers, ...reply } = api.word(error);
    return { ...reply, headers: { ...headers, ...(error.status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}) } };
  }
}

function withoutSecrets(body: Json): Json {
  const secret = ['password', 'ott'].filter((name) => name in body);
  return { ...body, ...Object.fromEntries(secret.map((name) => [name, '(not kept)'])) };
}

function parse({ headers, method, text }: Heard, access: Route['access']): Json {
  const type = headers['content-type'] ?? '';
  if (access === 'form') return Object.fromEntries(new URLSearchParams(text));
  if (text.trim() === '') return {};
  if (!type.includes('json') && method !== 'GET') throw new Refusal(415, 415, 'Content-Type must be application/json');
  try {
    return readJson(text) as Json;
  } catch {
    throw badRequest('the body is not valid JSON');
  }
}

/** Whether a call names one of these words, or a tenant or user that lies below a tenant of that id. */
function isAbout({ world }: State, { url, text }: Heard, words: readonly string[]): boolean {
  const below = words.flatMap((word) => world.subtree(word));
  const tenants = below.map(({ id }) => id);
  const users = [...world.users.values()].filter(({ tenant_id }) => tenants.includes(tenant_id));
  const ids = users.flatMap(({ id, personal_tenant_id }) => [id, personal_tenant_id ?? id]);
  const reports = [...world.reports.values()].filter(({ tenantId }) => tenants.includes(tenantId)).map(({ id }) => id);
  const said = `${url.pathname} ${url.searchParams.toString()} ${text}`;
  return [...words, ...tenants, ...below.map(({ numericId }) => String(numericId)), ...ids, ...reports].some((word) =>
    said.includes(word),
  );
}

function unknownRoute(state: State, { method, url }: Heard): Reply {
  const line = `${method} ${url.pathname}`;
  state.unknownRoutes.push(line);
  state.log(`simulator: unknown route ${line}`);
  return { status: 404, body: new Refusal(404, 404, `the simulator knows no route ${line}`).body() };
}
