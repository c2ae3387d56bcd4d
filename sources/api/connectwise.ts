import { z } from 'zod';
import type { SourceObject } from '../../contract/source-objects.js';
import { optional, readEnvelope } from '../body.js';
import { readAgreement } from './connectwise-objects.js';
import type { Reading } from '../kind.js';
import { nothing, problem } from '../readings.js';
import {
  expectAbout,
  readRow,
  segment,
  SourceApiError,
  type ListingPage,
  type Ask,
  type SourceApi,
  type TruthContext,
} from './source-api.js';

const PAGE = 1000;
const MOST_PAGES = 20;
/** Agreements on one page of a listing: each needs several calls. */
const LISTED = 25;
/** Agreements of one company. */
const MOST_AGREEMENTS = 100;

const SENDER = 'the API of ConnectWise PSA';
const reference = optional(z.looseObject({ id: z.int() }));
const rowShape = z.looseObject({ id: z.int() });
type Row = z.output<typeof rowShape>;
/** What a row of a list belongs to. */
const ownersShape = z.object({
  agreementId: optional(z.int()),
  contactId: optional(z.int()),
  company: reference,
  contact: reference,
});
const agreementShape = z.looseObject({
  id: z.int(),
  company: reference,
  contact: reference,
  type: optional(z.object({ name: optional(z.string()) })),
});

/**
 * ConnectWise PSA. The key is `company+publicKey:privateKey` of an API member; `clientId` names the integration.
 * @see https://developer.connectwise.com/Products/ConnectWise_PSA/Developer_Guide
 */
export const connectwiseApi: SourceApi = {
  subscriptionType: 'agreement',
  headers: (key, { clientId = '' }) => ({
    authorization: `Basic ${Buffer.from(key).toString('base64')}`,
    clientid: clientId,
    // pages are cut by id, so that what is deleted meanwhile hides nothing
    'pagination-type': 'forward-only',
  }),
  keyProblem: (key) => (/^[^+:]+\+[^:]+:\S+$/.test(key) ? undefined : 'must hold company+publicKey:privateKey'),
  async read({ type, id }: SourceObject, ask: Ask, context: TruthContext): Promise<Reading[]> {
    const parts = new PartReader(ask);
    if (type === 'agreement') {
      const { body, at } = await ask({ path: `finance/agreements/${segment(id)}` });
      expectAbout(id, readEnvelope(rowShape, body, SENDER).id);
      return [await parts.read(body, at, context)];
    }
    const { rows, at } = await listAll(ask, 'finance/agreements', { conditions: `${type}/id=${Number(id)}` });
    expectAllAbout(id, rows, (of) => (type === 'company' ? of.company : of.contact)?.id);
    if (rows.length > MOST_AGREEMENTS)
      return [problem(context.event, type, `${id} has more than ${MOST_AGREEMENTS} agreements`)];
    if (rows.length === 0) return [nothing(context.event, `the ${type} ${id} has no agreement`)];
    const readings: Reading[] = [];
    for (const row of rows) readings.push(await readRow(context, async () => await parts.read(row, at, context)));
    return readings;
  },
  account: async (_ask, { key, address }) => `${new URL(address).hostname}/${key.split('+')[0]}`,
  async list(after, ask, context): Promise<ListingPage> {
    const query = { pageSize: LISTED, ...(after && { pageId: after }) };
    const { body, at } = await ask({ path: 'finance/agreements', query });
    const rows = readEnvelope(z.array(rowShape), body, SENDER);
    const parts = new PartReader(ask);
    const readings: Reading[] = [];
    for (const row of rows) readings.push(await readRow(context, async () => await parts.read(row, at, context)));
    const last = rows.length < LISTED ? undefined : rows.at(-1);
    return { readings, count: rows.length, ...(last && { next: String(last.id) }) };
  },
};

/** Reads what belongs to agreements. A company or contact that several of them have is asked for once. */
class PartReader {
  private readonly known = new Map<string, Promise<unknown>>();

  constructor(private readonly ask: Ask) {}

  async read(value: unknown, at: string, context: TruthContext): Promise<Reading> {
    const agreement = readEnvelope(agreementShape, value, SENDER);
    if (isOfOtherType(agreement, context))
      return nothing(context.event, `the agreement ${agreement.id} is of another type than agreementTypes`);
    const path = `finance/agreements/${agreement.id}/additions`;
    const { rows: additions } = await listAll(this.ask, path);
    expectAllAbout(String(agreement.id), additions, (of) => of.agreementId);
    const contact = agreement.contact && (await this.contact(agreement.contact.id));
    const whole = { agreement, additions, contact, company: undefined };
    const reading = readAgreement(whole, at, context);
    if (reading.says !== 'changed' || agreement.company === undefined) return reading;
    // the shared reference can be on the company
    const company = await this.once('company/companies', agreement.company.id);
    return readAgreement({ ...whole, company: company ?? {} }, at, context);
  }

  private async contact(id: number): Promise<unknown> {
    const person = await this.once('company/contacts', id);
    if (person === undefined) return undefined;
    const path = `company/contacts/${id}/communications`;
    const list = this.known.get(path) ?? this.communications(path, id).catch(undefinedIfGone);
    this.known.set(path, list);
    return { ...(person as object), communications: await list };
  }

  private async communications(path: string, id: number): Promise<Row[]> {
    const { rows } = await listAll(this.ask, path);
    expectAllAbout(String(id), rows, (of) => of.contactId);
    return rows;
  }

  /** Undefined when it is gone. */
  private async once(list: string, id: number): Promise<unknown> {
    const path = `${list}/${id}`;
    const answer = this.known.get(path) ?? readOne(this.ask, path, id).catch(undefinedIfGone);
    this.known.set(path, answer);
    return await answer;
  }
}

async function readOne(ask: Ask, path: string, id: number): Promise<unknown> {
  const { body } = await ask({ path });
  expectAbout(String(id), readEnvelope(rowShape, body, SENDER).id);
  return body;
}

function expectAllAbout(
  id: string,
  rows: readonly Row[],
  owner: (of: z.output<typeof ownersShape>) => number | undefined,
): void {
  for (const row of rows) expectAbout(id, owner(readEnvelope(ownersShape, row, SENDER)));
}

function isOfOtherType({ type }: z.output<typeof agreementShape>, { agreementTypes }: TruthContext): boolean {
  return agreementTypes?.includes(type?.name ?? '') === false;
}

function undefinedIfGone(error: unknown): undefined {
  if (error instanceof SourceApiError && error.kind === 'gone') return undefined;
  throw error;
}

/** All rows; each page begins after the id of the last row before it. */
async function listAll(ask: Ask, path: string, conditions: Readonly<Record<string, string>> = {}) {
  const rows: Row[] = [];
  let first: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const last = rows.at(-1);
    const { body, at } = await ask({
      path,
      query: { ...conditions, pageSize: PAGE, ...(last && { pageId: last.id }) },
    });
    first ??= at;
    const found = readEnvelope(z.array(rowShape), body, SENDER);
    rows.push(...found);
    if (found.length < PAGE) return { rows, at: first };
  }
  throw new SourceApiError('unreadable', `${path} has more than ${MOST_PAGES} pages`);
}
