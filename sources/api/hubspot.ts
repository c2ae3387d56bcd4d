import { z } from 'zod';
import type { SourceObject } from '../../contract/source-objects.js';
import { optional, readEnvelope } from '../body.js';
import {
  DEAL_PROPERTIES,
  LINE_ITEM_PROPERTIES,
  MERGED_IDS,
  PERSON_PROPERTIES,
  isSold,
  readDeal,
} from './hubspot-objects.js';
import type { Reading } from '../kind.js';
import { nothing, problem } from '../readings.js';
import {
  expectAbout,
  segment,
  SourceApiError,
  type ListingPage,
  type Ask,
  type SourceApi,
  type TruthContext,
} from './source-api.js';

const SENDER = 'the API of HubSpot';
/** Objects in one batch. */
const BATCH = 100;
/** Deals of one company, contact or line item. */
const MOST_DEALS = 100;

const links = optional(
  z.object({ results: z.array(z.object({ id: z.string(), type: z.string() })), paging: z.unknown().optional() }),
);
const objectShape = z.looseObject({
  id: z.string().min(1),
  properties: z.record(z.string(), z.string().nullable()),
  associations: optional(z.object({ deals: links, companies: links, contacts: links, 'line items': links })),
});
type CrmObject = z.output<typeof objectShape>;
const batchShape = z.object({ results: z.array(objectShape) });
const pageShape = z.object({
  results: z.array(objectShape),
  paging: optional(z.object({ next: optional(z.object({ after: z.string() })) })),
});
const accountShape = z.object({ portalId: z.int() });

/** The plural names in paths. */
const plurals: Readonly<Record<string, string>> = {
  deal: 'deals',
  company: 'companies',
  contact: 'contacts',
  line_item: 'line_items',
};

/**
 * HubSpot, with the token of a private app that reads deals, line items, companies and contacts.
 * @see https://developers.hubspot.com/docs/api-reference/crm-deals-v3/guide
 */
export const hubspotApi: SourceApi = {
  subscriptionType: 'deal',
  address: 'https://api.hubapi.com',
  headers: (key) => ({ authorization: `Bearer ${key}` }),
  async read({ type, id }: SourceObject, ask: Ask, context: TruthContext): Promise<Reading[]> {
    const [portal = '', objectId = ''] = id.split(':');
    await checkPortal(portal, ask);
    if (type === 'deal') return [await readOne(objectId, ask, context).catch(deletedUnsold(objectId, ask, context))];
    const path = `crm/v3/objects/${plurals[type] ?? segment(type)}/${segment(objectId)}`;
    const { body } = await ask({ path, query: { properties: MERGED_IDS, associations: 'deals' } });
    const one = readEnvelope(objectShape, body, SENDER);
    if (!wasMergedInto(one, objectId)) expectAbout(objectId, one.id);
    const deals = idsOf(one, 'deals');
    if (deals === undefined || deals.length > MOST_DEALS)
      return [problem(context.event, type, `${objectId} has more than ${MOST_DEALS} deals`)];
    if (deals.length === 0) return [nothing(context.event, `the ${type} ${objectId} has no deal`)];
    const readings: Reading[] = [];
    for (const deal of deals) readings.push(await readOne(deal, ask, context).catch(goneMeanwhile(deal, context)));
    return readings;
  },
  account: async (ask) => await portalOf(ask),
  async list(after, ask, context): Promise<ListingPage> {
    const query = { ...wanted(context), limit: BATCH, ...(after && { after }) };
    const { body, at } = await ask({ path: 'crm/v3/objects/deals', query });
    const { results, paging } = readEnvelope(pageShape, body, SENDER);
    const next = paging?.next?.after;
    const readings = await readAll(results, at, ask, context);
    return { readings, count: results.length, ...(next !== undefined && { next }) };
  },
};

/** Most deals are never won: of one of these that is deleted nobody need know. HubSpot keeps deleted ones for a while. */
function deletedUnsold(id: string, ask: Ask, context: TruthContext): (error: unknown) => Promise<Reading> {
  return async (error) => {
    if (!(error instanceof SourceApiError) || error.kind !== 'gone') throw error;
    const query = { properties: DEAL_PROPERTIES.join(), archived: 'true' };
    const { body } = await ask({ path: `crm/v3/objects/deals/${segment(id)}`, query });
    const deal = readEnvelope(objectShape, body, SENDER);
    if (wasMergedInto(deal, id)) throw error;
    expectAbout(id, deal.id);
    if (isSold(deal, context)) throw error;
    return nothing(context.event, `the deal ${id} was deleted, and it was never won`);
  };
}

/** A deal that was deleted since it was listed has an event of its own. */
function goneMeanwhile(deal: string, { event }: TruthContext): (error: unknown) => Reading {
  return (error) => {
    if (error instanceof SourceApiError && error.kind === 'gone') return nothing(event, `the deal ${deal} is gone`);
    throw error;
  };
}

/** Ids are unique within one account only. */
async function checkPortal(portal: string, ask: Ask): Promise<void> {
  const own = await portalOf(ask);
  if (own !== portal)
    throw new SourceApiError('credentials', `the event is of the account ${portal}, and apiKey is of ${own}`);
}

async function portalOf(ask: Ask): Promise<string> {
  const { body } = await ask({ path: 'account-info/v3/details' });
  return String(readEnvelope(accountShape, body, SENDER).portalId);
}

const own = ({ reference }: TruthContext) => (reference === undefined ? [] : [reference]);
const wanted = (context: TruthContext) => ({
  properties: [...DEAL_PROPERTIES, ...own(context)].join(),
  associations: 'line_items,companies,contacts',
});

async function readOne(id: string, ask: Ask, context: TruthContext): Promise<Reading> {
  const { body, at } = await ask({ path: `crm/v3/objects/deals/${segment(id)}`, query: wanted(context) });
  const deal = readEnvelope(objectShape, body, SENDER);
  if (wasMergedInto(deal, id)) throw new SourceApiError('gone', `it was merged into the deal ${deal.id}`);
  expectAbout(id, deal.id);
  const [reading] = await readAll([deal], at, ask, context);
  return reading!;
}

/**
 * HubSpot answers about a merged object with the one that is left.
 * @see https://developers.hubspot.com/changelog/updated-merge-functionality-for-contacts-and-companies
 */
function wasMergedInto({ properties }: CrmObject, id: string): boolean {
  return properties[MERGED_IDS]?.split(';').includes(id) === true;
}

/** Deals with their line items, their company and their first contact; what several have is read once. */
async function readAll(deals: CrmObject[], at: string, ask: Ask, context: TruthContext): Promise<Reading[]> {
  const linked = deals.map((deal) => ({ deal, links: isSold(deal, context) ? linksOf(deal) : NO_LINKS }));
  const idsIn = (name: keyof Links) => [...new Set(linked.flatMap(({ links }) => links?.[name] ?? []))];
  const { companies: ofCompany, contacts: ofContact } = PERSON_PROPERTIES;
  const found = {
    lineItems: await readBatch('line_items', idsIn('lineItems'), LINE_ITEM_PROPERTIES, ask),
    companies: await readBatch('companies', idsIn('companies'), [...ofCompany, ...own(context)], ask),
    contacts: await readBatch('contacts', idsIn('contacts'), [...ofContact, ...own(context)], ask),
  };
  return linked.map(({ deal, links }) => {
    if (links === undefined)
      return problem(context.event, 'associations', `of the deal ${deal.id} are more than one answer holds`);
    const [company] = links.companies.map((id) => found.companies.get(id));
    const [contact] = links.contacts.map((id) => found.contacts.get(id));
    const lineItems = links.lineItems.map((id) => found.lineItems.get(id)!);
    return readDeal({ deal, lineItems, company, contact }, at, context);
  });
}

interface Links {
  lineItems: string[];
  companies: string[];
  contacts: string[];
}
const NO_LINKS: Links = { lineItems: [], companies: [], contacts: [] };

/** Undefined when there are more than one answer holds. */
function linksOf(deal: CrmObject): Links | undefined {
  const [lineItems, companies, contacts] = [
    idsOf(deal, 'line items'),
    idsOf(deal, 'companies'),
    idsOf(deal, 'contacts'),
  ];
  if (lineItems === undefined || companies === undefined || contacts === undefined) return undefined;
  return { lineItems, companies: companies.slice(0, 1), contacts: contacts.slice(0, 1) };
}

/**
 * The ids that an object is associated with, the primary one first; undefined when there are more. An id can have several
 * labels.
 */
function idsOf({ associations }: CrmObject, name: keyof NonNullable<CrmObject['associations']>): string[] | undefined {
  const { results = [], paging } = associations?.[name] ?? {};
  if (paging != null) return undefined;
  const primary = results.filter(
    ({ type }) => /^[a-z]+(_[a-z]+)*_to_[a-z_]+$/.test(type) && !type.endsWith('_unlabeled'),
  );
  return [...new Set([...primary, ...results].map(({ id }) => id))];
}

/**
 * Objects by their id. Fails when one of them is missing: it was deleted a moment ago, and the next try no longer finds
 * it associated.
 */
async function readBatch(type: string, ids: readonly string[], properties: readonly string[], ask: Ask) {
  const found = new Map<string, CrmObject>();
  for (let from = 0; from < ids.length; from += BATCH) {
    const inputs = ids.slice(from, from + BATCH).map((id) => ({ id }));
    const { body } = await ask({ path: `crm/v3/objects/${type}/batch/read`, json: { properties, inputs } });
    for (const one of readEnvelope(batchShape, body, SENDER).results) found.set(one.id, one);
  }
  if (ids.some((id) => !found.has(id)))
    throw new SourceApiError('unreadable', `it does not answer with all ${type} that were asked for`);
  return found;
}
