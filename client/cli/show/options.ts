import { durationMs } from '../../../contract/durations.js';
import { InvalidArgumentError, Option } from 'commander';
import { parseWholeNumber, type JsonOption } from '../options.js';

const WEEK = '7 days';

/** What every look-up takes. */
export interface CommonOptions extends JsonOption {
  tenant?: string;
  cloud?: string;
  csv?: boolean;
  limit?: number;
  /** One page, of a look-up that can be paged in both directions. */
  paged?: boolean;
}

export const commonOptions = (): Option[] => [
  new Option('--tenant <which>', 'id, exact name or customer id of a tenant; our root by default'),
  new Option('--cloud <name>', 'which of the configured clouds'),
  new Option('--limit <n>', 'show at most this many rows').argParser(parsePositive),
  new Option('--json', 'answer in JSON, with every field'),
  new Option('--csv', 'answer in CSV, with every field').conflicts('json'),
];

/** Only what is newer; the last week unless given. */
export const sinceOption = (): Option =>
  new Option('--since <when>', 'how far back: a duration or a date')
    .argParser(parseSince)
    .default(parseSince(WEEK), WEEK);

/** Reads a whole number from 1 on; refuses anything else. */
export function parsePositive(text: string): number {
  const number = parseWholeNumber(text);
  if (number < 1) throw new InvalidArgumentError('It must be at least 1.');
  return number;
}

/** Reads a duration ("2 hours") or a date (2024-07-01); refuses anything else. */
export function parseSince(text: string): Date {
  const isDate = /^\d{4}-\d\d-\d\d/.test(text);
  const duration = /^\d+(\.\d+)?\s*[a-z]+$/i.test(text) ? durationMs(text) : Number.NaN;
  const date = new Date(isDate ? text : Date.now() - duration);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('It must be like "7 days" or 2024-07-01.');
  return date;
}
