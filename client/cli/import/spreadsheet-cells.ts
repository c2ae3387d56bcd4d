import type { ImportCells, ImportColumn } from './columns.js';

const ERROR = /^#(N\/A|NAME\?|REF!|VALUE!|DIV\/0!|NULL!|NUM!|SPILL!|CALC!|#+)$|^#+$/i;
/** How a spreadsheet shows a long number in a narrow column. Its last digits are lost. */
const SHORTENED = /^\d([.,]\d+)?E\+\d+$/i;
const INVISIBLE = /\p{Cf}/u;

/** References by which other systems know something: a letter that nobody sees makes another one of them. */
const references: readonly ImportColumn[] = ['reference', 'subscription'];

/** What a spreadsheet, not a person, has made of the cells of a row: each problem as `column: problem`. */
export function problemsOfCells(cells: ImportCells): string[] {
  return Object.entries(cells).flatMap(([column, cell]) => {
    const problem = problemOf(cell) ?? (isReference(column) ? problemOfReference(cell) : undefined);
    return problem === undefined ? [] : [`${column}: ${problem}`];
  });
}

function problemOf(cell: string): string | undefined {
  if (cell.startsWith('=')) return 'is a formula: write its value';
  return ERROR.test(cell) ? `is ${cell}, an error of a spreadsheet: write the value` : undefined;
}

function isReference(column: string): boolean {
  return references.some((one) => one === column);
}

function problemOfReference(cell: string): string | undefined {
  if (SHORTENED.test(cell)) return `is ${cell}, a number that a spreadsheet has shortened: make the column text`;
  const at = cell.search(INVISIBLE);
  if (at < 0) return undefined;
  const code = cell.codePointAt(at)!.toString(16).toUpperCase().padStart(4, '0');
  return `has a character that nobody sees at position ${at + 1} (U+${code}): leave it out`;
}

/** The same for references that look the same to a person. Their case counts. */
export function looksOf(reference: string): string {
  return reference
    .normalize('NFKC')
    .replaceAll(/\p{Pd}/gu, '-')
    .replaceAll(/\s+/g, ' ');
}
