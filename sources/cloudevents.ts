import { z } from 'zod';
import { isRecord, readEnvelope, readJson, optional } from './body.js';
import { readHouseEvent } from './house-format.js';
import {
  UnreadableDelivery,
  type Delivery,
  type VerificationFailure,
  type Reading,
  type SourceContext,
  type SourceKind,
} from './kind.js';
import { anyEqual, hmac, missing, wrong } from './signatures.js';

const SIGNATURE = 'x-signature-256';
const BATCH = 'application/cloudevents-batch';
const STRUCTURED = 'application/cloudevents';

/** In binary mode id, type and time stand in headers, which the HMAC does not cover. */
const UNSIGNED_HEADERS: VerificationFailure = {
  reason: 'wrong',
  message: `${SIGNATURE} does not cover the headers of binary mode: send structured mode, or a bearer token`,
};

function isBinary(headers: Delivery['headers']): boolean {
  return !(headers['content-type'] ?? '').toLowerCase().startsWith(STRUCTURED);
}

const envelope = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1),
  source: z.string().min(1),
  type: z.string().min(1),
  time: optional(z.string()),
  data: z.unknown().optional(),
  data_base64: optional(z.base64()),
});

/**
 * Systems that send CloudEvents over HTTP, structured, binary or in a batch. CloudEvents have no signature of their
 * own, so the secret is a bearer token, or the key of an HMAC over the body in `x-signature-256`. Neither says when it
 * was made: a repetition is found by `source` and `id`.
 * @see https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/http-protocol-binding.md
 */
export const cloudEvents = {
  settings: {},
  verify({ headers, body }, { secrets }): VerificationFailure | undefined {
    const { authorization, [SIGNATURE]: signature } = headers;
    if (signature) {
      const expected = secrets.map((secret) => `sha256=${hmac(secret, body).toString('hex')}`);
      if (!anyEqual([signature], expected)) return wrong(SIGNATURE);
      return isBinary(headers) ? UNSIGNED_HEADERS : undefined;
    }
    if (!authorization) return missing('authorization');
    const token = /^bearer +(.+)$/i.exec(authorization)?.[1];
    return token !== undefined && anyEqual([token], secrets) ? undefined : wrong('authorization');
  },
  normalise(delivery, context) {
    const mediaType = (delivery.headers['content-type'] ?? '').toLowerCase();
    if (mediaType.startsWith(BATCH)) return readBatch(readJson(delivery.body), context);
    const event = mediaType.startsWith(STRUCTURED) ? readJson(delivery.body) : binaryEvent(delivery);
    return [readEvent(event, context)];
  },
  retryStatus: 503,
  repeatsRefused: false,
  sign(body, { secret }) {
    const structured = isRecord(readJson(body));
    return {
      'content-type': structured ? 'application/cloudevents+json' : 'application/cloudevents-batch+json',
      [SIGNATURE]: `sha256=${hmac(secret, body).toString('hex')}`,
    };
  },
} satisfies SourceKind;

/** A bad item of a batch says so by itself; the others count. */
function readBatch(events: unknown, context: SourceContext): Reading[] {
  if (!Array.isArray(events)) throw new UnreadableDelivery('wrongShape', 'A batch of CloudEvents must be an array.');
  return events.map((event: unknown, at) => {
    try {
      return readEvent(event, context);
    } catch (error) {
      if (!(error instanceof UnreadableDelivery)) throw error;
      const problems = [{ path: String(at), message: error.message }];
      return { id: '', type: '', live: true, says: 'incomplete', problems };
    }
  });
}

function readEvent(value: unknown, context: SourceContext): Reading {
  const { id, source, type, time, data, data_base64: encoded } = readEnvelope(envelope, value, 'CloudEvents 1.0');
  const content = encoded === undefined ? data : readJson(Buffer.from(encoded, 'base64'));
  // no blank can be in a URI reference, so no two pairs give one id
  return readHouseEvent({ type, time, timePath: 'time', dataPath: 'data', data: content }, `${source} ${id}`, context);
}

/** The attributes stand in headers that begin with `ce-`, the data is the body. */
function binaryEvent({ headers, body }: Delivery): unknown {
  const attributes = Object.entries(headers)
    .filter(([name, value]) => /^ce-(?!data)/.test(name) && value !== undefined)
    .map(([name, value]) => [name.slice('ce-'.length), attribute(name, value!)]);
  if (attributes.length === 0)
    throw new UnreadableDelivery(
      'wrongType',
      'This is no CloudEvent: neither the content type nor a ce- header says so.',
    );
  return { ...Object.fromEntries(attributes), data: readJson(body) };
}

/** Undoes double quotes, then one round of percent-encoding. */
function attribute(name: string, value: string): string {
  const bare = /^"(.*)"$/s.exec(value)?.[1]?.replaceAll(/\\(.)/g, '$1') ?? value;
  try {
    return decodeURIComponent(bare);
  } catch {
    throw new UnreadableDelivery('wrongShape', `The header ${name} is not percent-encoded UTF-8.`);
  }
}
