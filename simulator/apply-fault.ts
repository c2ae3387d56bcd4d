import type { Api } from './apis.js';
import { pause } from './delays.js';
import { Refusal } from './errors.js';
import type { Fault } from './faults.js';
import type { Reply } from './router.js';
import { withoutOptionalParts } from './untidy-answers.js';
import type { World } from './world.js';

/** What the caller gets: an answer, a broken connection, or nothing. */
export type Outcome = Reply | 'broken' | 'silence';

/** Does what a fault changes just before the call. */
export function beforeFault(world: World, fault: Fault | undefined, [id = '']: readonly string[]): void {
  if (fault === 'expire-tokens') world.tokens.clear();
  if (fault !== 'bump-version') return;
  const target = world.tenants.get(id) ?? world.users.get(id) ?? world.reports.get(id);
  if (target !== undefined) target.version += 1;
  const versions = [world.pricing.get(id), ...(world.items.get(id) ?? []).map(({ quota }) => quota)];
  for (const one of versions) if (one !== undefined && one.version > 0) one.version = world.timestamp();
}

/** Performs the call, or not, and answers as its fault says. */
export async function applyFault(
  world: World,
  { toReply }: Api,
  fault: Fault | undefined,
  perform: () => Reply,
): Promise<Outcome> {
  if (typeof fault === 'object' && ('throttle' in fault || 'refuse' in fault || 'proxy' in fault)) {
    if (fault.commit === true) perform();
    return errorAnswer(fault, toReply);
  }
  world.createdByCall.length = 0;
  const reply = perform();
  if (fault === undefined) return reply;
  if (typeof fault === 'object') return await changeAnswer(world, fault, reply);
  if (fault === 'commit-then-drop') return 'broken';
  if (fault === 'garble')
    return { status: 200, body: '{"id": "not the wh', headers: { 'Content-Type': 'application/json' } };
  return fault === 'cut' ? { ...reply, cut: true } : reply;
}

type ErrorFault = Extract<Fault, { throttle: number } | { refuse: number } | { proxy: number }>;

/** The error answer that comes instead of the vendor's answer. */
function errorAnswer(fault: ErrorFault, toReply: Api['toReply']): Reply {
  if ('throttle' in fault)
    return {
      ...toReply(new Refusal(429, 429, 'Too many requests')),
      headers: { 'Retry-After': String(fault.throttle) },
    };
  if ('proxy' in fault) return fault.empty === true ? { status: fault.proxy, body: '' } : htmlPage(fault.proxy);
  const { refuse, code = refuse, message = `simulated refusal ${refuse}`, html, bare, retryAfter } = fault;
  const body = toReply(new Refusal(refuse, code, message));
  const reply = html === true ? htmlPage(refuse) : bare === true ? withoutOptionalParts(body) : body;
  return retryAfter === undefined ? reply : { ...reply, headers: { ...reply.headers, 'Retry-After': retryAfter } };
}

/** The answer to a call that took effect. */
async function changeAnswer(
  { createdByCall }: World,
  fault: Exclude<Fault, string | ErrorFault>,
  reply: Reply,
): Promise<Outcome> {
  if ('lostThen' in fault) return 'broken';
  if ('drip' in fault) return { ...reply, dripMs: fault.drip };
  if ('delay' in fault) {
    await pause(fault.delay);
    return reply;
  }
  for (const created of createdByCall) created.hiddenReads = fault.stale;
  if (fault.drop === true) return 'broken';
  return fault.answer === undefined ? reply : htmlPage(fault.answer);
}

/** The HTML page of a gateway. */
function htmlPage(status: number): Reply {
  return { status, body: `<html><h1>${status}</h1></html>`, headers: { 'Content-Type': 'text/html' } };
}
