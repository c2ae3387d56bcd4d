import { inWords } from './words.js';

/** A part of a JSON Schema, as zod writes it. */
export interface SchemaPart {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, SchemaPart>;
  required?: string[];
  items?: SchemaPart;
  anyOf?: SchemaPart[];
  oneOf?: SchemaPart[];
}

interface CommonField {
  /** Where its value is in the input: `customer.name`. */
  path: string;
  label: string;
  hint?: string;
  isRequired: boolean;
  /** Shown at once, although it may be left out. */
  isShown?: boolean;
}

/** A field of a form, made from a schema. What no field fits is typed as JSON. */
export type Field = CommonField &
  (
    | { kind: 'text' | 'number' | 'list' | 'json' }
    | { kind: 'yesNo' | 'choice'; options: string[]; standard?: string }
    | { kind: 'group'; fields: Field[] }
    | { kind: 'oneOf'; forms: Form[] }
  );

/** One of several forms that a value may have. */
export interface Form {
  name: string;
  label: string;
  /** What is given by the choice itself. */
  constants: Record<string, unknown>;
  fields: Field[];
}

/** The fields of an object of a schema. */
export function fieldsOf({ properties = {}, required = [] }: SchemaPart, path = ''): Field[] {
  return Object.entries(properties).map(([name, part]) =>
    fieldOf(part, { name, path: path === '' ? name : `${path}.${name}`, isRequired: required.includes(name) }),
  );
}

interface Place {
  name: string;
  path: string;
  isRequired: boolean;
}

function fieldOf(part: SchemaPart, { name, path, isRequired }: Place): Field {
  const { description, default: standard } = part;
  const common = {
    path,
    label: inWords(name),
    isRequired: isRequired && standard === undefined,
    ...(description !== undefined && { hint: description }),
  };
  const forms = formsOf(part, path);
  if (forms !== undefined) return { ...common, kind: 'oneOf', forms };
  if (part.enum?.every(isText))
    return {
      ...common,
      kind: 'choice',
      options: part.enum,
      ...(isText(standard) && { standard }),
    };
  if (part.type === 'boolean')
    return {
      ...common,
      kind: 'yesNo',
      options: ['true', 'false'],
      ...(standard !== undefined && { standard: JSON.stringify(standard) }),
    };
  if (part.type === 'object' && part.properties !== undefined)
    return { ...common, kind: 'group', fields: fieldsOf(part, path) };
  if (part.type === 'array' && part.items?.type === 'string' && part.items.enum === undefined)
    return { ...common, kind: 'list' };
  if (part.type === 'string') return { ...common, kind: 'text' };
  if (part.type === 'integer' || part.type === 'number') return { ...common, kind: 'number' };
  return { ...common, kind: 'json' };
}

/** The forms of a union of objects; undefined for anything else. */
function formsOf({ anyOf, oneOf }: SchemaPart, path: string): Form[] | undefined {
  const parts = anyOf ?? oneOf;
  if (parts === undefined || parts.some(({ properties }) => properties === undefined)) return undefined;
  return parts.map((part) => {
    const all = Object.entries(part.properties!);
    const constants = Object.fromEntries(
      all.flatMap(([name, { const: is }]) => (is === undefined ? [] : [[name, is]])),
    );
    const rest = Object.fromEntries(all.filter(([name]) => !(name in constants)));
    const fixed = Object.values(constants).map(String);
    const name = [...fixed, ...(fixed.length === 0 ? Object.keys(rest) : [])].join('+');
    const label = fixed.length > 0 ? inWords(fixed.join(' ')) : Object.keys(rest).map(inWords).join(' and ');
    return { name, label, constants, fields: fieldsOf({ ...part, properties: rest }, path) };
  });
}

/** Every field with those inside it, and those of the forms of a union, too, if `withForms`. */
export function allFields(fields: readonly Field[], withForms = true): Field[] {
  return fields.flatMap((field) => {
    if (field.kind === 'group') return [field, ...allFields(field.fields, withForms)];
    if (field.kind !== 'oneOf' || !withForms) return [field];
    return [field, ...allFields(field.forms.flatMap(({ fields: inner }) => inner))];
  });
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
