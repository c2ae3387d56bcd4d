import { z } from 'zod';
import { apiSettings } from './api-settings.js';
import { isRecord, readEnvelope, readJson, optional, textAt } from './body.js';
import type { Delivery, VerificationFailure, Reading, SourceContext, SourceKind } from './kind.js';
import { anyEqual, hmac, missing, outOfTime, readSeconds, wrong } from './signatures.js';
import { readCustomer, readSubscription } from './stripe-objects.js';
import { fromTheFuture, nothing } from './readings.js';
import { fromSeconds, readTime, unixSeconds } from './times.js';

const SIGNATURE = 'stripe-signature';

const snapshot = z.object({
  object: z.literal('event'),
  id: z.string().min(1),
  type: z.string().min(1),
  created: unixSeconds,
  livemode: z.boolean(),
  data: z.object({ object: z.record(z.string(), z.unknown()) }),
});

const thin = z.object({
  object: z.literal('v2.core.event'),
  id: z.string().min(1),
  type: z.string().min(1),
  created: z.string(),
  livemode: z.boolean(),
  related_object: optional(z.object({ id: z.string().min(1), type: z.string().min(1) })),
});

/** The smallest body that Stripe signs, of a ping: neither time nor data. */
const anyEvent = z.object({
  id: z.string().min(1),
  object: z.literal('event'),
  type: z.string().min(1),
  livemode: optional(z.boolean()),
});

/** Disputes and refunds change no subscription by themselves. */
const noticed = /^(charge\.dispute\.created|charge\.refunded|radar\.early_fraud_warning\.created)$/;

/**
 * Stripe: snapshot and thin events, of API versions before and after 2025-03-31. A snapshot holds the state as of a
 * second, and Stripe gives no order to events of one second: of two the later arrival counts, until the API is read.
 * A thin event says only that something has changed.
 * @see https://docs.stripe.com/webhooks
 */
export const stripe = {
  settings: apiSettings,
  verify,
  normalise({ body }, context) {
    const value = readJson(body);
    if (isRecord(value) && value.object === 'v2.core.event') return [readThin(value, context)];
    const { id, type, livemode } = readEnvelope(anyEvent, value, 'Stripe');
    if (!/^(customer|charge|radar)\./.test(type)) return [nothing({ id, type, live: livemode !== false })];
    return [readSnapshot(readEnvelope(snapshot, value, 'Stripe'), context)];
  },
  secretProblem: (secret) =>
    /^whsec_\S{16,}$/.test(secret) ? undefined : 'must hold the whole whsec_… of the endpoint',
  retryStatus: 503,
  repeatsRefused: true,
  sign(body, { secret, now }) {
    const time = String(Math.floor(now.getTime() / 1000));
    const signature = hmac(secret, `${time}.`, body).toString('hex');
    return { 'content-type': 'application/json', [SIGNATURE]: `t=${time},v1=${signature}` };
  },
} satisfies SourceKind;

/**
 * Accepts any signature of the scheme `v1` over time and body; `v0` is what Stripe sends in tests. Unlike Stripe's
 * library it refuses a time that lies ahead.
 */
function verify(
  { headers, body }: Delivery,
  { secrets, now }: { secrets: readonly string[]; now: Date },
): VerificationFailure | undefined {
  const header = headers[SIGNATURE];
  if (!header) return missing(SIGNATURE);
  const parts = header.split(',').map((part) => part.split('=', 2) as [string, string?]);
  const times = parts.filter(([name]) => name === 't').map(([, value]) => value);
  const seconds = times.length === 1 ? readSeconds(times[0]) : undefined;
  if (seconds === undefined) return wrong(SIGNATURE);
  const given = parts.filter(([name]) => name === 'v1').map(([, value]) => value ?? '');
  const expected = secrets.map((secret) => hmac(secret, `${times[0]}.`, body).toString('hex'));
  return anyEqual(given, expected) ? outOfTime(seconds, now) : wrong(SIGNATURE);
}

function readSnapshot(
  { id, type, livemode: live, created, data }: z.output<typeof snapshot>,
  context: SourceContext,
): Reading {
  const event = { id, type, live };
  const at = fromSeconds(created);
  const ahead = fromTheFuture(event, 'created', at, context.now);
  if (ahead !== undefined) return ahead;
  if (noticed.test(type))
    return {
      ...event,
      says: 'notice',
      text: `Stripe reports ${type} for ${textAt(data.object, 'id') ?? 'an object'}.`,
    };
  if (type.startsWith('customer.subscription.')) return readSubscription(data.object, event, at, context);
  if (type === 'customer.created' || type === 'customer.updated') return readCustomer(data.object, event, at, context);
  return nothing(event);
}

/** A thin event names the object and holds no data. */
function readThin(value: unknown, { now, timezone }: SourceContext): Reading {
  const { id, type, livemode: live, created, related_object: object } = readEnvelope(thin, value, 'Stripe');
  const at = readTime(created, timezone, 'start') ?? now.toISOString();
  const known = object?.type === 'subscription' || object?.type === 'customer';
  return object !== undefined && known ? { id, type, live, says: 'changed', object, at } : nothing({ id, type, live });
}
