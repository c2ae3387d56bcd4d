import { z } from 'zod';
import type { SoldItem, SubscriptionFact, SubscriptionState } from '../contract/facts.js';
import { isRecord, readEnvelope, readJson, optional, parse, textAt } from './body.js';
import type { EventFacts, Reading, SourceContext, SourceKind } from './kind.js';
import { liveProblems } from './house-format.js';
import { signStandardWebhook, standardSecretProblem, verifyStandardWebhook } from './standard-webhooks.js';
import {
  facts,
  fromTheFuture,
  incomplete,
  nothing,
  ownReference,
  personDetails,
  problem,
  referenceOf,
} from './readings.js';
import { readTime } from './times.js';

/** WHMCS sends numbers as numbers or as text. */
const id = z.union([z.string().trim().min(1), z.int()]).transform(String);
const number = z.union([
  z.number(),
  z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number),
]);

const envelope = z.object({
  type: z.string().regex(/^whmcs\.\w+$/),
  timestamp: z.string(),
  data: z.record(z.string(), z.unknown()),
});

const serviceShape = z.looseObject({
  serviceid: id,
  userid: id,
  pid: id,
  status: z.string(),
  qty: optional(number),
  // PHP writes an empty map as an empty list
  configoptions: optional(
    z.preprocess(
      (given) => (Array.isArray(given) && given.length === 0 ? {} : given),
      z.record(z.string(), z.unknown()),
    ),
  ),
});

const clientShape = z.looseObject({
  userid: id,
  firstname: optional(z.string()),
  lastname: optional(z.string()),
  companyname: optional(z.string()),
  email: optional(z.string()),
  language: optional(z.string()),
});

/** An option with another number is no quantity. */
const MOST_UNITS = 1e9;

/** `Suspended` is `paused`, because WHMCS has reminded and waited before it suspends. */
const states: Readonly<Record<string, SubscriptionState>> = {
  Active: 'active',
  Suspended: 'paused',
  Terminated: 'ended',
  Cancelled: 'ended',
  Completed: 'ended',
};

/** WHMCS names languages in English. */
const languages: Readonly<Record<string, string>> = {
  english: 'en',
  german: 'de',
  french: 'fr',
  italian: 'it',
  spanish: 'es',
  dutch: 'nl',
  portuguese: 'pt',
  'portuguese-pt': 'pt',
  'portuguese-br': 'pt',
  polish: 'pl',
  czech: 'cs',
  danish: 'da',
  norwegian: 'no',
  swedish: 'sv',
  hungarian: 'hu',
  romanian: 'ro',
  russian: 'ru',
  turkish: 'tr',
  ukrainian: 'uk',
};

/**
 * WHMCS by the hook file in `examples/whmcs`. The hook file only sends the fields of a hook; what they mean is decided
 * here.
 * @see https://developers.whmcs.com/hooks-reference/module/
 */
export const whmcs = {
  settings: {},
  verify: verifyStandardWebhook,
  normalise({ headers, body }, context) {
    const { type, timestamp, data } = readEnvelope(envelope, readJson(body), 'the hook file for WHMCS');
    const event = { id: headers['webhook-id']!, type, live: data.live !== false };
    const live = liveProblems(data);
    if (live.length > 0) return [incomplete(event, 'data', live)];
    const at = readTime(timestamp, context.timezone, 'start');
    if (at === undefined) return [problem(event, 'timestamp', 'must be a time with a zone')];
    return [fromTheFuture(event, 'timestamp', at, context.now) ?? readHook(event, at, data, context)];
  },
  retryStatus: 503,
  repeatsRefused: false,
  secretProblem: standardSecretProblem,
  sign: signStandardWebhook,
} satisfies SourceKind;

function readHook(event: EventFacts, at: string, data: Record<string, unknown>, context: SourceContext): Reading {
  const { service, client, cancellation } = data;
  if (service !== undefined) return readService(event, at, { service, client }, context);
  if (client !== undefined) return readClient(event, at, client, context);
  if (isRecord(cancellation))
    return { ...event, says: 'changed', object: { type: 'service', id: textAt(cancellation, 'relid') ?? '' }, at };
  return nothing(event);
}

function readService(
  event: EventFacts,
  at: string,
  given: { service: unknown; client: unknown },
  context: SourceContext,
): Reading {
  const service = parse(serviceShape, given.service);
  if ('problems' in service) return incomplete(event, 'data.service', service.problems);
  const { serviceid, userid, status } = service.value;
  const client = parse(clientShape, given.client ?? { userid });
  if ('problems' in client) return incomplete(event, 'data.client', client.problems);
  if (status === 'Pending') return nothing(event, `the service ${serviceid} is Pending: it has not been sold`);
  if (status === 'Fraud')
    return { ...event, says: 'notice', text: `WHMCS marks the service ${serviceid} as fraud: a person must decide.` };
  const state = states[status];
  if (state === undefined)
    return problem(event, 'data.service.status', `is ${JSON.stringify(status)}, which is not known here`);
  const ref = referenceOf([service.value, client.value], userid, context) ?? ownReference(context.name, userid);
  return facts(event, context, {
    at,
    customer: { ref, ...detailsOf(client.value) },
    subscription: toFact(service.value, state),
  });
}

function readClient(event: EventFacts, at: string, value: unknown, context: SourceContext): Reading {
  const client = parse(clientShape, value);
  if ('problems' in client) return incomplete(event, 'data.client', client.problems);
  const { userid } = client.value;
  const ref = referenceOf([client.value], userid, context);
  // the reference may stand on the services of the client
  if (ref === undefined) return { ...event, says: 'changed', object: { type: 'client', id: userid }, at };
  return facts(event, context, { at, customer: { ref, ...detailsOf(client.value) } });
}

function detailsOf({ firstname, lastname, companyname, email, language }: z.output<typeof clientShape>) {
  const code = language && languages[language.toLowerCase()];
  return personDetails({ company: companyname, first: firstname, last: lastname, email, language: code });
}

function toFact(
  { serviceid, pid, qty, configoptions = {} }: z.output<typeof serviceShape>,
  state: SubscriptionState,
): SubscriptionFact {
  const quantities: Record<string, number> = {};
  for (const [option, value] of Object.entries(configoptions)) {
    const read = number.safeParse(value);
    if (read.success && read.data >= 0 && read.data <= MOST_UNITS) quantities[`configoptions.${option}`] = read.data;
  }
  const item: SoldItem = { product: pid, quantities, ...(qty === undefined ? {} : { quantity: qty }) };
  return { ref: serviceid, items: [item], state };
}
