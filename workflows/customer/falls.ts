import { readAmount } from '../../contract/amounts.js';
import type { NotDone, WantedQuota } from '../../contract/customers.js';
import { agreement } from './intention.js';

/** What is remembered of quotas that fell. Plain JSON. */
export interface Falls {
  /** By item: the higher quotas that it had not long ago, oldest and highest first. */
  former: Record<string, FormerQuota[]>;
  /** What a person is asked: by field, the answer of `fall`. */
  asked: Record<string, string>;
}

export interface FormerQuota extends Pick<WantedQuota, 'limit'> {
  /** ISO 8601. */
  until: string;
}

type Quotas = Readonly<Record<string, WantedQuota>>;

const RECENT_MS = 7 * 24 * 60 * 60 * 1000;
const MOST_FORMER = 10;

export const noFalls = (): Falls => ({ former: {}, asked: {} });

/** True for the last seven days, in which several falls count as one. */
export function isRecent(time: string, now: number): boolean {
  return Date.parse(time) > now - RECENT_MS;
}

/** Without the quotas of which no later fall is a part. */
export function withoutOldQuotas({ former, asked }: Falls, now: number): Falls {
  const recent = Object.entries(former).map(([item, quotas]): [string, FormerQuota[]] => [
    item,
    quotas.filter(({ until }) => isRecent(until, now)),
  ]);
  return { former: withoutEmpty(recent), asked };
}

/** With the quotas that have fallen. What a person has agreed to is where later falls begin. */
export function withFallen(
  { former, asked }: Falls,
  before: Quotas,
  after: Quotas,
  { agreed, now }: { agreed: readonly string[]; now: number },
): Falls {
  const entries = Object.entries(after).map(([item, quota]): [string, FormerQuota[]] => [
    item,
    agreed.includes(`quotas.${item}`) ? [] : formerAfter(former[item] ?? [], before[item], quota, now),
  ]);
  return { former: withoutEmpty(entries), asked };
}

function formerAfter(
  former: FormerQuota[],
  before: WantedQuota | undefined,
  after: WantedQuota,
  now: number,
): FormerQuota[] {
  if (before === undefined || valueOf(after.limit) >= valueOf(before.limit)) return former;
  const higher = former.filter(({ limit }) => valueOf(limit) > valueOf(before.limit));
  const all = [...higher, { limit: before.limit, until: new Date(now).toISOString() }];
  if (all.length <= MOST_FORMER) return all;
  // of the two oldest the higher one counts for as long as the newer one
  return [{ limit: all[0]!.limit, until: all[1]!.until }, ...all.slice(2)];
}

function withoutEmpty(entries: [string, FormerQuota[]][]): Record<string, FormerQuota[]> {
  return Object.fromEntries(entries.filter(([, quotas]) => quotas.length > 0));
}

/** A fall by more than half of what it was not long ago, also from unlimited. */
export function isSteep(
  before: WantedQuota | undefined,
  { limit }: WantedQuota,
  former: readonly FormerQuota[] = [],
): boolean {
  if (before === undefined) return true;
  return valueOf(limit) < Math.max(...[before, ...former].map((one) => valueOf(one.limit))) / 2;
}

/** What a yes to a fall stands for: it counts for these two values, and once. */
export function fall(before: WantedQuota | undefined, after: WantedQuota | undefined): string {
  return agreement([before ?? null, after ?? null]);
}

/** A question about a fall. */
export interface OpenFall extends NotDone {
  /** What a yes to it stands for. */
  fall: string;
  /** What is wanted of the field. */
  wanted: string;
}

export function quotaFall(
  item: string,
  before: WantedQuota | undefined,
  after: WantedQuota,
  former: readonly FormerQuota[] = [],
): OpenFall {
  const why = fallText(before, after, former[0]);
  return { field: `quotas.${item}`, why, fall: fall(before, after), wanted: agreement(after) };
}

/** The fall of an item that is no longer sold. */
export function itemFall(item: string, before: WantedQuota | undefined): OpenFall {
  const had = before === undefined ? 'it was unlimited' : `its quota was ${before.limit}`;
  const why = `it is no longer sold and would be switched off: ${had}`;
  return { field: `offeringItems.${item}`, why, fall: fall(before, undefined), wanted: agreement(false) };
}

function fallText(before: WantedQuota | undefined, { limit }: WantedQuota, highest: FormerQuota | undefined): string {
  if (before === undefined) return `it was unlimited and would be ${limit}`;
  const step = `it falls from ${before.limit} to ${limit}`;
  if (isSteep(before, { limit }) || highest === undefined) return `${step}: that is more than half`;
  return `${step}, and was ${highest.limit} until ${highest.until}: that is more than half together`;
}

export function valueOf(amount: string | number): number {
  return readAmount(amount)?.value ?? 0;
}
