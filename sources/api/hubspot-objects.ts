import type { SoldItem, SubscriptionFact } from '../../contract/facts.js';
import type { TruthContext } from './source-api.js';
import type { Reading } from '../kind.js';
import { facts, nothing, ownReference, personDetails, problem, referenceOf, sumByProduct } from '../readings.js';
import { readTime } from '../times.js';

/** The ids, with semicolons between them, of the objects that were merged into this one. */
export const MERGED_IDS = 'hs_merged_object_ids';

/** What is read of each object. */
export const DEAL_PROPERTIES = ['dealname', 'dealstage', 'hs_is_closed_won', 'closedate', MERGED_IDS] as const;
export const LINE_ITEM_PROPERTIES = ['hs_sku', 'hs_product_id', 'quantity'] as const;
export const PERSON_PROPERTIES = { companies: ['name'], contacts: ['email', 'firstname', 'lastname'] } as const;

/** All values are text, whatever they mean. */
interface CrmObject {
  id: string;
  properties: Readonly<Record<string, string | null>>;
}

/** A deal with what belongs to it. */
export interface DealParts {
  deal: CrmObject;
  lineItems: readonly CrmObject[];
  company: CrmObject | undefined;
  contact: CrmObject | undefined;
}

/**
 * What a deal says: a won one is a subscription. Without `wonStages`, HubSpot itself says which deal is won. A deal ends
 * only in one of `lostStages`. The customer is the company, else the contact.
 */
export function readDeal({ deal, lineItems, company, contact }: DealParts, at: string, context: TruthContext): Reading {
  const { event, name } = context;
  const state = stateOf(deal, context);
  if (state === undefined) return nothing(event, `the deal ${deal.id} is not won`);
  const senderId = company?.id ?? (contact && `contact-${contact.id}`);
  if (senderId === undefined)
    return problem(event, 'associations', `of the deal ${deal.id} name no company and no contact`);
  const items = itemsOf(lineItems);
  if (items === undefined)
    return problem(event, 'line_items', `of the deal ${deal.id} need a product, and a quantity that is a number`);
  const objects = [deal, company, contact].map((one) => one?.properties);
  const { email, firstname, lastname } = contact?.properties ?? {};
  const details = { company: company?.properties['name'], first: firstname, last: lastname, email };
  return facts(event, context, {
    at,
    customer: {
      ref: referenceOf(objects, senderId, context) ?? ownReference(name, senderId),
      ...personDetails(details),
    },
    subscription: { ref: deal.id, items, ...state },
  });
}

/** True when a deal is or was a subscription. */
export function isSold(deal: CrmObject, context: TruthContext): boolean {
  return stateOf(deal, context) !== undefined;
}

function stateOf(
  { properties }: CrmObject,
  { wonStages, lostStages = [], timezone }: TruthContext,
): Pick<SubscriptionFact, 'state' | 'since'> | undefined {
  const { dealstage, closedate, hs_is_closed_won: closedWon } = properties;
  const isWon = wonStages === undefined ? closedWon === 'true' : wonStages.includes(dealstage ?? '');
  const isLost = lostStages.includes(dealstage ?? '');
  if (!isWon && !isLost) return undefined;
  const since = closedate == null ? undefined : readTime(closedate, timezone, 'start');
  return { state: isLost ? 'ended' : 'active', ...(since !== undefined && { since }) };
}

/** Undefined when a line item has no product, or a quantity that is none. */
function itemsOf(lineItems: readonly CrmObject[]): SoldItem[] | undefined {
  const items = lineItems.map(({ properties: { hs_sku, hs_product_id, quantity } }) => ({
    product: hs_sku || hs_product_id || undefined,
    aliases: hs_sku && hs_product_id ? [hs_product_id] : [],
    quantity: quantity ? Number(quantity) : undefined,
  }));
  const isGood = (item: (typeof items)[number]): item is typeof item & { product: string } =>
    item.product !== undefined && !Number.isNaN(item.quantity ?? 0);
  return items.every(isGood) ? sumByProduct(items) : undefined;
}
