import { stringify } from 'csv-stringify/sync';

/** CSV (RFC 4180). Text that a spreadsheet would run as a formula gets an apostrophe in front. */
export function csvText(lines: readonly (readonly (string | number)[])[]): string {
  return stringify(
    lines.map((line) => [...line]),
    { record_delimiter: '\r\n', quoted_match: /[\r\n]/, escape_formulas: true },
  );
}
