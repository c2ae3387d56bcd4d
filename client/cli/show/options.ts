import { durationMs } from '../../../contract/durations.js';
import { InvalidArgumentError, Option } from 'commander';
import { wholeNumber } from '../describe.js';

const WEEK = '7 days';

/** What every look-up takes. */
export interface CommonOptions {
  tenant?: string;
  cloud?: string;
  json?: boolean;
  csv?: boolean;
  limit?: number;
  /** One page, of a look-up that can be paged in both directions. */
  paged?: boolean;
}

export const commonOptions = (): Option[] => [
  new Option('--tenant <which>', 'id, exact name or customer id of a tenant; our root by default'),
  new Option('--cloud <name>', 'which of the configured clouds'),
  new Option('--limit <n>', 'show so many rows at most').argParser(atLeastOne),
  new Option('--json', 'answer in JSON, with every field'),
  new Option('--csv', 'answer in CSV, with every field').conflicts('json'),
];

/** Only what is younger; a week unless given. */
export const sinceOption = (): Option =>
  new Option('--since <when>', 'how far back: a duration or a date').argParser(since).default(since(WEEK), WEEK);

/** Reads a whole number from 1 on, or says what it must be. */
export function atLeastOne(text: string): number {
  const number = wholeNumber(text);
  if (number < 1) throw new InvalidArgumentError('It must be at least 1.');
  return number;
}

/** Reads a duration ("2 hours") or a date (2024-07-01), or says what it must be. */
export function since(text: string): Date {
  const isDate = /^\d{4}-\d\d-\d\d/.test(text);
  const duration = /^\d+(\.\d+)?\s*[a-z]+$/i.test(text) ? durationMs(text) : Number.NaN;
  const date = new Date(isDate ? text : Date.now() - duration);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('It must be like "7 days" or 2024-07-01.');
  return date;
}
