import type { InputProblem } from '../../contract/errors.js';
import { TenantryError } from '../../contract/errors.js';
import { UUID } from '../../contract/ids.js';
import { unusable } from '../../settings/watched-file.js';
import type { SoldCustomer } from '../adoption/match.js';
import { readCsv, type CsvRow } from './csv.js';
import { nameOf, readText } from './parsers.js';

const columns = { required: ['reference'], optional: ['tenantId', 'name'] } as const;
type CustomerColumn = (typeof columns.required)[number] | (typeof columns.optional)[number];
type Row = CsvRow<CustomerColumn>;

/** As long as a reference in a fact may be. */
const MOST_CHARACTERS = 500;

/** The customers that a CSV file names, and the columns of it that say nothing here. */
export interface CustomersFile {
  customers: SoldCustomer[];
  unread: string[];
}

/**
 * Reads customers from a CSV file, or from standard input for "-". Refused with every problem and its line: no reference,
 * an id that is none, a reference or a tenant that is there twice, or a file without rows.
 */
export async function readCustomersCsv(file: string): Promise<CustomersFile> {
  const { rows, unread, problems } = readCsv<CustomerColumn>(await readText(file), columns);
  const all = [
    ...problems,
    ...rows.flatMap(problemsOfRow),
    ...doubles(rows, 'reference'),
    ...doubles(rows, 'tenantId'),
  ];
  if (all.length > 0)
    throw unusable(
      nameOf(file),
      all.toSorted((one, other) => lineOf(one) - lineOf(other)),
    );
  if (rows.length === 0)
    throw new TenantryError('refused', `${nameOf(file)} names no customer: it has a first line only.`);
  return { customers: rows.map(customerOf), unread };
}

function problemsOfRow({ line, cells: { reference, tenantId } }: Row): InputProblem[] {
  const problems: string[] = [];
  if (reference === undefined) problems.push('has no reference');
  else if (reference.length > MOST_CHARACTERS)
    problems.push(`reference: may have at most ${MOST_CHARACTERS} characters`);
  if (tenantId !== undefined && !UUID.test(tenantId)) problems.push(`tenantId: ${tenantId} is not the id of a tenant`);
  return problems.map((message) => ({ path: `line ${line}`, message }));
}

/** The case of an id does not count, that of a reference does. */
function doubles(rows: readonly Row[], column: 'reference' | 'tenantId'): InputProblem[] {
  const first = new Map<string, number>();
  return rows.flatMap(({ line, cells }) => {
    const cell = column === 'tenantId' ? cells.tenantId?.toLowerCase() : cells.reference;
    if (cell === undefined) return [];
    const before = first.get(cell);
    first.set(cell, before ?? line);
    if (before === undefined) return [];
    return [{ path: `line ${line}`, message: `${column}: ${cell} is in line ${before} too` }];
  });
}

function lineOf({ path }: InputProblem): number {
  return Number(path.slice('line '.length));
}

function customerOf({ cells: { reference, tenantId, name } }: Row): SoldCustomer {
  return {
    ref: reference!,
    ...(tenantId !== undefined && { tenantId: tenantId.toLowerCase() }),
    ...(name !== undefined && { name }),
  };
}
