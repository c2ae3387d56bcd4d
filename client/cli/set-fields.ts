import { InvalidArgumentError } from 'commander';
import type { CatalogueEntry } from '../../catalogue/index.js';
import { TenantryError } from '../../contract/errors.js';
import { parseJson } from '../../contract/json.js';
import type { CliCommand } from './command.js';
import { readInput } from './parsers.js';

/** A field of an input as somebody types it: its path, and its value as text. */
interface TypedField {
  path: string;
  text: string;
}

/** Where an input comes from. */
export interface InputOptions {
  input?: string;
  set?: readonly TypedField[];
}

/** `--input` and `--set`, one of which is needed. */
export function takesInput(
  command: CliCommand,
  description = 'JSON file with the input, or - for standard input',
): CliCommand {
  return command
    .required('--input <file>', description, { or: '--set' })
    .option(
      '--set <field=value>',
      'a field of the input, such as customer.name=Acme; may be repeated, and wins over --input',
      (text: string, before: readonly TypedField[] | undefined) => [...(before ?? []), parseField(text)],
    );
}

function parseField(text: string): TypedField {
  const at = text.indexOf('=');
  const path = text.slice(0, Math.max(at, 0)).trim();
  if (path === '' || path.split('.').includes(''))
    throw new InvalidArgumentError('It must be a field and its value, such as customer.name=Acme.');
  return { path, text: text.slice(at + 1) };
}

/** The input that the options give. Refused when a file cannot be read, or a list has no such entry. */
export async function inputOf(entry: CatalogueEntry, { input: file, set = [] }: InputOptions): Promise<unknown> {
  return withFields(entry, file === undefined ? {} : await readInput(file), set);
}

/**
 * An input with these fields. A value is JSON if it is valid JSON and the field takes it, else text: so an id of digits can
 * be typed like any other. The field itself is checked where the whole input is.
 */
export function withFields(entry: CatalogueEntry, input: unknown, fields: readonly TypedField[]): unknown {
  const withValues = (asText: ReadonlySet<string>) =>
    fields.reduce((now, { path, text }) => {
      const parsed = asText.has(path) ? undefined : parseJson(text);
      return withField(now, { path: path.split('.'), value: parsed === undefined ? text : parsed, typed: path });
    }, input);
  const asJson = withValues(new Set());
  const reading = entry.read(asJson);
  if (reading.ok) return asJson;
  const refused = new Set(reading.problems.map(({ path }) => path));
  return withValues(new Set(fields.flatMap(({ path }) => (refused.has(path) ? [path] : []))));
}

interface NewField {
  path: readonly string[];
  value: unknown;
  typed: string;
}

function withField(into: unknown, { path, value, typed }: NewField): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const inner = { path: rest, value, typed };
  if (Array.isArray(into)) {
    const at = /^\d+$/.test(key) ? Number(key) : Number.POSITIVE_INFINITY;
    if (at > into.length)
      throw new TenantryError(
        'refused',
        `--set ${typed}: ${key} is no place in a list of ${into.length}. Count from 0.`,
      );
    return into.toSpliced(at, 1, withField(into[at], inner));
  }
  const fields = typeof into === 'object' && into !== null ? (into as Record<string, unknown>) : {};
  // a computed key never sets a prototype
  return { ...fields, [key]: withField(Object.hasOwn(fields, key) ? fields[key] : undefined, inner) };
}
