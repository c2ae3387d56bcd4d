/** The parts of a JSON Schema that the page shows. */
export interface Schema {
  $ref?: string;
  type?: string | readonly string[];
  description?: string;
  const?: unknown;
  enum?: readonly unknown[];
  default?: unknown;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  items?: Schema;
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  allOf?: readonly Schema[];
}

/** One field of an input or an answer. */
export interface FieldRow {
  path: string;
  type: string;
  required: boolean;
  about: string;
}

/** Nobody reads deeper. */
const DEEPEST = 6;

/** Every field of a schema, each under the field that holds it. A field that several forms have is there once. */
export function fieldRows(schema: Schema, path = '', depth = 0): FieldRow[] {
  if (depth > DEEPEST) return [];
  const rows = new Map<string, FieldRow>();
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const at = path === '' ? name : `${path}.${name}`;
    const required = schema.required?.includes(name) ?? false;
    rows.set(at, { path: at, type: typeText(field), required, about: aboutText(field) });
    for (const row of fieldRows(field, at, depth + 1)) rows.set(row.path, row);
  }
  if (schema.items !== undefined)
    for (const row of fieldRows(schema.items, `${path}[]`, depth + 1)) rows.set(row.path, row);
  for (const form of formsOf(schema))
    for (const row of fieldRows(form, path, depth + 1)) if (!rows.has(row.path)) rows.set(row.path, row);
  return [...rows.values()];
}

/** Makes a text harmless in HTML. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function formsOf({ anyOf = [], oneOf = [], allOf = [] }: Schema): Schema[] {
  return [...anyOf, ...oneOf, ...allOf];
}

function typeText(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  if (schema.items !== undefined) return `list of ${typeText(schema.items)}`;
  const forms = formsOf(schema);
  if (schema.type === undefined && forms.length > 0) return [...new Set(forms.map(typeText))].join(' or ');
  return schema.type === undefined ? 'any' : [schema.type].flat().join(' or ');
}

function aboutText({ description = '', default: usual }: Schema): string {
  return usual === undefined ? description : `${description} (${JSON.stringify(usual)} unless given)`.trim();
}
