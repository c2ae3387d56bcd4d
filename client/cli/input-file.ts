import { readFileSync } from 'node:fs';
import { TenantryError } from '../../contract/errors.js';

/** Reads JSON from a file, or from standard input for "-". */
export function readInput(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new TenantryError('refused', `The input file ${file} cannot be read: ${(error as Error).message}`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TenantryError(
      'refused',
      `${file === '-' ? 'Standard input' : file} is not valid JSON: ${(error as Error).message}`,
    );
  }
}
