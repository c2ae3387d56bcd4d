import type { InputProblem } from '../../contract/errors.js';
import { REPEATED_KEY, repeatedKeys, whereInvalid } from '../../contract/json.js';
import type { Field, Form } from './fields.js';

type Json = Record<string, unknown>;

/** What the inputs of a form hold for a value, by the names of the inputs. */
export function filled(fields: readonly Field[], value: unknown): URLSearchParams {
  const said = new URLSearchParams();
  for (const field of fields) fill(said, field, at(value, field.path));
  return said;
}

function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((one, name) => (one as Json | null | undefined)?.[name], value);
}

/** `root` has the fields of its forms and groups by their whole paths. */
function fill(said: URLSearchParams, field: Field, value: unknown): void {
  if (value === undefined || value === null) return;
  if (field.kind === 'group') return fillAll(said, field.fields, field.path, value);
  if (field.kind === 'oneOf') {
    const form = field.forms.find((one) => fits(one, value as Json));
    if (form === undefined) return;
    said.set(field.path, form.name);
    return fillAll(said, form.fields, field.path, value, inputName(field, form));
  }
  said.set(field.path, textOf(field, value));
}

function fillAll(said: URLSearchParams, fields: readonly Field[], path: string, value: unknown, prefix = path): void {
  for (const field of fields) {
    const inner = new URLSearchParams();
    fill(inner, field, at(value, field.path.slice(path.length + 1)));
    for (const [name, text] of inner) said.set(`${prefix}${name.slice(path.length)}`, text);
  }
}

function fits({ constants, fields }: Form, value: Json): boolean {
  const isSame = Object.entries(constants).every(([name, is]) => value[name] === is);
  return isSame && fields.every(({ isRequired, path }) => !isRequired || value[path.split('.').at(-1)!] !== undefined);
}

function textOf({ kind }: Field, value: unknown): string {
  if (kind === 'json' || (typeof value === 'object' && kind !== 'list')) return JSON.stringify(value, undefined, 2);
  return kind === 'list' && Array.isArray(value) ? value.join('\n') : String(value);
}

/** The prefix of the inputs of one form: two forms may have fields of the same name. */
export function inputName({ path }: Field, { name }: Form): string {
  return `${path}[${name}]`;
}

export interface FormReading {
  input: Json;
  /** What is no JSON. */
  problems: InputProblem[];
}

/** The input that a form says. What is left empty is not given. */
export function readForm(fields: readonly Field[], said: URLSearchParams): FormReading {
  const problems: InputProblem[] = [];
  return { input: readFields(fields, { said, problems, name: (path) => path }) ?? {}, problems };
}

interface Sheet {
  said: URLSearchParams;
  problems: InputProblem[];
  /** The name of the input for a path. */
  name(path: string): string;
}

function readFields(fields: readonly Field[], sheet: Sheet): Json | undefined {
  const entries = fields.map((field) => [field.path.split('.').at(-1)!, readField(field, sheet)] as const);
  const given = entries.filter(([, value]) => value !== undefined);
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

function readField(field: Field, sheet: Sheet): unknown {
  if (field.kind === 'group') return isGiven(field, sheet) ? readFields(field.fields, sheet) : undefined;
  if (field.kind === 'oneOf') {
    const form = field.forms.find(({ name }) => name === sheet.said.get(sheet.name(field.path)));
    if (form === undefined) return undefined;
    const name = (path: string) => `${inputName(field, form)}${path.slice(field.path.length)}`;
    return { ...form.constants, ...readFields(form.fields, { ...sheet, name }) };
  }
  const text = (sheet.said.get(sheet.name(field.path)) ?? '').trim();
  return text === '' ? undefined : readText(field, text, sheet.problems);
}

/** A group that may be left out is given when anything in it is said that is not so anyway. */
function isGiven({ fields, isRequired }: Extract<Field, { kind: 'group' }>, sheet: Sheet): boolean {
  if (isRequired) return true;
  return fields.some((field) => {
    const value = readField(field, { ...sheet, problems: [] });
    const standard = 'standard' in field ? field.standard : undefined;
    return value !== undefined && textOf(field, value) !== standard;
  });
}

function readText({ kind, path }: Field, text: string, problems: InputProblem[]): unknown {
  switch (kind) {
    case 'list':
      return text
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line !== '');
    case 'yesNo':
      return text === 'true';
    case 'number':
      // a text that is no number stays what it is, so that the operation says what is wrong
      return Number.isFinite(Number(text)) ? Number(text) : text;
    case 'json': {
      const { value, problem } = readJson(text);
      if (problem !== undefined) problems.push({ path, message: problem });
      return value;
    }
    case 'text':
    case 'choice':
    case 'group':
    case 'oneOf':
      return text;
  }
}

/** Reads JSON that a person has typed. */
export function readJson(text: string): { value?: unknown; problem?: string } {
  try {
    const value = JSON.parse(text) as unknown;
    const [twice] = repeatedKeys(text);
    return twice === undefined ? { value } : { value, problem: `${twice} ${REPEATED_KEY}` };
  } catch (error) {
    return { problem: `is not valid JSON: ${whereInvalid(text) ?? (error as Error).message}` };
  }
}
