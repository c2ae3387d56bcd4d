import type { Fault } from './faults.js';
import type { Reply } from './router.js';
import { addGhost, makeVague } from './untidy-machines.js';
import { withoutOptionalParts, repeatRow, omitOptional, removeRow, addUnknownValues } from './untidy-answers.js';

/**
 * How a cloud can differ from the vendor's guide. Real clouds, or the gateways in front of them, do each of these:
 *
 * - `sparse`: optional fields are left out or null, as in the older samples of the guide.
 * - `news`: there are new fields and new values.
 * - `bareErrors`: error bodies lack their optional parts.
 * - `repeatedRows`: a list contains a row twice, because a replica or a page has shifted.
 * - `shiftedPages`: pages are shorter than requested; the last row is also, or only, on the next page.
 * - `lateLists`: a new object appears one or two reads later.
 * - `mixedAnswers`: a read of one object is answered with another object of its kind.
 * - `proxies`: a gateway answers by itself, before or after the call has taken effect.
 * - `slowBodies`: the headers come at once, the body comes slowly.
 * - `lateAnswers`: the answer comes after any timeout; the call took effect.
 * - `sameNames`: several tenants can have the same name.
 * - `oddClock`: the cloud's clock is wrong, and jumps from time to time.
 * - `shortTokens`: a token lives 15 minutes.
 * - `vagueMachines`: whether an agent is online, the status of an application, or how a task ended is left out.
 * - `ghostAgents`: a list of agents has one of a tenant that was removed, which has the host name of another one.
 * - `lostRows`: a list lacks a row. No caller can notice, so it is only for tests of code that does not trust one read.
 */
export type UntidyTrait = keyof typeof defaultChances;

/** How untidy the cloud is. What happens to a call depends only on the seed and the number of the call. */
export interface UntidyOptions {
  seed: number;
  /** Default: all but `lostRows`. */
  traits?: readonly UntidyTrait[];
  /** How often a trait applies where it can, from 0 to 1. Default: a value for each trait. */
  often?: number;
}

const defaultChances = {
  sparse: 0.5,
  news: 0.5,
  bareErrors: 0.5,
  repeatedRows: 0.25,
  shiftedPages: 0.5,
  lateLists: 0.1,
  mixedAnswers: 0.01,
  proxies: 0.04,
  slowBodies: 0.03,
  lateAnswers: 0.01,
  sameNames: 1,
  oddClock: 0.05,
  shortTokens: 1,
  vagueMachines: 0.3,
  ghostAgents: 0.3,
  lostRows: 0.1,
};
/** Traits of answers about machines only. */
const machineTraits: readonly UntidyTrait[] = ['vagueMachines', 'ghostAgents'];
/** Traits that every interface can have. */
export const untidyTraits = (Object.keys(defaultChances) as UntidyTrait[]).filter(
  (one) => !machineTraits.includes(one),
);

/** Answers of gateways before a call takes effect, and after it. */
const before: Fault[] = [
  ...[400, 401, 403, 404, 412, 413, 421, 502, 503].map((proxy) => ({ proxy })),
  ...[408, 423, 425, 503].map((proxy) => ({ proxy, empty: true })),
];
const after: Fault[] = [
  ...[408, 502, 503, 504].map((proxy) => ({ proxy, commit: true })),
  ...[499, 500].map((proxy) => ({ proxy, empty: true, commit: true })),
];
/** How many calls a gateway lets through after it has answered one itself: its trouble is short. */
const PEACE = 8;
/** Their answers say which object they are about. */
const isReadOfOne = /^GET \/(tenants|users|clients|reports)\/\{id\}$/;
const HOUR_MS = 3_600_000;
const LONGER_THAN_ANYBODY_WAITS_MS = 30_000;
const drips = [200, 400, 800];

/** What decides how untidy the answer to a call is. */
export interface CallFacts {
  route: string;
  seq: number;
  query: URLSearchParams;
}

/** The untidiness of one cloud. */
export class Untidiness {
  private lastAnswerOfProxy = -PEACE;
  private clockMs = 0;
  /** The row to show again on the next page, by the cursor of that page. */
  private readonly seams = new Map<string, { row: unknown }>();

  constructor(private readonly untidy: UntidyOptions | undefined) {}

  has(trait: UntidyTrait): boolean {
    return this.untidy !== undefined && (this.untidy.traits?.includes(trait) ?? trait !== 'lostRows');
  }

  /** The fault of a call that no test has planned a fault for. */
  faultOf({ route, seq }: CallFacts): Fault | undefined {
    if (seq - this.lastAnswerOfProxy > PEACE && this.strikes('proxies', seq)) {
      this.lastAnswerOfProxy = seq;
      return this.pick(this.draw('effect', seq) < 0.5 ? before : after, seq);
    }
    if (isReadOfOne.test(route) && this.strikes('mixedAnswers', seq)) return 'answer-of-another';
    if (this.strikes('slowBodies', seq)) return { drip: this.pick(drips, seq) };
    if (this.strikes('lateAnswers', seq)) return { delay: LONGER_THAN_ANYBODY_WAITS_MS };
    if (this.strikes('lateLists', seq)) return { stale: this.draw('looks', seq) < 0.5 ? 1 : 2 };
    return undefined;
  }

  /** How far the cloud's clock is ahead, in milliseconds; negative if it is behind. */
  clockAheadMs(seq: number): number {
    if (!this.has('oddClock')) return 0;
    if (this.clockMs === 0) this.clockMs = this.clockOffset(0);
    if (this.strikes('oddClock', seq)) this.clockMs = this.clockOffset(seq);
    return this.clockMs;
  }

  /** The largest number of rows on a page; undefined if the call decides. */
  pageSize({ route, seq, query }: CallFacts): string | undefined {
    const asked = Number(query.get('limit') ?? Infinity);
    if (!route.startsWith('GET ') || asked === 0 || !this.strikes('shiftedPages', seq)) return undefined;
    return String(Math.min(asked, 2 + Math.floor(this.draw('rows', seq) * 4)));
  }

  /** The answer as an untidy cloud sends it. */
  applyTo(reply: Reply, call: CallFacts): Reply {
    if (typeof reply.body !== 'object' || reply.body === null) return reply;
    const { seq } = call;
    const draw = (what: string) => this.draw(what, seq);
    if (reply.status >= 400) return this.strikes('bareErrors', seq) ? withoutOptionalParts(reply) : reply;
    let body: object = reply.body;
    if (call.route.startsWith('GET ') && !call.route.endsWith('/stored')) body = this.withOddRows(body, call);
    if (this.strikes('ghostAgents', seq)) body = addGhost(body, call.route);
    if (this.strikes('vagueMachines', seq)) body = makeVague(body, call.route, draw);
    if (this.strikes('sparse', seq)) body = omitOptional(body, draw);
    if (this.strikes('news', seq)) body = addUnknownValues(body);
    return { ...reply, body };
  }

  private withOddRows(body: object, call: CallFacts): object {
    const { items } = body as { items?: unknown[] };
    if (!Array.isArray(items) || items.length === 0) return body;
    const { seq } = call;
    const at = Math.floor(this.draw('row', seq) * items.length);
    let rows: unknown[] = this.withShiftedPage(body, items, call);
    if (this.strikes('repeatedRows', seq)) rows = repeatRow(rows, Math.min(at, rows.length - 1));
    if (this.strikes('lostRows', seq)) rows = removeRow(rows, Math.min(at, rows.length - 1));
    return { ...body, items: rows };
  }

  /** The rows of a page: the last row of the page before can come again, and its own last row can be missing. */
  private withShiftedPage(body: object, items: unknown[], { seq, query }: CallFacts): unknown[] {
    const { paging } = body as { paging?: { cursors?: { after?: string } } };
    const next = paging?.cursors?.after;
    const seam = this.seams.get(query.get('after') ?? '');
    const rows = seam === undefined ? items : [seam.row, ...items];
    if (next === undefined) return rows;
    this.seams.delete(next);
    if (!this.strikes('shiftedPages', seq)) return rows;
    const only = rows.length > 1 && this.draw('seam', seq) < 0.5;
    this.seams.set(next, { row: items.at(-1) });
    return only ? rows.slice(0, -1) : rows;
  }

  private clockOffset(seq: number): number {
    return Math.round((this.draw('clock', seq) * 4 - 2) * HOUR_MS) || HOUR_MS;
  }

  private strikes(trait: UntidyTrait, seq: number): boolean {
    return this.has(trait) && this.draw(trait, seq) < (this.untidy!.often ?? defaultChances[trait]);
  }

  private pick<T>(all: readonly T[], seq: number): T {
    return all[Math.floor(this.draw('which', seq) * all.length)]!;
  }

  /** At least 0, less than 1: always the same for the same seed, topic and call. */
  private draw(matter: string, seq: number): number {
    let mixed = Math.imul((this.untidy?.seed ?? 0) + 1, 0x9e3779b1) ^ Math.imul(seq, 0x85ebca6b);
    for (const letter of matter) mixed = Math.imul(mixed ^ letter.codePointAt(0)!, 0x01000193);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
    mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 4_294_967_296;
  }
}
