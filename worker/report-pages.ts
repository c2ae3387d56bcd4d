import { readReportTable, type ReportRow } from '../acronis/index.js';
import { rowsOfPage } from '../catalogue/look-ups.js';
import type { ReadableArtefactStore } from '../contract/artefacts.js';
import { TenantryError, type InputProblem } from '../contract/errors.js';
import { FailureType } from '../contract/failures.js';
import type { LookUpPage } from '../contract/questions.js';

/** Temporal limits the size of an answer. */
const MOST_BYTES = 256 * 1024;

type Store = Pick<ReadableArtefactStore, 'get' | 'holds'>;
type Query = Readonly<Record<string, string>>;

/**
 * Reads one page of a report that a worker has kept. Refused for a file that is not in the store of this worker, and for one
 * that has no rows.
 */
export function reportPages(store: Store) {
  return async ({ artefact = '', limit, after = '0' }: Query): Promise<LookUpPage> => {
    // a question names a file: nobody reads another one by it
    if (!store.holds(artefact))
      throw new TenantryError(
        'refused',
        `${artefact} is not in the store of the worker that answers: see TENANTRY_ARTEFACTS_….`,
      );
    const table = readReportTable(await contentOf(store, artefact));
    if (table === undefined)
      throw new TenantryError('refused', 'This report has no rows: order one with "format": "csv_v2_0".');
    const { columns: fields, rows } = table;
    const begin = Number(after);
    if (!/^\d{1,9}$/.test(after) || begin > rows.length)
      throw unusable({ path: 'after', message: 'is no place of this report; begin without it' });
    const page = pageFrom(rows, begin, rowsOfPage({ limit: limit === undefined ? undefined : Number(limit) }));
    const end = begin + page.length;
    const whole = page.map((row) => Object.fromEntries(fields.map((field) => [field, row[field] ?? null])));
    return { fields, rows: whole, ...(end < rows.length && { next: String(end) }) };
  };
}

async function contentOf(store: Store, artefact: string): Promise<string> {
  try {
    return await store.get(artefact);
  } catch (error) {
    const { code, message, cause } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || (cause as Error | undefined)?.name === 'NoSuchKey')
      throw new TenantryError('notFound', 'The file of this report is not there any more.');
    throw new TenantryError('unavailable', `The file of this report cannot be read now: ${message}`);
  }
}

function pageFrom(rows: readonly ReportRow[], begin: number, most: number): ReportRow[] {
  let bytes = 0;
  const page: ReportRow[] = [];
  for (const row of rows.slice(begin, begin + most)) {
    bytes += Buffer.byteLength(JSON.stringify(row));
    if (bytes > MOST_BYTES && page.length > 0) break;
    page.push(row);
  }
  return page;
}

function unusable(problem: InputProblem): TenantryError {
  const text = `The look-up cannot be made: ${problem.path} ${problem.message}`;
  return new TenantryError('refused', text, { type: FailureType.InvalidInput, problems: [problem] });
}
