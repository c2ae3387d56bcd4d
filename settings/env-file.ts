import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { TenantryError } from '../contract/errors.js';
import { loadClientSettings, loadClouds } from './client.js';
import { readEnvFile } from './reader.js';

const FILE = '.env';
const QUOTES = ["'", '"', '`'] as const;
const PLAIN = /^[\w./:@%+=,-]*$/;

/** What `.env` of the current folder sets; undefined when there is none. Refused when it cannot be read. */
export function envFileHere(): Record<string, string> | undefined {
  const found = Object.entries(readEnvFile()).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** Fails as `refused`, with a line for each problem, when no worker could start with these settings. */
export function checkSettings(values: Readonly<Record<string, string>>): void {
  const problems = [loadClientSettings, loadClouds].flatMap((load) => {
    try {
      load(values);
      return [];
    } catch (error) {
      if (!(error instanceof TenantryError) || error.problems.length === 0) throw error;
      return error.problems;
    }
  });
  // who may read the file that is there now does not matter: a new one takes its place
  const relevant = problems.filter(({ path }) => path !== FILE);
  if (relevant.length === 0) return;
  const lines = relevant.map(({ path, message }) => `  ${path}: ${message}`);
  throw new TenantryError('refused', ['Nothing was written:', ...lines].join('\n'), { problems: relevant });
}

/** Writes `.env` of the current folder, for this user only. It is there as a whole or as it was before. */
export function writeEnvFile(values: Readonly<Record<string, string>>): void {
  const text = Object.entries(values)
    .map(([name, value]) => `${name}=${quoted(name, value)}\n`)
    .join('');
  const next = `${FILE}.new`;
  rmSync(next, { force: true });
  const file = openSync(next, 'wx', 0o600);
  try {
    writeSync(file, text);
  } finally {
    closeSync(file);
  }
  renameSync(next, FILE);
}

/** As it must be written to be read back unchanged. */
function quoted(name: string, value: string): string {
  if (PLAIN.test(value)) return value;
  const written = QUOTES.map((quote) => `${quote}${value}${quote}`).find((one) => parseEnv(`x=${one}`)['x'] === value);
  if (written === undefined)
    throw new TenantryError(
      'refused',
      `${name}: this value cannot be written into .env. Put it into a file and set ${name}_FILE.`,
    );
  return written;
}
