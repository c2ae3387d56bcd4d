import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { CustomerEvent } from '../contract/customers.js';
import type { Fact } from '../contract/facts.js';
import type { ImportedRow, StoredRows } from '../contract/imported-rows.js';
import { digest } from './input.js';

/** The type of the event that a row is. */
const ROW = 'row';

const rowSchema = z.looseObject({
  customer: z.looseObject({ ref: z.string() }),
  subscription: z.looseObject({ ref: z.string() }),
});

/** All rows as one text, a row a line: what is kept for workers. */
export function textOfRows(rows: readonly ImportedRow[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/** What names these rows: the same rows in the same order, whatever the file looked like. */
export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The rows of a kept text by the reference of their customer. Fails when it is not the text with this SHA-256. */
export function readRows(text: string, sha256: string): ReadonlyMap<string, ImportedRow> {
  if (sha256Of(text) !== sha256) throw new Error('they are not those that the import was started with');
  const lines = text.split('\n').filter((line) => line !== '');
  const rows = lines.map((line) => rowSchema.parse(JSON.parse(line)) as unknown as ImportedRow);
  return new Map(rows.map((row) => [row.customer.ref, row]));
}

/** What a row says. The same row of the same import is the same event. */
export function factOfRow(row: ImportedRow, { source, at }: Pick<StoredRows, 'source' | 'at'>): Fact {
  return { source, event: { id: `${nameOf(row)}@${at}`, type: ROW }, at, ...row };
}

/** True when the newest that a customer has heard of the source is this very row. */
export function isNewestOf(row: ImportedRow, source: string, events: readonly CustomerEvent[]): boolean {
  const newest = events.findLast((one) => one.source === source && one.type === ROW && one.outcome !== 'ignored');
  return newest !== undefined && newest.id.startsWith(`${nameOf(row)}@`);
}

function nameOf(row: ImportedRow): string {
  return `row-${digest(JSON.stringify(row)).slice(0, 16)}`;
}
