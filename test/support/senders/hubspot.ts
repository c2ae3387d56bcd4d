import { imitateSender, pageOf, type SenderCall, type SenderReply } from './sender.js';

export const HUBSPOT_KEY = 'pat-imitated';
export const PORTAL = 33;

type Type = 'deals' | 'companies' | 'contacts' | 'line_items';

interface CrmObject {
  id: string;
  properties: Record<string, string | null>;
  /** The ids of what it is associated with; the first is the primary one. */
  associations?: Partial<Record<Type, string[]>>;
}

const labels: Readonly<Record<Type, string>> = {
  deals: 'deals',
  companies: 'companies',
  contacts: 'contacts',
  line_items: 'line items',
};

/** HubSpot's API with objects in memory. */
export async function imitateHubspot() {
  const objects: Record<Type, Map<string, CrmObject>> = {
    deals: new Map(),
    companies: new Map(),
    contacts: new Map(),
    line_items: new Map(),
  };
  const account = { portalId: PORTAL };
  const archived = new Map<string, CrmObject>();
  const sender = await imitateSender((call) => answer(call, objects, account, archived), {
    status: 'error',
    message: 'resource not found',
    category: 'OBJECT_NOT_FOUND',
  });
  const set = (type: Type, one: CrmObject) => void objects[type].set(one.id, one);
  /** A won deal of a company with a contact, and one line item. */
  const sell = (id: string, quantity: number, stage = 'closedwon') => {
    const isWon = String(stage === 'closedwon');
    const properties = { dealstage: stage, hs_is_closed_won: isWon, closedate: '2026-01-06T10:00:00.000Z' };
    set('line_items', {
      id: `1${id}`,
      properties: { hs_sku: 'BK-WS', hs_product_id: '88', quantity: String(quantity) },
    });
    set('companies', { id: `2${id}`, properties: { name: `Company ${id}` }, associations: { deals: [id] } });
    set('contacts', { id: `3${id}`, properties: { email: `it@${id}.example`, firstname: 'Ada', lastname: null } });
    const associations = { line_items: [`1${id}`], companies: [`2${id}`], contacts: [`3${id}`] };
    set('deals', { id, properties, associations });
  };
  const remove = (id: string) => {
    archived.set(id, objects.deals.get(id)!);
    objects.deals.delete(id);
  };
  return { ...sender, objects, set, sell, remove, account };
}

function answer(
  { method, path, query, headers, body }: SenderCall,
  objects: Record<Type, Map<string, CrmObject>>,
  account: { portalId: number },
  archived: Map<string, CrmObject>,
): SenderReply | undefined {
  if (headers.authorization !== `Bearer ${HUBSPOT_KEY}`) return { status: 401, body: { category: 'INVALID' } };
  if (path === '/account-info/v3/details') return { body: account };
  const [, type, id, isBatch] = /^\/crm\/v3\/objects\/(\w+)(?:\/(\w+)(\/read)?)?$/.exec(path) ?? [];
  const all = objects[type as Type];
  if (all === undefined) return undefined;
  const wanted = (query.get('properties') ?? '').split(',');
  const linked = (query.get('associations') ?? '').split(',') as Type[];
  if (method === 'POST' && isBatch) {
    const { properties, inputs } = body as { properties: string[]; inputs: { id: string }[] };
    const found = inputs.flatMap((one) => all.get(one.id) ?? []);
    const results = found.map((one) => shown(one, properties, []));
    return { status: found.length === inputs.length ? 200 : 207, body: { status: 'COMPLETE', results } };
  }
  if (id !== undefined) {
    const one = (query.get('archived') === 'true' ? archived : all).get(id);
    return one && { body: shown(one, wanted, linked) };
  }
  const after = query.get('after');
  if (after !== null && !/^\d+$/.test(after)) return { status: 400, body: { category: 'VALIDATION_ERROR' } };
  const limit = Number(query.get('limit') ?? 10);
  const { page, hasMore } = pageOf([...all.values()], Number(after ?? 0), limit);
  const paging = hasMore ? { paging: { next: { after: String(Number(after ?? 0) + limit) } } } : {};
  return { body: { results: page.map((one) => shown(one, wanted, linked)), ...paging } };
}

/** Only what was asked for; without an association, its key is missing. */
function shown({ id, properties, associations = {} }: CrmObject, wanted: readonly string[], linked: readonly Type[]) {
  const links = linked
    .filter((type) => (associations[type] ?? []).length > 0)
    .map((type) => {
      const results = associations[type]!.flatMap((to, at) => [
        { id: to, type: `x_to_${type}_unlabeled` },
        ...(at === 0 ? [{ id: to, type: `x_to_${type}` }] : []),
      ]);
      return [labels[type], { results }] as const;
    });
  return {
    id,
    properties: Object.fromEntries(wanted.filter((name) => name in properties).map((name) => [name, properties[name]])),
    ...(links.length > 0 && { associations: Object.fromEntries(links) }),
  };
}
