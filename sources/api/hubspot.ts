import { z } from 'zod';
import type { SourceObject } from '../../contract/source-objects.js';
import { optional, readEnvelope } from '../body.js';
import { DEAL_PROPERTIES, LINE_ITEM_PROPERTIES, PERSON_PROPERTIES, readDeal } from './hubspot-objects.js';
import type { Reading } from '../kind.js';
import { nothing } from '../readings.js';
import { segment, SourceApiError, type Ask, type SourceApi, type TruthContext } from './source-api.js';

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
  address: 'https://api.hubapi.com',
  headers: (key) => ({ authorization: `Bearer ${key}` }),
  async read({ type, id }: SourceObject, ask: Ask, context: TruthContext): Promise<Reading[]> {
    const [portal = '', objectId = ''] = id.split(':');
    await checkPortal(portal, ask);
    if (type === 'deal') return [await readWhole(objectId, ask, context)];
    const path = `crm/v3/objects/${plurals[type] ?? segment(type)}/${segment(objectId)}`;
    const { body } = await ask({ path, query: { associations: 'deals' } });
    const deals = idsOf(readEnvelope(objectShape, body, SENDER), 'deals');
    if (deals.length > MOST_DEALS)
      throw new SourceApiError('unreadable', `the ${type} ${objectId} has more than ${MOST_DEALS} deals`);
    if (deals.length === 0) return [nothing(context.event, `the ${type} ${objectId} has no deal`)];
    const readings: Reading[] = [];
    for (const deal of deals) readings.push(await readWhole(deal, ask, context).catch(goneMeanwhile(deal, context)));
    return readings;
  },
};

/** A deal that was deleted since it was listed has an event of its own. */
function goneMeanwhile(deal: string, { event }: TruthContext): (error: unknown) => Reading {
  return (error) => {
    if (error instanceof SourceApiError && error.kind === 'gone') return nothing(event, `the deal ${deal} is gone`);
    throw error;
  };
}

/** Ids are unique within one account only. */
async function checkPortal(portal: string, ask: Ask): Promise<void> {
  const { body } = await ask({ path: 'account-info/v3/details' });
  const { portalId } = readEnvelope(accountShape, body, SENDER);
  if (String(portalId) !== portal)
    throw new SourceApiError('credentials', `the event is of the account ${portal}, and apiKey is of ${portalId}`);
}

/** A deal with its line items, its company and its first contact. */
async function readWhole(id: string, ask: Ask, context: TruthContext): Promise<Reading> {
  const { reference } = context;
  const own = reference === undefined ? [] : [reference];
  const path = `crm/v3/objects/deals/${segment(id)}`;
  const query = { properties: [...DEAL_PROPERTIES, ...own].join(), associations: 'line_items,companies,contacts' };
  const { body, at } = await ask({ path, query });
  const deal = readEnvelope(objectShape, body, SENDER);
  const [lineItems, companies, contacts] = [
    await readBatch('line_items', idsOf(deal, 'line items'), LINE_ITEM_PROPERTIES, ask),
    await readBatch('companies', idsOf(deal, 'companies').slice(0, 1), [...PERSON_PROPERTIES.companies, ...own], ask),
    await readBatch('contacts', idsOf(deal, 'contacts').slice(0, 1), [...PERSON_PROPERTIES.contacts, ...own], ask),
  ];
  return readDeal({ deal, lineItems, company: companies[0], contact: contacts[0] }, at, context);
}

/** The ids that a deal or another object is associated with, the primary one first. An id can have several labels. */
function idsOf({ associations }: CrmObject, name: keyof NonNullable<CrmObject['associations']>): string[] {
  const { results = [], paging } = associations?.[name] ?? {};
  if (paging != null) throw new SourceApiError('unreadable', `it has more ${name} than one answer holds`);
  const primary = results.filter(
    ({ type }) => /^[a-z]+(_[a-z]+)*_to_[a-z_]+$/.test(type) && !type.endsWith('_unlabeled'),
  );
  return [...new Set([...primary, ...results].map(({ id }) => id))];
}

/** Fails when one of them is missing: it was deleted a moment ago, and the next try no longer finds it associated. */
async function readBatch(type: string, ids: readonly string[], properties: readonly string[], ask: Ask) {
  const found: CrmObject[] = [];
  for (let from = 0; from < ids.length; from += BATCH) {
    const inputs = ids.slice(from, from + BATCH).map((id) => ({ id }));
    const { body } = await ask({ path: `crm/v3/objects/${type}/batch/read`, json: { properties, inputs } });
    found.push(...readEnvelope(batchShape, body, SENDER).results);
  }
  if (new Set(found.map(({ id }) => id)).size !== ids.length)
    throw new SourceApiError('unreadable', `it does not answer with all ${type} that were asked for`);
  return found;
}
