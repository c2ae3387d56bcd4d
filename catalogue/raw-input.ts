import type { InputProblem } from '../contract/errors.js';

/** How large an input may be, as JSON in UTF-8. Bytes. */
export const MOST_INPUT_BYTES = 256 * 1024;

const MOST_LEVELS = 20;
const SHOWN_NAME = 80;
const half = /\p{Surrogate}/u;
const halves = /\p{Surrogate}/gu;

/** Says that an input is too large; undefined when it is not. */
export function whyTooLarge(bytes: number): string | undefined {
  if (bytes <= MOST_INPUT_BYTES) return undefined;
  const inKib = (size: number) => `${Math.ceil(size / 1024)} KiB`;
  return `is ${inKib(bytes)} large; an input has at most ${inKib(MOST_INPUT_BYTES)}`;
}

/** True for an input that could not even be read field by field. */
export function isTooDeep(value: unknown, levels = MOST_LEVELS): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isTooDeep(part, levels - 1));
}

export const TOO_DEEP: InputProblem = { path: 'input', message: `has more than ${MOST_LEVELS} levels` };

/** What no operation accepts, whatever its fields are: each problem with its path. */
export function problemsOfForm(input: unknown): InputProblem[] {
  const problems = problemsAt(input, []);
  if (problems.length > 0) return problems;
  const message = whyTooLarge(Buffer.byteLength(JSON.stringify(input) ?? ''));
  return message === undefined ? [] : [{ path: 'input', message }];
}

function problemsAt(value: unknown, path: readonly string[]): InputProblem[] {
  const problem = (message: string) => [{ path: joinPath(path), message }];
  if (typeof value === 'string') return half.test(value) ? problem(brokenText(value)) : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => {
    const below = [...path, name];
    if (name === '__proto__')
      return [{ path: joinPath(below), message: 'cannot be the name of a field: remove or rename it' }];
    if (half.test(name)) return [{ path: joinPath(below), message: `is a name that ${brokenText(name)}` }];
    return problemsAt(part, below);
  });
}

function brokenText(text: string): string {
  return `has half of a character at position ${text.search(half)} (a lone surrogate): send the whole character`;
}

/** A path as problems show it: names separated by dots, long ones cut off. */
export function joinPath(path: readonly PropertyKey[]): string {
  const names = path.map((part) => String(part).replaceAll(halves, '\uFFFD'));
  return names.map((name) => (name.length > SHOWN_NAME ? `${name.slice(0, SHOWN_NAME)}…` : name)).join('.');
}

/** The input without fields that are null: many systems send null for what is not given. */
export function withoutNulls(value: unknown): unknown {
  return withoutFields(value, (field) => field === null);
}

/** The value without the fields that `drops` names, in it and in everything below it. Elements of lists stay. */
export function withoutFields(value: unknown, drops: (field: unknown) => boolean): unknown {
  if (Array.isArray(value)) return value.map((element) => withoutFields(element, drops));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, field]) => !drops(field));
  return Object.fromEntries(kept.map(([name, field]) => [name, withoutFields(field, drops)]));
}
