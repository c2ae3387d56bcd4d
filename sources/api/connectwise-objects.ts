import { z } from 'zod';
import type { SoldItem, SubscriptionFact } from '../../contract/facts.js';
import type { TruthContext } from './source-api.js';
import { optional, parse } from '../body.js';
import type { Reading, SourceContext } from '../kind.js';
import { facts, incomplete, ownReference, personDetails, problem, referenceOf, sumByProduct } from '../readings.js';
import { readTime, type DayPart } from '../times.js';

const text = optional(z.string());
const customFields = optional(z.array(z.object({ caption: text, value: z.unknown() })));

const agreementShape = z.looseObject({
  id: z.int(),
  company: z.object({ id: z.int(), name: text }),
  agreementStatus: text,
  cancelledFlag: optional(z.boolean()),
  dateCancelled: text,
  startDate: text,
  endDate: text,
  noEndingDateFlag: optional(z.boolean()),
  customFields,
});
type Agreement = z.output<typeof agreementShape>;

const additionShape = z.object({
  product: z.object({ identifier: z.string().min(1) }),
  quantity: optional(z.number()),
  effectiveDate: text,
  cancelledDate: text,
});
type Addition = z.output<typeof additionShape>;

const contactShape = z.object({
  firstName: text,
  lastName: text,
  communications: optional(
    z.array(z.object({ value: text, defaultFlag: optional(z.boolean()), communicationType: text })),
  ),
});

/** An agreement with what belongs to it. */
export interface AgreementParts {
  agreement: unknown;
  additions: readonly unknown[];
  contact: unknown;
  /** Undefined while it was not read. */
  company: unknown;
}

/**
 * What an agreement says. Its own dates and its cancel flag decide. `changed` says that the reference is not on it, and
 * the company has not been read.
 */
export function readAgreement(parts: AgreementParts, at: string, context: TruthContext): Reading {
  const { event } = context;
  const agreement = parse(agreementShape, parts.agreement);
  if ('problems' in agreement) return incomplete(event, 'agreement', agreement.problems);
  const additions = parse(z.array(additionShape), parts.additions);
  if ('problems' in additions) return incomplete(event, 'additions', additions.problems);
  const contact = parse(contactShape, parts.contact ?? {});
  if ('problems' in contact) return incomplete(event, 'contact', contact.problems);
  const { id, company } = agreement.value;
  const state = stateOf(agreement.value, context);
  if (typeof state === 'string') return { ...event, says: 'notice', text: `The agreement ${id} ${state}` };
  const items = itemsOf(additions.value, context);
  if (items === undefined) return problem(event, 'additions', 'have a product with less than nothing in all');
  const ref = referenceOf([parts.agreement, parts.company].map(withCaptions), String(company.id), context);
  if (ref === undefined && parts.company === undefined)
    return { ...event, says: 'changed', object: { type: 'agreement', id: String(id) }, at };
  return facts(event, context, {
    at,
    customer: {
      ref: ref ?? ownReference(context.name, String(company.id)),
      ...personDetails({ company: company.name, ...personOf(contact.value) }),
    },
    subscription: { ref: String(id), items, ...state },
  });
}

/** `customFields.<caption>` can name the reference. */
function withCaptions(value: unknown): unknown {
  const fields = customFields.safeParse((value as { customFields?: unknown } | undefined)?.customFields).data ?? [];
  return { ...(value as object), customFields: Object.fromEntries(fields.map((one) => [one.caption, one.value])) };
}

type State = Pick<SubscriptionFact, 'state' | 'since' | 'until'>;

/**
 * The state, or what a person must look at. An end date alone is no end: agreements are often renewed late. Only the
 * cancel flag or the status ends one.
 */
function stateOf(agreement: Agreement, context: SourceContext): State | string {
  const { agreementStatus: status, cancelledFlag, noEndingDateFlag } = agreement;
  const cancelled = dayOf(agreement.dateCancelled, 'end', context);
  const end = noEndingDateFlag ? undefined : dayOf(agreement.endDate, 'end', context);
  const start = dayOf(agreement.startDate, 'start', context);
  const now = context.now.toISOString();
  if (cancelledFlag || status === 'Cancelled') {
    if (cancelled !== undefined && cancelled > now) return { state: 'active', until: cancelled };
    return { state: 'ended', ...(cancelled !== undefined && { since: cancelled }) };
  }
  const isOver = end !== undefined && end <= now;
  if (status === 'Expired')
    return isOver ? { state: 'ended', since: end } : 'is Expired, and its end date is not past: a person must decide.';
  if (isOver)
    return `is ${status ?? 'without a status'}, and its end date is past: nothing is ended, a person must decide.`;
  if (status === 'Inactive') return { state: 'paused' };
  if (status !== 'Active') return `has the status ${JSON.stringify(status ?? null)}, which is not known here.`;
  return { state: 'active', ...(start !== undefined && start > now && { since: start }) };
}

/** Dates of agreements are days, although they are written with midnight in UTC. */
function dayOf(given: string | undefined, part: DayPart, { timezone }: SourceContext): string | undefined {
  return given === undefined ? undefined : readTime(given.slice(0, 'YYYY-MM-DD'.length), timezone, part);
}

/** What has begun and is not cancelled. Undefined for an impossible sum. */
function itemsOf(additions: readonly Addition[], context: SourceContext): SoldItem[] | undefined {
  const now = context.now.toISOString();
  const counts = additions.filter(({ effectiveDate, cancelledDate }) => {
    const [start, end] = [dayOf(effectiveDate, 'start', context), dayOf(cancelledDate, 'end', context)];
    return (start === undefined || start <= now) && (end === undefined || end > now);
  });
  return sumByProduct(counts.map(({ product, quantity }) => ({ product: product.identifier, quantity })));
}

/** The default address counts, else the first. */
function personOf({ firstName, lastName, communications = [] }: z.output<typeof contactShape>) {
  const addresses = communications.filter(({ communicationType }) => communicationType === 'Email');
  const email = (addresses.find(({ defaultFlag }) => defaultFlag) ?? addresses[0])?.value;
  return { first: firstName, last: lastName, email };
}
