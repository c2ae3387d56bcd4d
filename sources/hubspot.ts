import { z } from 'zod';
import { apiSettings } from './api-settings.js';
import { parse, readJson, optional } from './body.js';
import { UnreadableDelivery, type Delivery, type VerificationFailure, type Reading, type SourceKind } from './kind.js';
import { incomplete, nothing } from './readings.js';
import { anyEqual, hmac, missing, outOfTime, wrong } from './signatures.js';
import { unixMilliseconds } from './times.js';

const SIGNATURE = 'x-hubspot-signature-v3';
const TIMESTAMP = 'x-hubspot-request-timestamp';
const MOST_EVENTS = 100;

/** HubSpot decodes these characters of the address, and no others, before it signs. */
const DECODED = /%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi;

const id = z.union([z.string().min(1), z.int()]).transform(String);

const item = z.object({
  eventId: id,
  subscriptionId: id,
  portalId: id,
  objectId: optional(id),
  fromObjectId: optional(id),
  primaryObjectId: optional(id),
  objectTypeId: optional(z.string()),
  occurredAt: unixMilliseconds,
  subscriptionType: optional(z.string()),
  /** What an older version calls the type. */
  eventType: optional(z.string()),
});

/** The ids of HubSpot's own object types in generic events. */
const types: Readonly<Record<string, string>> = {
  '0-1': 'contact',
  '0-2': 'company',
  '0-3': 'deal',
  '0-8': 'line_item',
};
const known = new Set(Object.values(types));

/**
 * HubSpot, signature version 3 only: the older ones cover no time. An event holds no state, so the deal, its line items
 * and its company are read from HubSpot's API.
 * @see https://developers.hubspot.com/docs/api/webhooks/validating-requests
 */
export const hubspot = {
  settings: {
    ...apiSettings,
    wonStages: optional(z.array(z.string().min(1))).describe('The stages of a deal that is won'),
    lostStages: optional(z.array(z.string().min(1))).describe('The stages of a deal that is lost'),
  },
  verify(delivery, { secrets, now }): VerificationFailure | undefined {
    const { [SIGNATURE]: signature, [TIMESTAMP]: time } = delivery.headers;
    if (!signature) return missing(SIGNATURE);
    if (!time) return missing(TIMESTAMP);
    if (!/^\d{1,15}$/.test(time)) return wrong(SIGNATURE);
    const expected = secrets.map((secret) => sign(delivery, secret, time));
    return anyEqual([signature], expected) ? outOfTime(Math.floor(Number(time) / 1000), now) : wrong(SIGNATURE);
  },
  normalise({ body }) {
    const events = readJson(body);
    if (!Array.isArray(events) || events.length > MOST_EVENTS)
      throw new UnreadableDelivery('wrongShape', `HubSpot sends an array of at most ${MOST_EVENTS} events.`);
    return events.map((event: unknown, at) => {
      const parsed = parse(item, event);
      if ('value' in parsed) return readEvent(parsed.value);
      return incomplete({ id: '', type: '', live: true }, `${at}`, parsed.problems);
    });
  },
  retryStatus: 503,
  repeatsRefused: true,
  sign(body, { secret, now, url }) {
    const time = String(now.getTime());
    const signature = sign({ method: 'POST', url, body }, secret, time);
    return { 'content-type': 'application/json', [SIGNATURE]: signature, [TIMESTAMP]: time };
  },
} satisfies SourceKind;

function sign({ method, url, body }: Pick<Delivery, 'method' | 'url' | 'body'>, secret: string, time: string): string {
  const address = url.replace(/#.*$/s, '').replaceAll(DECODED, decodeURIComponent);
  return hmac(secret, method.toUpperCase(), address, body, time).toString('base64');
}

/** `eventId` is not unique, so the id of an event has everything that tells two of them apart. */
function readEvent(event: z.output<typeof item>): Reading {
  const { portalId, subscriptionId, occurredAt, eventId, objectTypeId } = event;
  const type = event.subscriptionType ?? event.eventType ?? '';
  const objectId = event.objectId ?? event.primaryObjectId ?? event.fromObjectId;
  const base = { id: [portalId, subscriptionId, objectId ?? '', occurredAt, eventId].join('-'), type, live: true };
  const kind = type.split('.')[0]!;
  const object = kind === 'object' ? types[objectTypeId ?? ''] : kind;
  if (object === undefined || !known.has(object) || objectId === undefined) return nothing(base);
  const at = new Date(occurredAt).toISOString();
  return { ...base, says: 'changed', object: { type: object, id: `${portalId}:${objectId}` }, at };
}
