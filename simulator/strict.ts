import { badRequest } from './errors.js';
import type { Json } from './router.js';
import { schemas } from './schemas.js';

/** What may stand in one field of a body. */
export interface Field {
  type: 'string' | 'boolean' | 'integer' | 'object' | 'array';
  required?: boolean;
  nullable?: boolean;
  /** Of an object, or of each entry of a list: the fields that are checked. Others may be there. */
  of?: Shape;
}

export type Shape = Record<string, Field>;

const continued = ['agent_manager', 'task_manager'];

/** Refuses what the vendor's schemas forbid and its platform tolerates, with every problem and where it is. */
export function checkStrictly(route: string, body: Json, query: URLSearchParams): void {
  const shape = schemas[route];
  const problems = shape === undefined ? [] : [...unknown(body, shape), ...misfits(body, shape, '')];
  const others = [...query.keys()].filter((name) => !['after', 'before', 'limit'].includes(name));
  if (query.has('after') && others.length > 0 && continued.some((name) => route.includes(name)))
    problems.push(`${others.join(', ')} may not accompany after`);
  if (problems.length > 0) throw badRequest(problems.join('; '));
}

function unknown(body: Json, shape: Shape): string[] {
  return Object.keys(body).flatMap((name) => (name in shape ? [] : [`field ${name} is not allowed`]));
}

function misfits(body: Json, shape: Shape, path: string): string[] {
  return Object.entries(shape).flatMap(([name, field]) => misfit(body[name], field, `${path}${name}`));
}

function misfit(value: unknown, field: Field, path: string): string[] {
  if (value === undefined) return field.required === true ? [`field ${path} is required`] : [];
  if (value === null && field.nullable === true) return [];
  if (!isA(field.type, value)) return [`${path} must be of type ${field.type}`];
  const { of } = field;
  if (of === undefined) return [];
  if (field.type === 'object') return misfits(value as Json, of, `${path}.`);
  return (value as unknown[]).flatMap((one, at) =>
    isA('object', one) ? misfits(one as Json, of, `${path}[${at}].`) : [`${path}[${at}] must be of type object`],
  );
}

function isA(type: Field['type'], value: unknown): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return typeof value === 'bigint' || Number.isInteger(value);
  return typeof value === type && value !== null && !Array.isArray(value);
}
