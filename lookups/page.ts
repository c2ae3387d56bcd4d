import { createHash } from 'node:crypto';
import type { Acronis } from '../acronis/index.js';
import {
  isLookUp,
  lookUpNames,
  readLookUp,
  rowsOfPage,
  type LookUpName,
  type LookUpQuery,
} from '../catalogue/look-ups.js';
import { TenantryError, type InputProblem } from '../contract/errors.js';
import { FailureType } from '../contract/failures.js';
import type { LookUpPage, LookUpQuestion, LookUpRow } from '../contract/questions.js';
import * as lookups from './index.js';
import type { LookUpScope } from './lookup.js';

/** Temporal limits the size of an answer. */
const MOST_BYTES = 256 * 1024;
/** Characters of the place of a row in a list. */
const PLACE_LENGTH = 22;

/** What a look-up is asked for, without what is the same for all. */
type FilterOf<Name extends LookUpName> = {
  [Field in keyof LookUpQuery<Name> as Exclude<Field, 'tenant' | 'cloud' | 'limit' | 'after'>]: Exclude<
    LookUpQuery<Name>[Field],
    undefined
  >;
};
interface AnyLookUp<Filter> {
  fields: readonly string[];
  find(scope: LookUpScope, filter: Filter): AsyncIterable<LookUpRow>;
}

const byName: { readonly [Name in LookUpName]: AnyLookUp<FilterOf<Name>> } = {
  tree: lookups.tree,
  search: lookups.search,
  path: lookups.path,
  trial: lookups.trial,
  pricing: lookups.pricing,
  applications: lookups.applications,
  editions: lookups.editions,
  items: lookups.items,
  usage: lookups.usage,
  users: lookups.users,
  agents: lookups.agents,
  resources: lookups.resources,
  protection: lookups.protection,
  plans: lookups.plans,
  tasks: lookups.tasks,
  activities: lookups.activities,
  alerts: lookups.alerts,
};

/** What a reader must know of the rows. */
const notes: Partial<Record<LookUpName, string>> = { usage: lookups.NOT_FOR_BILLING };

/**
 * One page of a look-up: at most as many rows as asked for, and at most 256 KiB. Nothing is kept between pages, so each
 * one reads the list from its beginning. Refused when the row with which the page before ended is in the list no more.
 */
export async function pageOf({ lookUp, query: texts }: LookUpQuestion, acronis: Acronis): Promise<LookUpPage> {
  if (!isLookUp(lookUp))
    throw unusable([{ path: 'lookUp', message: `is unknown; known are ${lookUpNames.join(', ')}` }]);
  const reading = readLookUp(lookUp, texts);
  if (!reading.ok) throw unusable(reading.problems);
  const { tenant: wanted, cloud: _cloud, limit, after, ...filter } = reading.query;
  return await lookups.explainCloudErrors(async () => {
    const tenant = await lookups.findTenant(acronis, wanted).catch(unlessUnfit);
    const { fields, find } = byName[lookUp] as AnyLookUp<object>;
    const rows = find({ acronis, tenant }, definedOnly(filter));
    const note = notes[lookUp];
    const page = await readPage(rows, { most: rowsOfPage({ limit }), after });
    return { fields, ...page, ...(note !== undefined && { note }) };
  });
}

async function readPage(
  rows: AsyncIterable<LookUpRow>,
  { most, after }: { most: number; after: string | undefined },
): Promise<Pick<LookUpPage, 'rows' | 'next'>> {
  const page: LookUpRow[] = [];
  let bytes = 0;
  let found = after === undefined;
  for await (const row of rows) {
    if (!found) {
      found = placeOf(row) === after;
      continue;
    }
    bytes += Buffer.byteLength(JSON.stringify(row));
    if (page.length === most || (bytes > MOST_BYTES && page.length > 0))
      return { rows: page, next: placeOf(page.at(-1)!) };
    page.push(row);
  }
  if (!found) {
    const message = 'is no place of this list: it has changed since, or the other parameters are not the same';
    throw unusable([{ path: 'after', message: `${message}; begin without it` }]);
  }
  return { rows: page };
}

/** A row is known by its id, because its other fields may change. */
function placeOf(row: LookUpRow): string {
  const { id } = row;
  const what = id === undefined || id === null ? JSON.stringify(row) : JSON.stringify([row['type'] ?? null, id]);
  return createHash('sha256').update(what).digest('base64url').slice(0, PLACE_LENGTH);
}

function definedOnly(filter: object): object {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

function unlessUnfit(error: unknown): never {
  if (error instanceof TenantryError && error.kind === 'refused')
    throw unusable([{ path: 'tenant', message: `does not fit: ${error.message}` }]);
  throw error;
}

function unusable(problems: InputProblem[]): TenantryError {
  const named = problems.map(({ path, message }) => `${path} ${message}`).join('; ');
  return new TenantryError('refused', `The look-up cannot be made: ${named}`, {
    type: FailureType.InvalidInput,
    problems,
  });
}
