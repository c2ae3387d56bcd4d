import type { Fault } from './faults.js';
import type { Reply } from './router.js';
import { bare, repeated, sparse, without, withNews } from './untidy-answers.js';

/**
 * What is not as tidy as the vendor's guide. Each imitates something that real clouds, or the gateways before them, do:
 *
 * - `sparse`: optional fields are left out or null, as in the older samples of the guide.
 * - `news`: fields that nobody knows yet, and values that were added since.
 * - `bareErrors`: a refusal comes without the optional parts of its body.
 * - `repeatedRows`: a list names a row twice, because a replica or a page has shifted under it.
 * - `shiftedPages`: pages are shorter than asked for; the last row of one comes again on the next, or only there.
 * - `lateLists`: what was just made is found one or two looks later.
 * - `proxies`: a gateway answers by itself, before the vendor has heard of the call or after it has done it.
 * - `slowBodies`: the headers come at once, the body drips.
 * - `lateAnswers`: the answer comes after everybody has stopped waiting; the call took effect.
 * - `sameNames`: several tenants may have one name.
 * - `oddClock`: the cloud's clock is off, and jumps from time to time.
 * - `shortTokens`: a token lives 15 minutes.
 * - `lostRows`: a list leaves a row out altogether. No caller can know: only on request, in tests of what must not rest on one look.
 */
export const traits = [
  'sparse',
  'news',
  'bareErrors',
  'repeatedRows',
  'shiftedPages',
  'lateLists',
  'proxies',
  'slowBodies',
  'lateAnswers',
  'sameNames',
  'oddClock',
  'shortTokens',
  'lostRows',
] as const;
export type Trait = (typeof traits)[number];

/** How untidy the cloud is. What happens to a call depends on the seed and the number of the call alone. */
export interface Untidy {
  seed: number;
  /** Only these; all but `lostRows` unless given. */
  traits?: readonly Trait[];
  /** How often a trait strikes where it can, from 0 to 1; each trait has its own measure unless given. */
  often?: number;
}

const usual: Record<Trait, number> = {
  sparse: 0.5,
  news: 0.5,
  bareErrors: 0.5,
  repeatedRows: 0.25,
  shiftedPages: 0.5,
  lateLists: 0.1,
  proxies: 0.04,
  slowBodies: 0.03,
  lateAnswers: 0.01,
  sameNames: 1,
  oddClock: 0.05,
  shortTokens: 1,
  lostRows: 0.1,
};

/** What gateways answer before a call gets through, and what they answer when it has. */
const before: Fault[] = [
  ...[400, 401, 403, 404, 412, 413, 421, 502, 503].map((proxy) => ({ proxy })),
  ...[408, 423, 425, 503].map((proxy) => ({ proxy, empty: true })),
];
const after: Fault[] = [
  ...[408, 502, 503, 504].map((proxy) => ({ proxy, commit: true })),
  ...[499, 500].map((proxy) => ({ proxy, empty: true, commit: true })),
];
/** So many calls a gateway leaves in peace after it has answered one: it is in trouble for a moment, not for ever. */
const PEACE = 8;
const HOUR_MS = 3_600_000;
const LONGER_THAN_ANYBODY_WAITS_MS = 30_000;
const drips = [200, 400, 800];

/** One call and its answer, as far as untidiness goes. */
export interface Exchanged {
  route: string;
  seq: number;
  query: URLSearchParams;
}

/** The untidiness of one cloud. */
export class Untidiness {
  private lastAnswerOfProxy = -PEACE;
  private clockMs = 0;
  /** Rows that were on a page, and are to be on the next one too, by its cursor. */
  private readonly seams = new Map<string, { row: unknown; only: boolean }>();

  constructor(private readonly untidy: Untidy | undefined) {}

  has(trait: Trait): boolean {
    return this.untidy !== undefined && (this.untidy.traits?.includes(trait) ?? trait !== 'lostRows');
  }

  /** What happens to a call for which nobody has planned anything. */
  faultOf({ seq }: Exchanged): Fault | undefined {
    if (seq - this.lastAnswerOfProxy > PEACE && this.strikes('proxies', seq)) {
      this.lastAnswerOfProxy = seq;
      return this.chosen(this.draw('effect', seq) < 0.5 ? before : after, seq);
    }
    if (this.strikes('slowBodies', seq)) return { drip: this.chosen(drips, seq) };
    if (this.strikes('lateAnswers', seq)) return { delay: LONGER_THAN_ANYBODY_WAITS_MS };
    if (this.strikes('lateLists', seq)) return { stale: this.draw('looks', seq) < 0.5 ? 1 : 2 };
    return undefined;
  }

  /** How far the cloud's clock is ahead at a call, in milliseconds; negative when it is behind. */
  clockAheadMs(seq: number): number {
    if (!this.has('oddClock')) return 0;
    if (this.clockMs === 0) this.clockMs = this.off(0);
    if (this.strikes('oddClock', seq)) this.clockMs = this.off(seq);
    return this.clockMs;
  }

  /** The number of rows that a page has at most. */
  rowsAt({ route, seq, query }: Exchanged): string | undefined {
    const asked = Number(query.get('limit') ?? Infinity);
    if (!route.startsWith('GET ') || asked === 0 || !this.strikes('shiftedPages', seq)) return undefined;
    return String(Math.min(asked, 2 + Math.floor(this.draw('rows', seq) * 4)));
  }

  /** The answer as it leaves an untidy cloud. */
  dress(reply: Reply, call: Exchanged): Reply {
    if (typeof reply.body !== 'object' || reply.body === null) return reply;
    const { seq } = call;
    const draw = (what: string) => this.draw(what, seq);
    if (reply.status >= 400) return this.strikes('bareErrors', seq) ? bare(reply) : reply;
    let body: object = reply.body;
    if (call.route.startsWith('GET ') && !call.route.endsWith('/stored')) body = this.shuffled(body, call);
    if (this.strikes('sparse', seq)) body = sparse(body, draw);
    if (this.strikes('news', seq)) body = withNews(body);
    return { ...reply, body };
  }

  private shuffled(body: object, call: Exchanged): object {
    const { items } = body as { items?: unknown[] };
    if (!Array.isArray(items) || items.length === 0) return body;
    const { seq } = call;
    const at = Math.floor(this.draw('row', seq) * items.length);
    let rows: unknown[] = this.seamed(body, items, call);
    if (this.strikes('repeatedRows', seq)) rows = repeated(rows, Math.min(at, rows.length - 1));
    if (this.strikes('lostRows', seq)) rows = without(rows, Math.min(at, rows.length - 1));
    return { ...body, items: rows };
  }

  /** The rows of a page whose first may be the last of the one before, and whose last may only be on the next. */
  private seamed(body: object, items: unknown[], { seq, query }: Exchanged): unknown[] {
    const { paging } = body as { paging?: { cursors?: { after?: string } } };
    const next = paging?.cursors?.after;
    const seam = this.seams.get(query.get('after') ?? '');
    const rows = seam === undefined ? items : [seam.row, ...items];
    if (next === undefined) return rows;
    this.seams.delete(next);
    if (!this.strikes('shiftedPages', seq)) return rows;
    const only = rows.length > 1 && this.draw('seam', seq) < 0.5;
    this.seams.set(next, { row: items.at(-1), only });
    return only ? rows.slice(0, -1) : rows;
  }

  private off(seq: number): number {
    return Math.round((this.draw('clock', seq) * 4 - 2) * HOUR_MS) || HOUR_MS;
  }

  private strikes(trait: Trait, seq: number): boolean {
    return this.has(trait) && this.draw(trait, seq) < (this.untidy!.often ?? usual[trait]);
  }

  private chosen<T>(all: readonly T[], seq: number): T {
    return all[Math.floor(this.draw('which', seq) * all.length)]!;
  }

  /** At least 0, less than 1: always the same for a seed, a matter and a call. */
  private draw(matter: string, seq: number): number {
    let mixed = Math.imul((this.untidy?.seed ?? 0) + 1, 0x9e3779b1) ^ Math.imul(seq, 0x85ebca6b);
    for (const letter of matter) mixed = Math.imul(mixed ^ letter.codePointAt(0)!, 0x01000193);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
    mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 4_294_967_296;
  }
}
