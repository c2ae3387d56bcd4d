import type { CustomerEvent } from '../../contract/customers.js';
import type { SyncResult } from '../../contract/source-sync.js';
import type { KnownStatus } from './known-customer.js';

/** What `sources.json` says of a source. */
export interface ConfiguredSource {
  name: string;
  kind: string;
  act: string;
  mode: string;
  /** True where a worker can list what it has sold. */
  isListed: boolean;
}

/** What one gateway has seen of a source since it started. Times are ISO 8601. */
export interface Sightings {
  since: string;
  /** The last delivery with a good signature. */
  lastGood?: { at: string; event?: string; type?: string };
  /** The last one without, and why it was refused. */
  lastBad?: { at: string; reason: string };
  good: number;
  bad: number;
  /** When the newest good ones came, oldest first. */
  times: readonly string[];
}

/** The listings of a source, as Temporal keeps them. Times are ISO 8601. */
export interface Syncs {
  running?: { run: string; since: string };
  /** The last one that was believed. */
  last?: { at: string } & Pick<SyncResult, 'listed' | 'delivered' | 'unusable'>;
  /** The last one that was not, if it is newer. */
  failed?: { at: string; why: string };
  /** When the Schedule lists it next; absent while it is paused, or when there is no Schedule. */
  next?: string;
  /** Why it is not listed once a day. */
  notDaily?: string;
}

/** How long a source is silent, and how long it usually is at most. */
export interface Silence {
  /** The time of its last event. */
  since: string;
  seconds: number;
  /** The longest time between two of its newest events; absent while too few are known. */
  usualSeconds?: number;
  isUnusual: boolean;
}

export interface SourceHealth extends Omit<ConfiguredSource, 'isListed'> {
  lastEvent?: { at: string; event?: string; type?: string };
  silence?: Silence;
  /** Whether the sender still sends, as far as that can be known from here. */
  sends: 'yes' | 'no' | 'unknown';
  sendsWhy: string;
  /** Of this gateway alone; absent where no gateway answers. */
  signatures?: Omit<Sightings, 'times'>;
  /** Absent where the source cannot be listed. */
  sync?: Syncs;
}

export interface SourceFacts {
  source: ConfiguredSource;
  customers: readonly KnownStatus[];
  /** True when not every customer is known. */
  isPartial: boolean;
  sightings?: Sightings | undefined;
  syncs?: Syncs | undefined;
}

const DAY_MS = 86_400_000;
/** Fewer events, or events of fewer days, do not say what is usual: a weekend must be among them. */
const FEWEST_EVENTS = 10;
const FEWEST_DAYS = 7;
const MOST_EVENTS = 200;
/** More than so many times the longest silence is unusual. */
const UNUSUAL = 1.5;
/** Until enough is known, a source that has sent within a day sends. */
const RECENT_MS = DAY_MS;

/** How a source is, by what its customers have heard, what a gateway has seen, and its listings. */
export function healthOf(facts: SourceFacts, now: number): SourceHealth {
  const { source, customers, sightings, syncs } = facts;
  const { isListed, ...configured } = source;
  const heard = customers.flatMap(({ events }) => events).filter((event) => event.source === source.name);
  const sent = heard.filter(isOfSender).toSorted(byTime);
  const lastEvent = newerOf(sent.at(-1), sightings?.lastGood);
  const silence =
    lastEvent && silenceSince(lastEvent.at, [...sent.map(({ at }) => at), ...(sightings?.times ?? [])], now);
  const found = heard.filter(isFromListing).filter(({ at }) => lastEvent === undefined || at > lastEvent.at);
  const { times: _times, ...signatures } = sightings ?? { times: [] };
  return {
    ...configured,
    ...(lastEvent && { lastEvent }),
    ...(silence && { silence }),
    ...senderState({ silence, found: found.length, isListed, isPartial: facts.isPartial }),
    ...(sightings && { signatures: signatures as Omit<Sightings, 'times'> }),
    ...(isListed && syncs && { sync: syncs }),
  };
}

/** Facts of a listing, and those that a customer asks for before it takes something away, are no events of the sender. */
function isOfSender({ type }: CustomerEvent): boolean {
  return type !== 'sync' && !type.startsWith('tenantry.');
}

/** A listing has brought something that no event had said. */
function isFromListing({ type, outcome }: CustomerEvent): boolean {
  return type === 'sync' && (outcome === 'applied' || outcome === 'recorded');
}

function byTime(one: { at: string }, other: { at: string }): number {
  return one.at < other.at ? -1 : one.at > other.at ? 1 : 0;
}

function newerOf(heard: CustomerEvent | undefined, seen: Sightings['lastGood']): SourceHealth['lastEvent'] {
  if (heard === undefined || (seen !== undefined && seen.at > heard.at)) return seen;
  return { at: heard.at, event: heard.id, type: heard.type };
}

/** What is usual follows from the newest events. */
export function silenceSince(since: string, all: readonly string[], now: number): Silence {
  const times = [...new Set(all)]
    .map((at) => Date.parse(at))
    .toSorted((one, other) => one - other)
    .slice(-MOST_EVENTS);
  const silent = Math.max(0, now - Date.parse(since));
  const isEnough = times.length >= FEWEST_EVENTS && times.at(-1)! - times[0]! >= FEWEST_DAYS * DAY_MS;
  const longest = Math.max(0, ...times.slice(1).map((at, index) => at - times[index]!));
  return {
    since,
    seconds: seconds(silent),
    ...(isEnough && { usualSeconds: seconds(longest) }),
    isUnusual: isEnough && silent > UNUSUAL * longest,
  };
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}

interface Signs {
  silence: Silence | undefined;
  /** How many facts the listings have brought since that no event had said. */
  found: number;
  isListed: boolean;
  isPartial: boolean;
}

function senderState({ silence, found, isListed, isPartial }: Signs): Pick<SourceHealth, 'sends' | 'sendsWhy'> {
  const isUsual = silence !== undefined && !silence.isUnusual;
  if (isUsual && silence.usualSeconds !== undefined)
    return { sends: 'yes', sendsWhy: 'it is not silent for longer than usual' };
  if (isUsual && silence.seconds * 1000 < RECENT_MS)
    return { sends: 'yes', sendsWhy: 'its last event came within a day' };
  const silent = silence === undefined ? 'no event of it is known' : 'it is silent';
  if (found > 0 && !isPartial && (silence === undefined || silence.isUnusual))
    return { sends: 'no', sendsWhy: `${silent}, and its listing has brought ${found} changes that no event had said` };
  if (silence?.isUnusual !== true && silence !== undefined)
    return { sends: 'unknown', sendsWhy: 'too few of its events are known to say what is usual' };
  const more = isListed
    ? 'its listing has brought nothing that it should have sent'
    : 'it cannot be listed, so nobody knows whether there was something to send';
  return { sends: 'unknown', sendsWhy: `${silent}, and ${isPartial ? 'not every customer could be asked' : more}` };
}
