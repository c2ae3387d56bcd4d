import type { IncomingMessage } from 'node:http';
import { TenantryError } from '../contract/errors.js';
import { byCustomer, byObject } from '../catalogue/event-signals.js';
import { findingsOf, type EventFindings } from '../sources/findings.js';
import { sourceKinds } from '../sources/index.js';
import { UnreadableDelivery, type Delivery, type VerificationFailure, type Reading } from '../sources/kind.js';
import type { Logger } from '../telemetry/log.js';
import { again, delivered, ignored, incomplete, refused, type Answer, type Outcome } from './answers.js';
import { ArrivingBodies } from './arriving-bodies.js';
import { isOtherThanJson } from './body.js';
import { whyUnread } from './changed-objects.js';
import type { Deliver } from './deliver.js';
import { Limit } from './limit.js';
import { logFields } from './log-fields.js';
import type { ReadySource } from './ready-sources.js';

/** Two senders give up after five seconds; a body, a key and Temporal share less than three. */
const ANSWER_MS = 2800;
const BODY_MS = 1500;
/** As many as Temporal takes in half a second: more would wait too long, and fill the memory. */
const MOST_DELIVERIES = 64;
/** Bodies that arrive at the same time, and as many that are verified. */
const MOST_BODIES = 256;
const MOST_EVENTS = 100;

export interface DoorParts {
  source(name: string): ReadySource | undefined;
  deliver: Deliver;
  /** The key that a sender publishes at an address. */
  fetchKey(url: URL): Promise<string>;
  /** The address of the gateway, as senders know it. */
  publicUrl(): string;
  isStopping(): boolean;
  now(): Date;
  log: Logger;
}

/** An answer, and what the log says of the events. */
export type Receipt = Answer & { events: { event?: string; type?: string } };

/** `POST /v1/events/{source}`: verifies a delivery, and answers 202 only when Temporal has every fact of it. */
export class EventDoor {
  private readonly arriving = new ArrivingBodies(MOST_BODIES);
  private readonly bodies = new Limit(MOST_BODIES);
  private readonly deliveries = new Limit(MOST_DELIVERIES);
  /** When an event of the other mode was last reported, by source. */
  private readonly reported = new Map<string, number>();

  constructor(private readonly parts: DoorParts) {}

  get inFlight(): number {
    return this.arriving.count + this.bodies.count + this.deliveries.count;
  }

  async receive(name: string, request: IncomingMessage): Promise<Receipt> {
    const deadline = Date.now() + ANSWER_MS;
    const source = this.parts.source(name);
    if (source === undefined) return unread(refused(404, 'unknownSource', 'There is no source of this name.'));
    const { retryStatus } = sourceKinds[source.kind];
    if (this.parts.isStopping()) return unread(again(retryStatus, 'stopping', 'The gateway is stopping.'));
    if (isOtherThanJson(request))
      return unread(refused(415, 'notJson', 'The content type and encoding must be those of plain JSON.'));
    try {
      const body = await this.arriving.read(request, BODY_MS);
      if ('problem' in body) return unread(bodyAnswer(body.problem, retryStatus));
      const readings = await this.bodies.run(async () => await this.readVerified(source, request, body.bytes));
      if (readings === undefined) return unread(busy(retryStatus));
      if (!Array.isArray(readings)) return unread(readings);
      return await this.take(source, readings, deadline);
    } catch (error) {
      // ConnectWise never repeats what is answered 500
      this.parts.log.error({ source: name, errorType: (error as Error).name }, 'a delivery failed');
      return unread(again(retryStatus, 'failed', 'The gateway failed. Its log says more.'));
    }
  }

  /** What a delivery of the source says, or the answer to another one. Its body takes a place until it is verified. */
  private async readVerified(
    source: ReadySource,
    request: IncomingMessage,
    bytes: Buffer,
  ): Promise<Reading[] | Answer> {
    const { retryStatus } = sourceKinds[source.kind];
    const delivery = this.toDelivery(request, bytes);
    try {
      const doubt = await this.verify(source, delivery);
      return doubt === undefined ? read(source, delivery, this.parts.now()) : doubtAnswer(doubt, retryStatus);
    } catch (error) {
      if (!(error instanceof UnreadableDelivery)) throw error;
      return unreadable(error, delivery);
    }
  }

  private toDelivery({ method = '', url = '', headers }: IncomingMessage, body: Buffer): Delivery {
    const flat = Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join() : value]);
    return { method, url: `${this.parts.publicUrl()}${url}`, headers: Object.fromEntries(flat), body };
  }

  private async verify(
    { kind, secrets, host }: ReadySource,
    delivery: Delivery,
  ): Promise<VerificationFailure | undefined> {
    const { fetchKey, now } = this.parts;
    const hosts = host ?? [];
    return await sourceKinds[kind].verify(delivery, { secrets, now: now(), hosts, fetchKey: (url) => fetchKey(url) });
  }

  private async take(source: ReadySource, readings: readonly Reading[], deadline: number): Promise<Receipt> {
    const events = logFields(readings);
    const { retryStatus, repeatsRefused } = sourceKinds[source.kind];
    if (readings.length > MOST_EVENTS)
      return { ...refused(413, 'tooLarge', `A delivery may hold at most ${MOST_EVENTS} events.`), events };
    const findings = readable(findingsOf(readings, source), source);
    this.report(source, findings, events);
    try {
      if (!(await this.deliverAll(findings, source, deadline))) return { ...busy(retryStatus), events };
    } catch (error) {
      return { ...this.deliveryAnswer(error, source, events), events };
    }
    const taken = [
      ...findings.facts.map(({ event, customer }) => ({ event: event.id, customer: customer.ref })),
      ...findings.changes.map(({ event }) => ({ event: event.id })),
    ];
    if (findings.problems.length > 0 && !repeatsRefused) return { ...incomplete(findings.problems, taken), events };
    return { ...(taken.length > 0 ? delivered(taken) : ignored(...reasonOf(findings))), events };
  }

  /** False when too many deliveries are in flight. */
  private async deliverAll(findings: EventFindings, { name, cloud }: ReadySource, deadline: number): Promise<boolean> {
    const all = [...byCustomer(findings.facts, cloud), ...byObject(findings.changes, name)];
    if (all.length === 0) return true;
    const done = await this.deliveries.run(
      async () => await Promise.all(all.map(async (one) => this.parts.deliver(one, deadline))),
    );
    return done !== undefined;
  }

  /** Temporal is away, or refuses the facts for good. */
  private deliveryAnswer(error: unknown, { name, kind }: ReadySource, events: Receipt['events']): Answer {
    if (!(error instanceof TenantryError)) throw error;
    const { retryStatus, repeatsRefused } = sourceKinds[kind];
    if (error.kind !== 'refused') return again(retryStatus, 'temporalAway', 'Temporal cannot take the event now.');
    this.parts.log.warn({ source: name, ...events }, error.message.slice(0, LONGEST_MESSAGE));
    return repeatsRefused ? ignored(error.message) : incomplete([{ path: 'body', message: error.message }]);
  }

  /** Notices at once, events of the other mode once an hour. */
  private report({ name, kind, mode }: ReadySource, findings: EventFindings, events: Receipt['events']): void {
    const { log } = this.parts;
    for (const notice of new Set(findings.notices))
      log.warn({ source: name, ...events }, notice.slice(0, LONGEST_MESSAGE));
    if (sourceKinds[kind].repeatsRefused)
      for (const { path, message } of findings.problems)
        log.warn({ source: name, ...events }, `the event cannot be used: ${path} ${message}`.slice(0, LONGEST_MESSAGE));
    const last = this.reported.get(name) ?? 0;
    if (!findings.otherMode || Date.now() - last < HOUR_MS) return;
    this.reported.set(name, Date.now());
    log.warn({ source: name }, `events of the other mode than ${mode} arrive here and are ignored`);
  }
}

/** What a sender wrote can be in a message, and must not fill the log. */
const LONGEST_MESSAGE = 200;
const HOUR_MS = 3_600_000;

function unread(answer: Answer): Receipt {
  return { ...answer, events: {} };
}

function busy(retryStatus: number): Answer {
  return again(retryStatus, 'busy', 'Too many deliveries arrive at once.');
}

/** A verified body without the fields that all events of its sender have lacks something, like any other event. */
function read({ kind, name, mode, reference, timezone }: ReadySource, delivery: Delivery, now: Date): Reading[] {
  try {
    return sourceKinds[kind].normalise(delivery, { name, reference, timezone, now });
  } catch (error) {
    if (!(error instanceof UnreadableDelivery) || error.reason !== 'wrongShape') throw error;
    const problem = error.problem ?? { path: 'body', message: error.message };
    return [{ id: '', type: '', live: mode === 'live', says: 'incomplete', problems: [problem] }];
  }
}

/** Without the changes about which nothing can be done; somebody should know of these. */
function readable({ changes, ...findings }: EventFindings, source: ReadySource): EventFindings {
  const why = changes.map(({ object }) => whyUnread(source, object));
  const unread = why.filter((one) => one !== undefined);
  return {
    ...findings,
    changes: changes.filter((_, at) => why[at] === undefined),
    reasons: [...findings.reasons, ...unread],
    notices: [...findings.notices, ...unread],
  };
}

function bodyAnswer(problem: 'tooLarge' | 'slow' | 'broken', retryStatus: 429 | 503): Answer {
  if (problem === 'tooLarge') return refused(413, 'tooLarge', 'The body may have at most 1 MiB.');
  if (problem === 'broken') return refused(400, 'unreadable', 'The body is not complete.');
  // ConnectWise repeats nothing else than 429
  const answer = again(retryStatus === 429 ? 429 : 408, 'slow', `The body did not arrive within ${BODY_MS} ms.`);
  return { ...answer, headers: { ...answer.headers, connection: 'close' } };
}

function doubtAnswer({ reason, message }: VerificationFailure, retryStatus: number): Answer {
  if (reason === 'unavailable') return again(retryStatus, 'keyUnavailable', message);
  return refused(401, reason, message, { reason });
}

function unreadable({ reason, message }: UnreadableDelivery, { headers }: Delivery): Answer {
  const neverSaidJson = reason === 'notJson' && headers['content-type'] === undefined;
  if (reason === 'wrongType' || neverSaidJson) return refused(415, 'notJson', message);
  return refused(400, 'unreadable', message);
}

function reasonOf({ reasons, problems, otherMode }: EventFindings): [why: string, outcome: Outcome] {
  const all = [...reasons, ...problems.map(({ path, message }) => `${path} ${message}`)];
  if (all.length === 0) all.push('the delivery holds no event');
  const outcome = problems.length > 0 ? 'incomplete' : otherMode ? 'otherMode' : 'ignored';
  return [[...new Set(all)].join('; '), outcome];
}
