import type { Sightings as SeenOfSource } from '../client/overview/source-health.js';
import type { Outcome } from './answers.js';

/** Times of deliveries that are kept of each source. */
const MOST_TIMES = 200;

/** Outcomes of deliveries whose signature was good. Others are refused before, or may be either. */
const good: ReadonlySet<Outcome> = new Set(['delivered', 'ignored', 'otherMode', 'incomplete', 'temporalAway']);

/** Why a signature is bad. */
const reasons: Readonly<Partial<Record<Outcome, string>>> = {
  missing: 'there was no signature',
  wrong: 'the signature was wrong',
  tooOld: 'it was signed more than 5 minutes ago',
  tooNew: 'it was signed more than 5 minutes ahead',
};

interface Delivery {
  outcome: Outcome;
  event?: string;
  type?: string;
}

/**
 * What this gateway has seen of each source since it started. It is in the memory of this process alone: each of several
 * gateways knows its own part, and nothing survives a restart. So `since` is a part of what it answers.
 */
export class Sightings {
  private readonly bySource = new Map<string, SeenOfSource>();

  constructor(private readonly since: Date) {}

  /** Notes a delivery for a source that exists. */
  note(source: string, { outcome, event, type }: Delivery, now: Date): void {
    const at = now.toISOString();
    const seen = this.of(source);
    const reason = reasons[outcome];
    if (reason !== undefined) this.bySource.set(source, { ...seen, bad: seen.bad + 1, lastBad: { at, reason } });
    if (!good.has(outcome)) return;
    const lastGood = { at, ...(event !== undefined && { event }), ...(type !== undefined && { type }) };
    const times = [...seen.times, at].slice(-MOST_TIMES);
    this.bySource.set(source, { ...seen, good: seen.good + 1, lastGood, times });
  }

  of(source: string): SeenOfSource {
    return this.bySource.get(source) ?? { since: this.since.toISOString(), good: 0, bad: 0, times: [] };
  }
}
