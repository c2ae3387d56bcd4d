import { imitateSender, type SenderCall, type SenderReply } from './sender.js';

export const CONNECTWISE_KEY = 'examplemsp+public:private';
export const CLIENT_ID = '00000000-0000-4000-8000-00000000c11d';
/** What stands before every path. */
export const BASE = '/v4_6_release/apis/3.0';

type Row = Record<string, unknown> & { id: number };

/** ConnectWise's API with agreements in memory. */
export async function imitateConnectwise() {
  const agreements = new Map<number, Row>();
  const additions = new Map<number, Row[]>();
  const companies = new Map<number, Row>();
  const contacts = new Map<number, Row>();
  const state = { agreements, additions, companies, contacts };
  const sender = await imitateSender((call) => answer(call, state), { code: 'NotFound', message: 'not found' });
  /** An active agreement of a company with a contact, and one addition. */
  const sell = (id: number, quantity: number, more: object = {}) => {
    const company = { id: id + 1000, identifier: `C${id}`, name: `Company ${id}` };
    companies.set(company.id, company);
    contacts.set(id + 2000, { id: id + 2000, firstName: 'Ada', lastName: 'Muster' });
    additions.set(id, [{ id: 1, product: { identifier: 'BK-WS' }, quantity, effectiveDate: '2026-01-01T00:00:00Z' }]);
    agreements.set(id, {
      id,
      type: { name: 'Backup as a service' },
      company,
      contact: { id: id + 2000, name: 'Ada Muster' },
      startDate: '2026-01-01T00:00:00Z',
      noEndingDateFlag: true,
      cancelledFlag: false,
      agreementStatus: 'Active',
      ...more,
    });
  };
  return { ...sender, apiUrl: `${sender.url}${BASE}`, ...state, sell };
}

interface State {
  agreements: Map<number, Row>;
  additions: Map<number, Row[]>;
  companies: Map<number, Row>;
  contacts: Map<number, Row>;
}

function answer({ path, query, headers }: SenderCall, state: State): SenderReply | undefined {
  const basic = `Basic ${Buffer.from(CONNECTWISE_KEY).toString('base64')}`;
  if (headers.authorization !== basic || headers['clientid'] !== CLIENT_ID) return { status: 401, body: {} };
  const below = path.slice(BASE.length);
  if (below === '/finance/agreements') {
    const [, field, id] = /^(company|contact)\/id=(\d+)$/.exec(query.get('conditions') ?? '') ?? [];
    const all = [...state.agreements.values()];
    return page(field ? all.filter((one) => (one[field] as Row).id === Number(id)) : all, query);
  }
  const [, kind, id, more] = /^\/(finance\/agreements|company\/\w+)\/(\d+)(?:\/(\w+))?$/.exec(below) ?? [];
  const key = Number(id);
  if (kind === 'finance/agreements' && state.agreements.has(key))
    return more === 'additions' ? page(additionsOf(key, state), query) : { body: state.agreements.get(key) };
  const row = kind === 'company/companies' ? state.companies.get(key) : state.contacts.get(key);
  if (row === undefined || kind === 'finance/agreements') return undefined;
  return more === 'communications' ? page(addressesOf(key), query) : { body: row };
}

function additionsOf(agreementId: number, { additions }: State): Row[] {
  return (additions.get(agreementId) ?? []).map((one) => ({ ...one, agreementId }));
}

function addressesOf(id: number): Row[] {
  const addresses = [
    { id: 1, value: '+41 31', communicationType: 'Phone', defaultFlag: true },
    { id: 2, value: 'old@customer.example', communicationType: 'Email', defaultFlag: false },
    { id: 3, value: `it@${id}.example`, communicationType: 'Email', defaultFlag: true },
  ];
  return addresses.map((one) => ({ ...one, contactId: id }));
}

/** Forward-only pages: what comes after an id. */
function page(rows: readonly Row[], query: URLSearchParams): SenderReply {
  const sorted = [...rows].sort((a, b) => a.id - b.id).filter(({ id }) => id > Number(query.get('pageId') ?? 0));
  return { body: sorted.slice(0, Number(query.get('pageSize') ?? 25)) };
}
