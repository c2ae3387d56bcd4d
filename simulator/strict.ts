import { badRequest } from './errors.js';
import type { Json } from './router.js';
import { schemas } from './schemas.js';

/** What one field of a body can contain. */
export interface Field {
  type: 'string' | 'boolean' | 'integer' | 'object' | 'array';
  required?: boolean;
  nullable?: boolean;
  /** Fields of an object, or of each entry of a list. Other fields are not checked. */
  of?: Shape;
}

export type Shape = Record<string, Field>;

const continued = ['agent_manager', 'task_manager'];

/** Refuses what the vendor's schemas forbid although its platform accepts it. Reports every problem with its path. */
export function checkStrictly(route: string, body: Json, query: URLSearchParams): void {
  const shape = schemas[route];
  const problems = shape === undefined ? [] : [...unknown(body, shape), ...fieldProblems(body, shape, '')];
  const others = [...query.keys()].filter((name) => !['after', 'before', 'limit'].includes(name));
  if (query.has('after') && others.length > 0 && continued.some((name) => route.includes(name)))
    problems.push(`${others.join(', ')} may not accompany after`);
  if (problems.length > 0) throw badRequest(problems.join('; '));
}

function unknown(body: Json, shape: Shape): string[] {
  return Object.keys(body).flatMap((name) => (name in shape ? [] : [`field ${name} is not allowed`]));
}

function fieldProblems(body: Json, shape: Shape, path: string): string[] {
  return Object.entries(shape).flatMap(([name, field]) => problemsOf(body[name], field, `${path}${name}`));
}

function problemsOf(value: unknown, field: Field, path: string): string[] {
  if (value === undefined) return field.required === true ? [`field ${path} is required`] : [];
  if (value === null && field.nullable === true) return [];
  if (!isA(field.type, value)) return [`${path} must be of type ${field.type}`];
  const { of } = field;
  if (of === undefined) return [];
  if (field.type === 'object') return fieldProblems(value as Json, of, `${path}.`);
  return (value as unknown[]).flatMap((one, at) =>
    isA('object', one) ? fieldProblems(one as Json, of, `${path}[${at}].`) : [`${path}[${at}] must be of type object`],
  );
}

function isA(type: Field['type'], value: unknown): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return typeof value === 'bigint' || Number.isInteger(value);
  return typeof value === type && value !== null && !Array.isArray(value);
}
