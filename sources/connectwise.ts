import { createHash } from 'node:crypto';
import { z } from 'zod';
import { apiSettings } from './api-settings.js';
import { readEnvelope, readJson, optional } from './body.js';
import {
  UnreadableDelivery,
  type Delivery,
  type VerificationFailure,
  type Reading,
  type SourceKind,
  type VerifyContext,
} from './kind.js';
import { nothing } from './readings.js';
import { anyEqual, hmac, missing, wrong } from './signatures.js';
import { readTime } from './times.js';

const SIGNATURE = 'x-content-signature';
/** Base64 of 32 bytes. */
const SIGNATURE_FORM = /^[A-Za-z0-9+/]{43}=$/;

const envelope = z.object({
  MessageId: optional(z.string()),
  Action: z.enum(['added', 'updated', 'deleted']),
  Type: z.string().min(1),
  ID: z.int(),
  Entity: optional(z.string()),
  Metadata: z.object({ key_url: z.string() }),
});
type Callback = z.output<typeof envelope>;

const entity = z.object({ ['_info']: optional(z.object({ lastUpdated: optional(z.string()) })) });

const NO_HOST = 'must be a host name in small letters, such as na.myconnectwise.net, or a list of them';
const hostName = z.string().regex(/^[a-z0-9.-]+$/);

const known = new Set(['agreement', 'company', 'contact']);

/**
 * ConnectWise PSA (Manage). The body names the address of the key that signs it, so that address is believed only on
 * the host of `sources.json`. A callback holds a summary: the agreement and its additions are read from the API.
 * @see https://developer.connectwise.com/Products/ConnectWise_PSA/Developer_Guide
 */
export const connectwise = {
  settings: {
    host: z
      .union([hostName.transform((one) => [one]), z.array(hostName).min(1)], NO_HOST)
      .describe('The host, or hosts, from which a signing key may come'),
    ...apiSettings,
    clientId: z.guid('must be the client id of your integration').optional().describe('What names the integration'),
    agreementTypes: optional(z.array(z.string().min(1)).min(1)).describe(
      'The types of agreement that count; all unless given',
    ),
  },
  whyNoSecret: 'ConnectWise publishes its signing key',
  neededWithApiKey: ['apiUrl', 'clientId'],
  verify,
  normalise({ body }, { now, timezone }) {
    const callback = readEnvelope(envelope, readJson(body), 'ConnectWise PSA');
    const { Action, Type, ID } = callback;
    const at = changedAt(callback, timezone);
    const id = callback.MessageId ?? [Type, ID, Action, at ?? ''].join('-');
    const base = { id, type: `${Type}.${Action}`, live: true };
    if (!known.has(Type)) return [nothing(base)];
    return [
      {
        ...base,
        says: 'changed',
        object: { type: Type, id: String(ID) },
        at: at ?? now.toISOString(),
      } satisfies Reading,
    ];
  },
  retryStatus: 429,
  repeatsRefused: false,
  sign(body, { secret }) {
    return { 'content-type': 'application/json', [SIGNATURE]: signatureOf(body, secret) };
  },
} satisfies SourceKind;

async function verify(
  { headers, body }: Delivery,
  { fetchKey, hosts = [] }: VerifyContext,
): Promise<VerificationFailure | undefined> {
  const signature = headers[SIGNATURE];
  if (!signature) return missing(SIGNATURE);
  // nothing is fetched for what cannot be a signature
  if (!SIGNATURE_FORM.test(signature)) return wrong(SIGNATURE);
  const url = keyAddress(body, hosts);
  if (url === undefined)
    return { reason: 'wrong', message: 'The key address in the body is on no host of this source.' };
  try {
    const key = await fetchKey!(url);
    return anyEqual([signature], [signatureOf(body, key)]) ? undefined : wrong(SIGNATURE);
  } catch (error) {
    return { reason: 'unavailable', message: `The signing key cannot be fetched now: ${(error as Error).message}` };
  }
}

/** The key is the digest of the text that ConnectWise publishes. */
function signatureOf(body: Uint8Array, key: string): string {
  return hmac(createHash('sha256').update(key).digest(), body).toString('base64');
}

/** The address of the key; undefined unless it is an https address on exactly one of the hosts of the source. */
function keyAddress(body: Uint8Array, hosts: readonly string[]): URL | undefined {
  const { Metadata } = readEnvelope(envelope, readJson(body), 'ConnectWise PSA');
  if (!URL.canParse(Metadata.key_url)) return undefined;
  const url = new URL(Metadata.key_url);
  if (url.protocol !== 'https:' || !hosts.includes(url.hostname) || url.port !== '') return undefined;
  return url.username === '' && url.password === '' ? url : undefined;
}

/** When the record was changed, by the summary in the body. */
function changedAt({ Entity }: Callback, timezone: string): string | undefined {
  if (Entity === undefined) return undefined;
  const parsed = entity.safeParse(parse(Entity));
  const { lastUpdated: time } = parsed.data?.['_info'] ?? {};
  return time === undefined ? undefined : readTime(time, timezone, 'start');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableDelivery('wrongShape', 'The field Entity holds no JSON.');
  }
}
