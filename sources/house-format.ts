import { z } from 'zod';
import type { InputProblem } from '../contract/errors.js';
import { subscriptionStates, type CustomerFact, type Fact, type SubscriptionFact } from '../contract/facts.js';
import { isRecord, optional, parse } from './body.js';
import type { EventFacts, Reading, SourceContext } from './kind.js';
import { facts, nothing } from './readings.js';
import { AHEAD, isAhead, readTime, type DayPart } from './times.js';

const text = z.string().trim().min(1, 'must not be empty').max(255, 'must have at most 255 characters');
const quantity = z.number().nonnegative('must not be negative').max(1e9, 'must be at most 1000000000');
const product = { plan: optional(text), product: optional(text), quantity: optional(quantity) };

const customerShape = z.object({
  ref: text,
  name: optional(text),
  language: optional(text),
  contact: optional(z.object({ email: text, firstName: optional(text), lastName: optional(text) })),
  login: optional(text),
});

const subscriptionShape = z.object({
  ref: text,
  ...product,
  items: optional(z.array(z.object(product)).min(1, 'must not be empty').max(200, 'must have at most 200 items')),
  state: z.enum(subscriptionStates, `must be one of ${subscriptionStates.join(', ')}`),
  since: optional(text),
  until: optional(text),
  trialEnd: optional(text),
});

const dataShape = z.object({ customer: customerShape, subscription: optional(subscriptionShape) });

/** Where the parts of an event stand in its envelope. */
interface HouseEvent {
  /** `subscription.changed` or `customer.changed`, with any prefix if the envelope allows one. */
  type: string;
  /** When it happened; without it the facts count as of their arrival. */
  time: string | undefined;
  /** What the envelope calls the time and the data. */
  timePath: string;
  dataPath: string;
  data: unknown;
}

const DATES = [
  ['since', 'start'],
  ['until', 'end'],
  ['trialEnd', 'end'],
] as const satisfies [keyof SubscriptionFact, DayPart][];

/** Reads the documented format of our own: Standard Webhooks carry it as body, CloudEvents as data. */
export function readHouseEvent(event: HouseEvent, id: string, context: SourceContext): Reading {
  const { type, data } = event;
  const base: EventFacts = { id, type, live: !(isRecord(data) && data.live === false) };
  const about = /(?:^|\.)(subscription|customer)\.changed$/.exec(type)?.[1];
  if (about === undefined) return nothing(base);
  const at = readMoment(event, context);
  const content = readData(data, about === 'subscription', context);
  const inData = [...('problems' in content ? content.problems : []), ...liveProblems(data)];
  if (typeof at === 'string' && 'customer' in content && inData.length === 0)
    return facts(base, context, { at, ...content });
  const problems = inData.map(({ path, message }) => ({ path: `${event.dataPath}.${path}`, message }));
  return { ...base, says: 'incomplete', problems: [...(typeof at === 'string' ? [] : [at]), ...problems] };
}

/** Anything else than true, false or nothing would count as live. */
export function liveProblems(data: unknown): InputProblem[] {
  const live = isRecord(data) ? (data.live ?? true) : true;
  return typeof live === 'boolean' ? [] : [{ path: 'live', message: 'must be true or false' }];
}

/** The moment of which the facts are true, or what is wrong with the time that the sender gives. */
function readMoment({ time, timePath }: HouseEvent, { now, timezone }: SourceContext): string | InputProblem {
  if (time === undefined) return now.toISOString();
  const at = readTime(time, timezone, 'start');
  if (at === undefined) return { path: timePath, message: 'must be a time with a zone, such as 2026-11-28T10:00:00Z' };
  return isAhead(at, now) ? { path: timePath, message: AHEAD } : at;
}

/** The customer, and the subscription if the event is about one; or every problem, with its path in the data. */
function readData(
  data: unknown,
  needsSubscription: boolean,
  context: SourceContext,
): Pick<Fact, 'customer' | 'subscription'> | { problems: InputProblem[] } {
  const parsed = parse(dataShape, data ?? {});
  if ('problems' in parsed) return parsed;
  const { customer, subscription } = parsed.value;
  if (subscription === undefined && needsSubscription)
    return { problems: [{ path: 'subscription', message: 'is missing' }] };
  if (subscription === undefined) return { customer: withoutUndefined(customer) as CustomerFact };
  const problems = [...productProblems(subscription), ...dateProblems(subscription, context)];
  if (!needsSubscription)
    problems.push({ path: 'subscription', message: 'belongs in an event of the type subscription.changed' });
  if (problems.length > 0) return { problems };
  return { customer: withoutUndefined(customer) as CustomerFact, subscription: toFact(subscription, context) };
}

type Subscription = z.output<typeof subscriptionShape>;

function productProblems({ plan, product: sold, quantity: units, items }: Subscription): InputProblem[] {
  const single = plan !== undefined || sold !== undefined || units !== undefined;
  if (items === undefined)
    return plan === undefined && sold === undefined
      ? [{ path: 'subscription.plan', message: 'is missing: name a plan, a product or items' }]
      : [];
  return [
    ...(single ? [{ path: 'subscription.items', message: 'cannot stand beside plan, product or quantity' }] : []),
    ...items.flatMap((item, at) =>
      item.plan === undefined && item.product === undefined
        ? [{ path: `subscription.items.${at}.plan`, message: 'is missing: name a plan or a product' }]
        : [],
    ),
  ];
}

function dateProblems(given: Subscription, { timezone }: SourceContext): InputProblem[] {
  const isWrong = (text: string | undefined) => text !== undefined && readTime(text, timezone, 'start') === undefined;
  return DATES.filter(([name]) => isWrong(given[name])).map(([name]) => ({
    path: `subscription.${name}`,
    message: 'must be a date such as 2026-11-28, or a time with a zone',
  }));
}

function toFact(
  { ref, state, items, plan, product: sold, quantity: units, ...given }: Subscription,
  { timezone }: SourceContext,
): SubscriptionFact {
  const times = DATES.map(([name, part]) => [name, given[name] && readTime(given[name], timezone, part)] as const);
  const all = items ?? [{ plan, product: sold, quantity: units }];
  return withoutUndefined({ ref, items: all, state, ...Object.fromEntries(times) }) as SubscriptionFact;
}

function withoutUndefined(value: object): unknown {
  return JSON.parse(JSON.stringify(value));
}
