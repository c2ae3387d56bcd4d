import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { TenantryError } from '../../contract/errors.js';

/** Reads a whole number; refuses anything else. */
export function parseWholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** Reads a number of days, at least one. */
export function parseDays(text: string): number {
  const number = parseWholeNumber(text);
  if (number === 0) throw new InvalidArgumentError('It must be at least one day.');
  return number;
}

/** Reads the number of a port, 0 for a free one. */
export function parsePort(text: string): number {
  const number = parseWholeNumber(text);
  if (number > 65_535) throw new InvalidArgumentError('A port is at most 65535.');
  return number;
}

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
