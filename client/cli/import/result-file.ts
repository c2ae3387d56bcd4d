import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { TenantryError } from '../../../contract/errors.js';
import { csvText } from '../../csv-text.js';
import type { ImportResult } from '../../import-results.js';

const fields = ['ref', 'line', 'outcome', 'state', 'tenantId', 'why'] as const satisfies (keyof ImportResult)[];

/** Where the results go: as given, else beside the file. Refused, before anything begins, where nothing can be written. */
export async function resultPath(file: string, given: string | undefined): Promise<string> {
  const path = given ?? besideOf(file);
  const type = extname(path).toLowerCase();
  if (type !== '.csv' && type !== '.json')
    throw new TenantryError('refused', `--result: ${path} must end with .csv or .json.`);
  if (file !== '-' && resolve(path) === resolve(file))
    throw new TenantryError('refused', `--result: ${path} is the file that is imported: name another one.`);
  await access(dirname(resolve(path)), constants.W_OK).catch(() => {
    throw new TenantryError('refused', `--result: ${path} cannot be written: name a file in a folder that can be.`);
  });
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder) throw new TenantryError('refused', `--result: ${path} is a folder: name a file.`);
  return path;
}

function besideOf(file: string): string {
  if (file === '-') return 'import.result.csv';
  const end = extname(file);
  return `${end === '' ? file : file.slice(0, -end.length)}.result.csv`;
}

/**
 * Writes one line for each row, in the place of an earlier file. The file is there as a whole or not at all. Fails as
 * `unavailable` when it cannot be written, such as on a full disk.
 */
export async function writeResults(path: string, results: readonly ImportResult[]): Promise<void> {
  const isJson = extname(path).toLowerCase() === '.json';
  const lines = [fields, ...results.map((one) => fields.map((field) => one[field] ?? ''))];
  const text = isJson ? `${JSON.stringify(results, undefined, 2)}\n` : csvText(lines);
  const temporary = `${path}.${randomUUID()}.new`;
  try {
    await writeFile(temporary, text, { mode: 0o600 });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    const remedy = 'make room, or name another file by --result, and give the command again: nothing begins once more';
    throw new TenantryError('unavailable', `${path} cannot be written: ${(error as Error).message}; ${remedy}.`);
  }
}
