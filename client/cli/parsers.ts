import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { InvalidArgumentError } from 'commander';
import { whyTooLarge } from '../../catalogue/raw-input.js';
import type { NamedAdministrator } from '../../contract/customer-requests.js';
import { DURATION_MESSAGE, isDuration } from '../../contract/durations.js';
import { TenantryError } from '../../contract/errors.js';
import { REPEATED_KEY, repeatedKeys, whereInvalid } from '../../contract/json.js';
import type { FailureLimit } from '../../contract/rollout.js';
import { decodeText } from '../../contract/text-files.js';

/** Reads a whole number; refuses anything else. */
export function parseWholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** Makes a reader of whole numbers from `least` to `most`. */
export function wholeNumberFrom(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = parseWholeNumber(text);
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** Reads how many failures are borne: a number, or a share of all such as 5%. */
export function parseFailureLimit(text: string): FailureLimit {
  const [, number = '', percent] = /^(\d+)(%?)$/.exec(text) ?? [];
  if (number === '' || (percent === '%' && Number(number) > 100))
    throw new InvalidArgumentError('It must be a whole number, or a share such as 5%.');
  return percent === '%' ? { number: 0, share: Number(number) / 100 } : { number: Number(number), share: 0 };
}

/** Reads who becomes an administrator: a person as JSON, or `none`. A worker checks what is in it. */
export function parseAdministrator(text: string): NamedAdministrator {
  if (text === 'none') return text;
  try {
    const person: unknown = JSON.parse(text);
    if (typeof person === 'object' && person !== null && !Array.isArray(person)) return person as NamedAdministrator;
  } catch {
    // refused below
  }
  throw new InvalidArgumentError('It must be none, or a person as JSON, such as {"email":"jane@customer.example"}.');
}

/** Reads a number of days, at least one. */
export function parseDays(text: string): number {
  const number = parseWholeNumber(text);
  if (number === 0) throw new InvalidArgumentError('It must be at least one day.');
  return number;
}

/** Reads a duration in words. */
export function parseDuration(text: string): string {
  if (!isDuration(text)) throw new InvalidArgumentError(`It ${DURATION_MESSAGE}.`);
  return text;
}

/** Reads the number of a port, 0 for a free one. */
export function parsePort(text: string): number {
  const number = parseWholeNumber(text);
  if (number > 65_535) throw new InvalidArgumentError('A port is at most 65535.');
  return number;
}

/** Why a file cannot be read, as a sentence without its full stop. */
export function whyUnreadable(file: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `There is no file called ${file}`;
  if (code === 'EISDIR') return `${file} is a folder, not a file`;
  if (code === 'EACCES') return `You may not read the file ${file}`;
  return `${file} cannot be read: ${message}`;
}

/** Reads JSON from a file, or from standard input for "-". */
export async function readInput(file: string): Promise<unknown> {
  const name = nameOf(file);
  const text = await readText(file);
  const tooLarge = whyTooLarge(Buffer.byteLength(text));
  if (tooLarge !== undefined) throw new TenantryError('refused', `${name} ${tooLarge}.`);
  const input = parseText(text, name);
  const repeated = repeatedKeys(text).map((path) => `${path} ${REPEATED_KEY}`);
  if (repeated.length > 0) throw new TenantryError('refused', `${name} cannot be used: ${repeated.join('; ')}.`);
  return input;
}

function parseText(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TenantryError('refused', `${name} is not valid JSON: ${whereInvalid(text) ?? (error as Error).message}.`);
  }
}

/**
 * The text of a file, or of standard input for "-". Refused, with the reason, when it cannot be read or is not UTF-8.
 */
export async function readText(file: string, setting?: string): Promise<string> {
  try {
    // a pipe may have nothing to read yet, which a synchronous read takes for an error
    return decodeText(await (file === '-' ? buffer(process.stdin) : readFile(file)));
  } catch (error) {
    const name = setting === undefined ? nameOf(file) : `${file} (${setting})`;
    throw new TenantryError('refused', `${whyUnreadable(name, error)}.`);
  }
}

/** A file as messages name it. */
export function nameOf(file: string): string {
  return file === '-' ? 'Standard input' : file;
}
