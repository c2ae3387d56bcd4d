import { createPublicKey, verify as verifySignature } from 'node:crypto';
import { z } from 'zod';
import { readEnvelope, readJson, optional } from './body.js';
import { readHouseEvent } from './house-format.js';
import type { Delivery, VerificationFailure, SourceKind, VerifyContext } from './kind.js';
import { anyEqual, hmac, missing, outOfTime, readSeconds, wrong } from './signatures.js';

const ID = 'webhook-id';
const TIMESTAMP = 'webhook-timestamp';
const SIGNATURE = 'webhook-signature';
/** The beginning of an ed25519 public key in SPKI form; the 32 bytes of the key follow. */
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');

const envelope = z.object({ type: z.string().min(1), timestamp: optional(z.string()), data: z.unknown() });

/**
 * Whether a delivery carries a signature that one of the secrets has made: `v1` by `whsec_…`, `v1a` by the private key
 * of `whpk_…`. Only digits are a time, and neither id nor time may hold a dot, because dots divide what is signed.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function verifyStandardWebhook(
  { headers, body }: Delivery,
  { secrets, now }: Pick<VerifyContext, 'secrets' | 'now'>,
): VerificationFailure | undefined {
  const { [ID]: id, [TIMESTAMP]: time, [SIGNATURE]: signature } = headers;
  if (!id) return missing(ID);
  if (!time) return missing(TIMESTAMP);
  if (!signature) return missing(SIGNATURE);
  const seconds = readSeconds(time);
  if (seconds === undefined || id.includes('.')) return wrong(SIGNATURE);
  const signed = Buffer.concat([Buffer.from(`${id}.${time}.`), body]);
  const given = (version: string) =>
    signature
      .split(' ')
      .filter((one) => one.startsWith(`${version},`))
      .map((one) => one.slice(version.length + 1));
  // an empty key is no key: anybody could sign with it
  const symmetric = secrets.filter((secret) => !secret.startsWith('whpk_') && keyOf(secret).length > 0);
  const expected = symmetric.map((secret) => hmac(keyOf(secret), signed).toString('base64'));
  const fits = anyEqual(given('v1'), expected) || secrets.some((secret) => fitsPublicKey(secret, signed, given('v1a')));
  return fits ? outOfTime(seconds, now) : wrong(SIGNATURE);
}

/** The bytes of a `whsec_` secret. */
function keyOf(secret: string): Buffer {
  return Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
}

function fitsPublicKey(secret: string, signed: Uint8Array, given: readonly string[]): boolean {
  const bytes = Buffer.from(secret.replace(/^whpk_/, ''), 'base64');
  if (!secret.startsWith('whpk_') || bytes.length !== 32) return false;
  const key = createPublicKey({ key: Buffer.concat([ED25519_SPKI, bytes]), format: 'der', type: 'spki' });
  return given.some((one) => verifySignature(null, signed, key, Buffer.from(one, 'base64')));
}

/** The specification asks for 24 to 64 bytes. With a short or empty key, anybody can sign. */
const LEAST_KEY_BYTES = 24;

/** Why a secret cannot be the key of a source. */
export function standardSecretProblem(secret: string): string | undefined {
  const encoded = secret.replace(/^(whsec_|whpk_)/, '');
  const { length } = Buffer.from(encoded, 'base64');
  const isBase64 = /^[A-Za-z0-9+/_-]+={0,2}$/.test(encoded) && !encoded.startsWith('whsk_');
  if (secret.startsWith('whpk_'))
    return isBase64 && length === 32 ? undefined : 'must hold whpk_ and the 32 bytes of an ed25519 key in base64';
  return isBase64 && length >= LEAST_KEY_BYTES
    ? undefined
    : `must hold whsec_ and a key of at least ${LEAST_KEY_BYTES} bytes in base64`;
}

/** Headers of a delivery signed by a `whsec_` secret. */
export const signStandardWebhook: SourceKind['sign'] = (body, { secret, now, id }) => {
  const time = String(Math.floor(now.getTime() / 1000));
  const signature = hmac(keyOf(secret), `${id}.${time}.`, body).toString('base64');
  return { 'content-type': 'application/json', [ID]: id, [TIMESTAMP]: time, [SIGNATURE]: `v1,${signature}` };
};

/** Any system that signs by the Standard Webhooks specification and sends the format of our own. */
export const standardWebhooks = {
  settings: {},
  verify: verifyStandardWebhook,
  normalise({ headers, body }, context) {
    const { type, timestamp, data } = readEnvelope(envelope, readJson(body), 'Standard Webhooks');
    const event = { type, time: timestamp, timePath: 'timestamp', dataPath: 'data', data };
    return [readHouseEvent(event, headers[ID]!, context)];
  },
  retryStatus: 503,
  repeatsRefused: false,
  secretProblem: standardSecretProblem,
  sign: signStandardWebhook,
} satisfies SourceKind;
